#include <algorithm>
#include <array>

#include "actors/parse/helper_replies.hpp"
#include "actors/parse/json_reply.hpp"
#include "actors/parse/reply_text.hpp"
#include "actors/parse/sections.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

const SectionNames verdict_names{"CONSISTENT", "COHERENT", "VALID ACCESS",
                                 "PASSED"};
const std::vector<SectionNames> check_sections{
  verdict_names,
  {"ISSUES FOUND", "ISSUES", "VIOLATIONS FOUND", "VIOLATIONS"},
  {"SEVERITY"},
  {"EXPLANATION"}};

const std::vector<std::string_view> verdict_keys{"passed", "consistent",
                                                 "coherent", "valid_access"};
const std::vector<std::string_view> issue_keys{
  "issues", "issues_found", "violations", "violations_found"};

/// A reply of nothing but labels must not take long.
constexpr std::size_t labels_max = 16;

/// What a reply that names none speaks of: "No issues", "None found".
constexpr std::array<std::string_view, 9> nothing_found{
  "issue",    "issues",          "violation",      "violations", "problem",
  "problems", "inconsistencies", "contradictions", "concerns"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The words of a text in lower case: "**Not** consistent." is not, consistent.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    if (is_letter(c)) {
      if (!inside)
        words.emplace_back();
      words.back() += c;
    }
    inside = is_letter(c);
  }
  for (auto& word : words)
    word = to_lower(word);
  return words;
}

template <std::size_t N>
bool is_one_of(const std::string& word,
               const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// "PASSED:", "**Consistent:**": a label said again, with nothing behind it.
bool is_label(std::string_view line, const std::string& first_word) {
  constexpr std::array<std::string_view, 4> labels{"passed", "consistent",
                                                   "coherent", "valid"};
  if (!is_one_of(first_word, labels))
    return false;
  const auto* word = std::find_if(line.begin(), line.end(), is_letter);
  const auto* end = std::find_if_not(word, line.end(), is_letter);
  const auto* next =
    std::find_if(end, line.end(), [](char c) { return c != '*' && c != ' '; });
  return next != line.end() && *next == ':';
}

/// "Yes." is a verdict, "yes or no" and "No issues" are none.
std::optional<bool> verdict_in(std::string_view text) {
  constexpr std::array<std::string_view, 7> yes_words{
    "yes", "true", "pass", "passed", "consistent", "coherent", "valid"};
  constexpr std::array<std::string_view, 9> no_words{
    "no",           "false",      "fail",    "failed",  "not",
    "inconsistent", "incoherent", "invalid", "violated"};
  const auto line = trim(text).substr(0, trim(text).find('\n'));
  const auto words = words_of(line);
  if (words.empty() || is_label(line, words[0]))
    return std::nullopt;
  const bool yes = is_one_of(words[0], yes_words);
  const bool no = is_one_of(words[0], no_words);
  if (words.size() > 1) {
    // The form of the question, said back: "Yes/No", "Yes or No".
    const bool other =
      is_one_of(words[1], yes_words) || is_one_of(words[1], no_words);
    if (words[1] == "or"
        || (other && line.find_first_of("/|") != std::string_view::npos))
      return std::nullopt;
    if (no && is_one_of(words[1], nothing_found))
      return std::nullopt;
  }
  if (yes == no)
    return std::nullopt;
  return yes;
}

std::optional<bool> object_verdict(const json::Value& object) {
  std::optional<bool> verdict;
  for (const auto key : verdict_keys) {
    const auto* found = member_like(object, {key});
    if (found == nullptr)
      continue;
    const auto said = found->is_boolean() ? std::optional{found->get<bool>()}
                                          : verdict_in(text_of(*found));
    if (!said || (verdict && *verdict != *said))
      return std::nullopt;
    verdict = said;
  }
  return verdict;
}

std::optional<IssueSeverity> severity_in(std::string_view text) {
  for (const auto& word : words_of(text)) {
    if (word == "low" || word == "minor")
      return IssueSeverity::low;
    if (word == "medium" || word == "moderate")
      return IssueSeverity::medium;
    if (word == "high" || word == "critical" || word == "severe")
      return IssueSeverity::high;
  }
  return std::nullopt;
}

/// "None found", "No violations.": said instead of an empty list. "No money
/// for it" is an issue.
bool says_none(const std::string& issue) {
  const auto words = words_of(issue);
  if (words.empty() || words.size() > 4)
    return false;
  return words[0] == "none" || words[0] == "nothing"
         || (words[0] == "no" && words.size() > 1
             && is_one_of(words[1], nothing_found));
}

std::vector<std::string> issues_of(std::vector<std::string> issues) {
  std::erase_if(issues, says_none);
  return field_texts(issues, issues_max, issue_chars_max);
}

CheckReply read_object(const json::Value& object, bool passed) {
  CheckReply reply;
  reply.passed = passed;
  if (const auto* issues = member_like(object, issue_keys))
    reply.issues = issues_of(texts_of(*issues));
  if (const auto* severity = member_like(object, {"severity"}))
    reply.severity = severity_in(text_of(*severity));
  if (const auto* why = member_like(object, {"explanation", "reason"}))
    reply.explanation = field_text(text_of(*why), explanation_chars_max);
  return reply;
}

CheckReply read_sections(const std::vector<Section>& sections, bool passed) {
  CheckReply reply;
  reply.passed = passed;
  reply.issues = issues_of(list_items(sections[1].text));
  reply.severity = severity_in(sections[2].text);
  reply.explanation = field_text(sections[3].text, explanation_chars_max);
  return reply;
}

/// All verdicts that labels give, nothing for one that is neither yes nor no.
std::vector<std::optional<bool>> labelled_verdicts(std::string_view text) {
  std::vector<std::optional<bool>> verdicts;
  while (verdicts.size() < labels_max) {
    // Each name for itself: of several the best would hide the others.
    std::vector<SectionNames> each;
    for (const auto name : verdict_names)
      each.push_back({name});
    const auto sections = sections_of(text, each);
    const Section* first = nullptr;
    for (const auto& section : sections)
      if (section.found && (first == nullptr || section.at < first->at))
        first = &section;
    if (first == nullptr)
      break;
    verdicts.push_back(verdict_in(first->text));
    const auto line_end = text.find('\n', first->at);
    if (line_end == std::string_view::npos)
      break;
    text.remove_prefix(line_end + 1);
  }
  return verdicts;
}

/// An object with a verdict, or one that holds such an object.
const json::Value* judging(const json::Value& object) {
  if (member_like(object, verdict_keys) != nullptr)
    return &object;
  for (const auto& inner : object)
    if (member_like(inner, verdict_keys) != nullptr)
      return &inner;
  return nullptr;
}

Error no_verdict(const std::string& why) { return {Errc::reply_invalid, why}; }

} // namespace

Result<CheckReply> parse_check(const Reply& reply) {
  const auto text = without_thoughts(reply.text);
  const auto sections = sections_of(text, check_sections);
  const auto labelled = labelled_verdicts(text);
  const auto objects = objects_in(text);

  std::vector<std::optional<bool>> said = labelled;
  const json::Value* object = nullptr;
  for (const auto& found : objects)
    // Within a sentence an object may be a quotation.
    if (found.starts_line || labelled.empty())
      if (const auto* one = judging(found.value)) {
        said.push_back(object_verdict(*one));
        if (object == nullptr)
          object = one;
      }
  const bool cut = reply.finish == FinishReason::length;
  if (object == nullptr && cut)
    return tl::unexpected(
      no_verdict("the reply was cut at its longest length"));
  if (said.empty())
    return tl::unexpected(no_verdict(reply.finish == FinishReason::refusal
                                       ? "the model declined to answer"
                                       : "there is no verdict"));
  for (const auto& one : said) {
    if (!one)
      return tl::unexpected(
        no_verdict("the verdict is neither a yes nor a no"));
    if (*one != *said.front())
      return tl::unexpected(no_verdict("there are two different verdicts"));
  }
  auto read = object != nullptr ? read_object(*object, *said.front())
                                : read_sections(sections, *said.front());
  read.raw = reply.text;
  return read;
}

} // namespace lab::actors
