#pragma once

#include <ostream>
#include <string>

namespace lab::sweeps {

/// A faulty manifest: what is wrong, where, and how to mend it.
struct Fault {
  const char* name;
  std::string text;
  std::string line; // "code@line: message"
  std::string help; // within some help; empty: none is promised
};

inline void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

/// The manifest is refused with this finding.
void expect_found(const Fault& fault);

/// Three good lines; what follows begins on line 4.
std::string after(const std::string& more);

/// Two good factors on lines 5 and 6, one with two values and one with a range;
/// what follows begins on line 7.
std::string with_factors(const std::string& more);

/// One factor on line 5 and a grid of it.
std::string factor(const std::string& factor);

} // namespace lab::sweeps
