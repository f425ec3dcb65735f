#include "sweeps/batch/batch_upgrade.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "runtime/base/text.hpp"
#include "sweeps/batch/batch_file.hpp"
#include "sweeps/batch/manifest_text.hpp"

namespace lab::sweeps {

namespace {

/// Where a comment begins in a line; nothing for none. A `#` in quotes is text.
std::optional<std::size_t> comment_in(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"')
        ++i;
      else if (c == quote)
        quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#'
               && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
      return i;
    }
  }
  return std::nullopt;
}

/// Marks lines that lie within a text: a `#` there is no comment.
void mark_texts(const yaml::Node& node, std::vector<bool>& within) {
  if (node.kind == yaml::Kind::scalar)
    for (int line = node.mark.line + 1;
         line <= node.end.line && line < static_cast<int>(within.size());
         ++line)
      within[static_cast<std::size_t>(line)] = true;
  for (const auto& item : node.items)
    mark_texts(item, within);
  for (const auto& entry : node.entries)
    mark_texts(entry.value, within);
}

struct Comments {
  std::string head; // the lines before everything
  std::map<int, LineComments> by_line;
};

Comments comments_of(const yaml::Document& batch) {
  std::vector<bool> within(batch.lines.size() + 1, false);
  mark_texts(batch.root, within);
  Comments made;
  std::string above;
  bool started = false;
  for (std::size_t i = 0; i < batch.lines.size(); ++i) {
    if (within[i + 1])
      continue;
    const std::string_view line = batch.lines[i];
    const auto content = trim(line);
    if (content.empty()) {
      // A blank line parts the head from what speaks of the first key.
      if (!started && !above.empty())
        made.head = std::exchange(above, {}) + "\n";
      continue;
    }
    const auto at = comment_in(line);
    if (content.front() == '#') {
      above += std::string{content} + "\n";
      continue;
    }
    started = true;
    LineComments here{std::exchange(above, {}),
                      at ? std::string{trim(line.substr(*at))} : ""};
    if (!here.above.empty() || !here.behind.empty())
      made.by_line[static_cast<int>(i) + 1] = std::move(here);
  }
  if (!above.empty())
    made.by_line[static_cast<int>(batch.lines.size()) + 1] = {above, ""};
  return made;
}

} // namespace

std::optional<std::string> upgraded_batch(const yaml::Document& batch,
                                          Findings& findings) {
  const auto manifest = manifest_of_batch(batch, findings);
  if (!manifest)
    return std::nullopt;
  auto comments = comments_of(batch);
  // The first key is ours; what stood above the old first key follows it.
  auto root = manifest->root;
  for (auto& entry : root.entries)
    if (entry.key == "schema")
      entry.key_mark = {};
  auto text = comments.head + manifest_text(root, comments.by_line);
  for (const auto& [line, left] : comments.by_line) {
    text += left.above;
    if (!left.behind.empty())
      text += left.behind + "\n";
  }
  return text;
}

} // namespace lab::sweeps
