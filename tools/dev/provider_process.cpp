#include "tools/dev/provider_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lab::tools {

namespace {

constexpr pid_t none = -1;

/// The first line, or what came of it.
std::string first_line(int file) {
  std::string line;
  char byte = 0;
  while (::read(file, &byte, 1) == 1 && byte != '\n')
    line += byte;
  return line;
}

} // namespace

Result<ProviderProcess>
ProviderProcess::start(const std::string& program,
                       std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program);
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (auto& argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);

  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0)
    return fail(Errc::provider_unreachable, std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, pipe[0]);
  pid_t pid = none;
  const int failed = ::posix_spawn(&pid, program.c_str(), &actions, nullptr,
                                   argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  const auto line = failed == 0 ? first_line(pipe[0]) : std::string{};
  ::close(pipe[0]);

  unsigned port = 0;
  if (failed == 0 && std::sscanf(line.c_str(), "port %u", &port) == 1)
    return ProviderProcess{pid, static_cast<std::uint16_t>(port)};
  if (failed == 0)
    ProviderProcess{pid, 0}; // ends it
  return fail(Errc::provider_unreachable,
              program + " did not start: '" + line + "'");
}

ProviderProcess::ProviderProcess(ProviderProcess&& other) noexcept
  : pid_(std::exchange(other.pid_, none)), port_(other.port_) {}

ProviderProcess::~ProviderProcess() {
  if (pid_ == none)
    return;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

} // namespace lab::tools
