#include "tools/cli/editor.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <spawn.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "runtime/base/text.hpp"

extern char** environ; // NOLINT(readability-redundant-declaration)

namespace lab::tools {

namespace {

/// Settings of the terminal, put back whatever an editor left behind.
class KeepTerminal {
public:
  KeepTerminal() : known_(tcgetattr(STDIN_FILENO, &settings_) == 0) {}
  ~KeepTerminal() {
    if (known_)
      tcsetattr(STDIN_FILENO, TCSADRAIN, &settings_);
  }
  KeepTerminal(const KeepTerminal&) = delete;
  KeepTerminal& operator=(const KeepTerminal&) = delete;

private:
  termios settings_{};
  bool known_;
};

/// A program that has signals as a shell would give them, and this terminal
/// for its output even when ours goes to a file.
Result<int> start(const std::string& command, const std::string& path) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&how, &none);
  sigset_t ignored_here;
  sigemptyset(&ignored_here);
  sigaddset(&ignored_here, SIGPIPE);
  sigaddset(&ignored_here, SIGXFSZ);
  posix_spawnattr_setsigdefault(&how, &ignored_here);
  posix_spawnattr_setflags(&how,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  // `exec`, so that ending the shell ends the editor.
  auto script = "exec " + command + " \"$1\"";
  std::string shell = "sh";
  std::string option = "-c";
  auto file = path;
  char* words[]{shell.data(), option.data(), script.data(),
                shell.data(), file.data(),   nullptr};
  pid_t pid = 0;
  const auto error = posix_spawn(&pid, "/bin/sh", &files, &how, words, environ);
  posix_spawnattr_destroy(&how);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0)
    return fail(Errc::invalid_input,
                "`" + command + "`: " + std::strerror(error));
  return pid;
}

} // namespace

std::string editor_of(const llm::Environment& environment) {
  for (const auto* name : {"VISUAL", "EDITOR"})
    if (const auto wanted = environment(name); wanted && !trim(*wanted).empty())
      return std::string{trim(*wanted)};
  const auto folders = split(environment("PATH").value_or(""), ':');
  for (const auto* name : {"editor", "nano", "vi"})
    for (const auto& folder : folders)
      if (!folder.empty() && access((folder + "/" + name).c_str(), X_OK) == 0)
        return name;
  return {};
}

Result<void> Editor::open(const std::string& path) {
  if (command_.empty())
    return fail(Errc::invalid_input, "there is no editor; name one in $EDITOR");
  const KeepTerminal keep;
  pid_t pid = 0;
  {
    const std::lock_guard lock{guard_};
    if (ended_)
      return {};
    LAB_TRY(pid_, start(command_, path));
    pid = pid_;
  }
  // Waited for without reaping, so that `end` never meets a stranger's id.
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0
         && errno == EINTR) {
  }
  int status = 0;
  const std::lock_guard lock{guard_};
  pid_ = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (ended_ || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
    return {};
  return fail(Errc::invalid_input,
              "`" + command_ + "` "
                + (WIFEXITED(status) ? "ended with status "
                                         + std::to_string(WEXITSTATUS(status))
                                     : "was ended by a signal"));
}

void Editor::end() {
  const std::lock_guard lock{guard_};
  ended_ = true;
  if (pid_ > 0)
    kill(pid_, SIGTERM);
}

} // namespace lab::tools
