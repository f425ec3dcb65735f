#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.hpp"

namespace lab::actors {

/// A compiled pattern. Scenarios were written for Python's `re`: matching is
/// case-insensitive and knows Unicode, and the few spellings in which PCRE2
/// differs (`\Z`, `\uXXXX`, `{,n}`) are translated.
///
/// A search is bounded: text that makes a pattern backtrack beyond the limits
/// ends in an error, never in a hang. Not to be shared between threads.
class Pattern {
public:
  /// @errors invalid_input: what is wrong, and where
  static Result<Pattern> compile(std::string_view python);
  /// Matches the texts themselves; where several begin at one place, the first
  /// named wins. Group i + 1 is `texts[i]`.
  /// @param whole_words  not within a longer word
  static Pattern any_of(const std::vector<std::string>& texts,
                        bool whole_words);

  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  /// Group 0 is the whole match; a group that took no part is empty.
  using Groups = std::vector<std::string_view>;
  /// Calls `take` for each match from left to right, none overlapping.
  /// @errors invalid_input: the search was given up
  Result<void> each_match(const std::string& text,
                          const std::function<void(const Groups&)>& take) const;

private:
  struct Code;
  explicit Pattern(std::unique_ptr<Code> code);
  std::unique_ptr<Code> code_;
};

/// What a loader asks before a scenario is accepted.
/// @errors invalid_input
Result<void> check_pattern(const std::string& pattern);

} // namespace lab::actors
