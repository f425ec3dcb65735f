#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "sweeps/expression/expression.hpp"

// Internal to this folder.

namespace lab::sweeps {

enum class TokenKind { number, duration, text, name, sign, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;  // the name, the sign, the text without its quotes
  double number = 0; // seconds of a duration; a percentage is its share
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Takes a text to pieces; the last token is `end`.
tl::expected<std::vector<Token>, ExpressionError>
tokens_of(std::string_view text);

} // namespace lab::sweeps
