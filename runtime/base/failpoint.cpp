#include "runtime/base/failpoint.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>

namespace lab {

namespace {

struct Target {
  std::string name; // empty: any
  long visit = 0;   // 0: never
};

Target read_target() {
  const char* text = std::getenv("SCENARIO_LAB_KILL_AT");
  if (text == nullptr)
    return {};
  const std::string setting{text};
  const auto colon = setting.find(':');
  if (colon == std::string::npos)
    return {"", std::strtol(text, nullptr, 10)};
  return {setting.substr(0, colon),
          std::strtol(setting.c_str() + colon + 1, nullptr, 10)};
}

} // namespace

void failpoint(const char* name) {
  static const Target target = read_target();
  static std::atomic<long> visits{0};
  if (target.visit == 0 || (!target.name.empty() && target.name != name))
    return;
  if (++visits == target.visit)
    std::raise(SIGKILL);
}

} // namespace lab
