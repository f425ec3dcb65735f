#include "tests/unit/actors/reply_table.hpp"

#include <fstream>
#include <sstream>

#include "runtime/base/text.hpp"

namespace lab::testing {

namespace {

constexpr std::string_view case_mark = "@case ";
constexpr std::string_view cut_mark = "@cut ";

bool starts_with(const std::string& line, std::string_view mark) {
  return std::string_view{line}.substr(0, mark.size()) == mark;
}

ReplyCase case_named(std::string name) {
  ReplyCase row;
  if (starts_with(name, cut_mark)) {
    row.reply.finish = FinishReason::length;
    name.erase(0, cut_mark.size());
  }
  row.name = std::move(name);
  return row;
}

} // namespace

std::vector<ReplyCase> read_replies(const std::string& file) {
  std::ifstream in{std::string{LAB_SOURCE_DIR} + "/tests/data/replies/" + file,
                   std::ios::binary};
  std::ostringstream content;
  content << in.rdbuf();
  std::vector<ReplyCase> rows;
  bool in_reply = false;
  for (const auto& line : split(content.str(), '\n')) {
    if (starts_with(line, case_mark)) {
      rows.push_back(case_named(line.substr(case_mark.size())));
      in_reply = true;
    } else if (line == "@expect") {
      in_reply = false;
    } else if (in_reply) {
      rows.back().reply.text += line + '\n';
    } else if (const auto colon = line.find(": ");
               !rows.empty() && colon != std::string::npos) {
      rows.back().expected[line.substr(0, colon)] = line.substr(colon + 2);
    }
  }
  return rows;
}

std::string one_line(const std::string& text) {
  return join(split(text, '\n'), "\\n");
}

std::string one_line(const std::vector<std::string>& texts) {
  return one_line(join(texts, " | "));
}

} // namespace lab::testing
