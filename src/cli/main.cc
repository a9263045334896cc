#include "cli/command.h"

int main(int argc, char** argv) { return wcheck::cli::Main(argc, argv); }
