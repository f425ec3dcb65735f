#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/model/chat.hpp"

namespace lab::testing {

/// One row of a table of replies; the form is told in
/// tests/data/replies/decisions.txt.
struct ReplyCase {
  std::string name;
  Reply reply;
  std::map<std::string, std::string> expected;
};

std::vector<ReplyCase> read_replies(const std::string& file);

/// "a | b", line ends as `\n`.
std::string one_line(const std::string& text);
std::string one_line(const std::vector<std::string>& texts);

} // namespace lab::testing
