// Calls over loopback HTTP, zero latency: the bare client is the reference
// that the engine is compared with, in one run, on one server.
#include <cstdio>
#include <filesystem>
#include <string>

#include "bench/bare_client.hpp"
#include "bench/report.hpp"
#include "tools/dev/provider_process.hpp"

namespace {

using namespace lab;
using namespace lab::bench;

constexpr std::int64_t connections = 100;
constexpr std::int64_t calls = 100'000;

/// A request of about 2 KB, as a participant's turn has it.
std::string request_body() {
  std::string prompt;
  while (prompt.size() < 2000)
    prompt += "The delegation weighs cost, trust and time before it moves. ";
  return R"({"model":"tiny","messages":[{"role":"user","content":")" + prompt
         + R"("}],"max_tokens":200})";
}

/// All our programs stand in one folder.
std::string provider_program() {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return (self.parent_path() / "fake_provider").string();
}

} // namespace

int main() {
  const auto provider =
    tools::ProviderProcess::start(provider_program(), {"--fsync", "off"});
  if (!provider) {
    std::fprintf(stderr, "%s\n", to_string(provider.error()).c_str());
    return 1;
  }
  const auto body = request_body();
  run_bare_client(provider->port(), connections, calls / 10, body); // warm up
  const auto bare = run_bare_client(provider->port(), connections, calls, body);
  report("loopback", {"bare keep-alive client, " + std::to_string(connections)
                        + " connections",
                      bare.per_second(),
                      "calls/s",
                      "",
                      {}});
  return bare.failed == 0 ? 0 : 1;
}
