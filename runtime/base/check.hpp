#pragma once

#include <string>

namespace lab {

/// Writes the finding to the log and to stderr, then aborts. The journal makes
/// a restart cheap; a wrong balance is not.
[[noreturn]] void check_failed(const char* file, int line, const char* what,
                               const std::string& facts);

} // namespace lab

/// Our own bug, in every build: `LAB_CHECK(held >= zero, "account=" + name);`
#define LAB_CHECK(condition, facts)                                            \
  do {                                                                         \
    if (!(condition)) [[unlikely]]                                             \
      ::lab::check_failed(__FILE__, __LINE__, #condition, facts);              \
  } while (false)
