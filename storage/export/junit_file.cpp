#include "storage/export/junit_file.hpp"

#include <cstdio>
#include <map>

#include "runtime/base/text.hpp"

namespace lab::storage {

namespace {

/// Inside an attribute. Line ends become blanks, as parsers would make them.
std::string attribute(const std::string& text) {
  std::string out;
  for (const char c : printable(to_utf8(text))) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c == '\n' || c == '\t' ? ' ' : c;
  }
  return out;
}

/// "12.345": seconds from start to end.
std::string seconds(const RunRow& run) {
  const auto ms = run.started_at > 0 && run.ended_at > run.started_at
                    ? run.ended_at - run.started_at
                    : 0;
  char text[40];
  std::snprintf(text, sizeof text, "%lld.%03lld",
                static_cast<long long>(ms / 1'000),
                static_cast<long long>(ms % 1'000));
  return text;
}

struct Suite {
  std::int64_t tests = 0;
  std::int64_t failures = 0;
  std::int64_t skipped = 0;
  std::string cases;

  void add(const std::string& sweep, const RunRow& run) {
    ++tests;
    cases += "    <testcase classname=\"" + attribute(sweep + "." + run.point)
             + "\" name=\"" + attribute(run.name) + "\" time=\"" + seconds(run)
             + "\"";
    if (run.status == RunStatus::completed) {
      cases += "/>\n";
    } else if (run.status == RunStatus::failed) {
      ++failures;
      cases += ">\n      <failure type=\""
               + attribute(std::string{to_string(run.code)}) + "\" message=\""
               + attribute(run.reason) + "\"/>\n    </testcase>\n";
    } else {
      ++skipped;
      cases += ">\n      <skipped message=\""
               + attribute(std::string{to_string(run.status)}
                           + (run.reason.empty() ? "" : ": " + run.reason))
               + "\"/>\n    </testcase>\n";
    }
  }

  std::string counts() const {
    return " tests=\"" + std::to_string(tests) + "\" failures=\""
           + std::to_string(failures) + "\" skipped=\""
           + std::to_string(skipped) + "\"";
  }
};

} // namespace

std::string junit_file(const std::string& sweep,
                       const std::vector<RunRow>& runs) {
  std::map<std::string, Suite> suites;
  std::vector<std::string> order;
  Suite all;
  for (const auto& run : runs) {
    const auto [entry, fresh] = suites.try_emplace(run.point);
    if (fresh)
      order.push_back(run.point);
    entry->second.add(sweep, run);
    all.add(sweep, run);
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"
                    + std::string{" name=\""} + attribute(sweep) + "\""
                    + all.counts() + ">\n";
  for (const auto& point : order) {
    const auto& suite = suites[point];
    out += "  <testsuite name=\"" + attribute(sweep + "." + point) + "\""
           + suite.counts() + ">\n" + suite.cases + "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

} // namespace lab::storage
