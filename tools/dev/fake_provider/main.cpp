// A language-model server on loopback, for tests: see tools/dev/README.md.
#include <cstdio>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "tools/dev/fake_provider/options.hpp"
#include "tools/dev/fake_provider/server.hpp"

namespace {

using namespace lab;
using namespace lab::tools::fake;

constexpr int exit_usage = 2;
constexpr int exit_failed = 74;

int complain(const Error& error, int exit_code) {
  std::fprintf(stderr, "fake_provider: %s\n", error.context.c_str());
  return exit_code;
}

/// Each connection is a file; the usual soft limit is 1,024.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

Result<FaultScript> script_of(const Options& options) {
  if (options.faults.empty())
    return FaultScript{};
  return FaultScript::load(options.faults, options.seed);
}

} // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments == std::vector<std::string>{"--help"}) {
    std::fputs(usage().c_str(), stdout);
    return 0;
  }
  const auto options = parse_options(arguments);
  if (!options)
    return complain(options.error(), exit_usage);
  auto script = script_of(*options);
  if (!script)
    return complain(script.error(), exit_usage);
  auto log = BillingLog::open(options->log, options->fsync);
  if (!log)
    return complain(log.error(), exit_failed);
  raise_file_limit();
  const auto served =
    serve(*options, Provider{*options, std::move(*script)}, std::move(*log));
  return served ? 0 : complain(served.error(), exit_failed);
}
