#include "runtime/base/check.hpp"

#include <cstdio>
#include <cstdlib>

#include "runtime/base/log.hpp"

namespace lab {

void check_failed(const char* file, int line, const char* what,
                  const std::string& facts) {
  log_error("check-failed", {{"file", file},
                             {"line", std::to_string(line)},
                             {"check", what},
                             {"facts", facts}});
  flush_log();
  std::fprintf(stderr,
               "error[R990]: a bug in Scenario Lab: %s (%s) at %s:%d\n"
               "   = note: what was journalled is safe; repeat the command to "
               "go on\n",
               what, facts.c_str(), file, line);
  std::abort();
}

} // namespace lab
