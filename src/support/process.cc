// posix_spawn with two pipes. Both are read with poll at the same time: a child that fills one pipe
// while the other is being read would block forever.
#include "support/process.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/limits.h"

extern char** environ;  // NOLINT: the name is POSIX's

namespace wcheck {
namespace {

// Both ends are closed in child processes (CLOEXEC), and by the destructor.
class Pipe {
 public:
  Pipe() { ok_ = pipe2(ends_, O_CLOEXEC) == 0; }
  ~Pipe() {
    CloseRead();
    CloseWrite();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool ok() const { return ok_; }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void CloseRead() { Close(&ends_[0]); }
  void CloseWrite() { Close(&ends_[1]); }

 private:
  static void Close(int* end) {
    if (*end >= 0) close(*end);
    *end = -1;
  }

  int ends_[2] = {-1, -1};
  bool ok_ = false;
};

Error CannotRun(const std::string& program, int code) {
  return Error{{},
               "cannot run '" + program + "': " + std::generic_category().message(code),
               code == ENOENT ? "install it, or check that it is in PATH" : ""};
}

std::vector<char*> EnvironmentWithout(const std::vector<std::string_view>& unset) {
  std::vector<char*> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const std::string_view name = text.substr(0, text.find('='));
    if (std::find(unset.begin(), unset.end(), name) == unset.end()) variables.push_back(*variable);
  }
  variables.push_back(nullptr);
  return variables;
}

// Reads both pipes to their ends, whichever has data. Reading one after the other could deadlock.
// False once there is too much.
bool ReadBoth(Pipe* out, Pipe* err, ProcessOutput* output) {
  Pipe* pipes[] = {out, err};
  std::string* texts[] = {&output->out, &output->err};
  char buffer[1 << 16];
  while (out->read_end() >= 0 || err->read_end() >= 0) {
    // A closed pipe is a negative number, which poll ignores.
    pollfd waiting[] = {{out->read_end(), POLLIN, 0}, {err->read_end(), POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0 && errno != EINTR) return true;
    for (int i = 0; i < 2; ++i) {
      if (waiting[i].revents == 0) continue;
      const ssize_t got = read(pipes[i]->read_end(), buffer, sizeof buffer);
      if (got > 0) {
        texts[i]->append(buffer, static_cast<size_t>(got));
        if (output->out.size() + output->err.size() > kMaxProcessOutput) return false;
      } else if (got == 0 || errno != EINTR) {
        pipes[i]->CloseRead();
      }
    }
  }
  return true;
}

}  // namespace

Result<ProcessOutput> RunProcess(const std::vector<std::string>& words,
                                 const std::vector<std::string_view>& unset) {
  Pipe out;
  Pipe err;
  if (!out.ok() || !err.ok()) return CannotRun(words[0], errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write_end(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write_end(), STDERR_FILENO);
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> variables = EnvironmentWithout(unset);
  // What this program ignores, the child shall not.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t restored;
  sigemptyset(&restored);
  sigaddset(&restored, SIGXFSZ);
  posix_spawnattr_setsigdefault(&attributes, &restored);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, argv[0], &actions, &attributes, argv.data(), variables.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return CannotRun(words[0], failed);
  out.CloseWrite();
  err.CloseWrite();
  ProcessOutput output;
  const bool complete = ReadBoth(&out, &err, &output);
  if (!complete) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return CannotRun(words[0], errno);
  }
  if (!complete) {
    return Error{{},
                 "'" + words[0] + "' printed more than the limit of " +
                     std::to_string(kMaxProcessOutput) + " bytes",
                 "docs/limits.md lists the limits"};
  }
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return output;
}

}  // namespace wcheck
