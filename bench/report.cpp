#include "bench/report.hpp"

#include <cstdio>

#include "runtime/base/text.hpp"

namespace lab::bench {

void report(const std::string& bench, const Figure& figure) {
  std::string line = R"({"bench":)" + json_quote(bench) + R"(,"what":)"
                     + json_quote(figure.what) + R"(,"value":)"
                     + std::to_string(figure.value) + R"(,"unit":)"
                     + json_quote(figure.unit);
  if (!figure.aim.empty())
    line += R"(,"aim":)" + json_quote(figure.aim);
  if (figure.met)
    line += R"(,"met":)" + std::string{*figure.met ? "true" : "false"};
  std::puts((line + "}").c_str());
  std::fflush(stdout);
}

} // namespace lab::bench
