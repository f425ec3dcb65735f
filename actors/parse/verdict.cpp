#include "actors/parse/verdict.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "actors/parse/json_reply.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

using Words = std::vector<std::string>;

/// A short answer stands at the beginning; what follows is explanation.
constexpr std::size_t words_max = 24;
constexpr std::size_t choice_words = 3; // "yes or no"

/// The words of the first sentence, in small letters. Bytes above ASCII and
/// apostrophes belong to words; U+2019 is read as an apostrophe.
Words first_sentence(std::string_view text) {
  constexpr std::string_view curly = "\u2019";
  Words words;
  std::string word;
  const auto finish = [&] {
    // "1. Accept" is an item of a list, not a sentence that ends after "1".
    const bool number = word.find_first_not_of("0123456789") == word.npos;
    if (!number)
      words.push_back(std::move(word));
    word.clear();
  };
  const auto text_trimmed = trim(text);
  for (std::size_t i = 0; i < text_trimmed.size() && words.size() < words_max;
       ++i) {
    const char c = text_trimmed[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9') || c == '\'';
    if (text_trimmed.substr(i, curly.size()) == curly) {
      word += '\'';
      i += curly.size() - 1;
    } else if (letter || static_cast<unsigned char>(c) >= 0x80) {
      word += to_lower(std::string_view{&c, 1});
    } else {
      finish();
      constexpr std::string_view ends = ".!?;\n";
      if (ends.find(c) != std::string_view::npos && !words.empty())
        break;
    }
  }
  finish();
  return words;
}

template <std::size_t N>
bool is_one_of(const std::string& word,
               const std::array<std::string_view, N>& known) {
  return std::find(known.begin(), known.end(), word) != known.end();
}

constexpr std::array<std::string_view, 12> yes_words{
  "yes", "y",   "true",    "yeah", "yep", "sure",
  "ja",  "oui", "s\u00ed", "si",   "sim", "tak"};
constexpr std::array<std::string_view, 9> no_words{
  "no", "n", "false", "nope", "nein", "non", "n\u00e3o", "nie", "none"};

constexpr std::array<std::string_view, 12> accept_words{
  "accept", "accepts", "accepted", "accepting", "agree",   "agrees",
  "agreed", "join",    "joins",    "joined",    "joining", "yes"};
constexpr std::array<std::string_view, 16> reject_words{
  "reject",   "rejects",   "rejected", "rejecting", "decline", "declines",
  "declined", "declining", "refuse",   "refuses",   "refused", "disagree",
  "no",       "nein",      "abstain",  "withdraw"};
constexpr std::array<std::string_view, 13> negations{
  "not", "cannot", "can't",  "won't",   "don't", "never",   "neither",
  "nor", "unable", "hardly", "doesn't", "isn't", "wouldn't"};
constexpr std::array<std::string_view, 9> conditions{
  "if",     "unless",        "provided",    "only", "conditional",
  "except", "conditionally", "conditioned", "until"};

template <std::size_t N>
bool any_of_them(const Words& words,
                 const std::array<std::string_view, N>& known) {
  return std::any_of(words.begin(), words.end(),
                     [&](const auto& word) { return is_one_of(word, known); });
}

std::optional<bool> truth_of(const json::Value& value) {
  if (value.is_boolean())
    return value.get<bool>();
  if (value.is_number_integer() && (value == 0 || value == 1))
    return value == 1;
  return std::nullopt;
}

} // namespace

std::optional<bool> yes_or_no(std::string_view text) {
  const auto words = first_sentence(text);
  if (words.empty())
    return std::nullopt;
  const Words choice{words.begin(), words.begin()
                                      + static_cast<std::ptrdiff_t>(
                                        std::min(words.size(), choice_words))};
  const bool yes = any_of_them(choice, yes_words);
  const bool no = any_of_them(choice, no_words);
  if (yes == no)
    return std::nullopt;
  // "we say yes" is no plain answer.
  const bool plain =
    is_one_of(words.front(), yes_words) || is_one_of(words.front(), no_words);
  return plain ? std::optional{yes} : std::nullopt;
}

std::optional<bool> acceptance(std::string_view text) {
  const auto words = first_sentence(text);
  const bool accepts = any_of_them(words, accept_words)
                       || (!words.empty() && is_one_of(words[0], yes_words));
  const bool rejects = any_of_them(words, reject_words);
  const bool negated = any_of_them(words, negations);
  if (accepts == rejects)
    return std::nullopt; // both: "accept/reject"; neither: anything
  if (rejects)
    return negated ? std::nullopt : std::optional{false};
  if (negated)
    return false; // "I cannot accept this"
  if (any_of_them(words, conditions))
    return false; // a condition is an offer of one's own
  return true;
}

std::optional<bool> yes_or_no_in(const json::Value& value) {
  if (const auto truth = truth_of(value))
    return truth;
  return yes_or_no(text_of(value));
}

std::optional<bool> acceptance_in(const json::Value& value) {
  if (const auto truth = truth_of(value))
    return truth;
  return acceptance(text_of(value));
}

bool says_none(std::string_view text) {
  constexpr std::array<std::string_view, 9> nothings{
    "none",      "no one", "nobody",      "n/a",       "nothing",
    "no answer", "null",   "no response", "no message"};
  auto word = to_lower(trim(text));
  const auto is_edge = [](char c) {
    constexpr std::string_view edges = " \t\r\n\"'`*_()[]<>.-";
    return edges.find(c) != std::string_view::npos;
  };
  while (!word.empty() && is_edge(word.back()))
    word.pop_back();
  const auto begin = std::find_if_not(word.begin(), word.end(), is_edge);
  word.erase(word.begin(), begin);
  return word.empty()
         || std::find(nothings.begin(), nothings.end(), word) != nothings.end();
}

} // namespace lab::actors
