// Reports on one model class as `wcheck check` does: write_report MAPPING LAYOUTS CLASS
#include <iostream>

#include <llvm/Support/raw_ostream.h>

#include <wcheck/report.h>
#include <wcheck/wcheck.h>

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto verdict = wcheck::CheckModel(argv[1], argv[2], argv[3]);
  if (!verdict) return std::cerr << verdict.error().ToString() << '\n', 2;
  const wcheck::ReportInput input{
      .judgement = verdict->judgement, .checks = {}, .version = wcheck::kVersion};
  wcheck::WriteTextReport(input, &llvm::outs());
}
