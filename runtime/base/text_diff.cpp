#include "runtime/base/text_diff.hpp"

#include <sstream>
#include <vector>

#include <dtl/dtl.hpp>

namespace lab {

namespace {

constexpr const char* no_line_end = "\\ No newline at end of file";

/// The lines; the mark of a missing line end is a part of the last.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = text.find('\n', at);
    if (end == std::string::npos) {
      lines.push_back(text.substr(at) + "\n" + no_line_end);
      break;
    }
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

} // namespace

std::string unified_diff(const std::string& before, const std::string& after,
                         const std::string& before_name,
                         const std::string& after_name) {
  if (before == after)
    return {};
  dtl::Diff<std::string> diff{lines_of(before), lines_of(after)};
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  std::ostringstream out;
  out << "--- " << before_name << "\n+++ " << after_name << "\n";
  diff.printUnifiedFormat(out);
  return out.str();
}

} // namespace lab
