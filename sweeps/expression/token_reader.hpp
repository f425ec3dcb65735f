#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "sweeps/expression/lexer.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Tokens, one after the other. The last is `end` and is never passed.
class TokenReader {
public:
  explicit TokenReader(std::vector<Token> tokens)
    : tokens_(std::move(tokens)) {}

  const Token& here() const { return tokens_[at_]; }
  const Token& peek() const {
    return tokens_[std::min(at_ + 1, tokens_.size() - 1)];
  }
  Token next() {
    const auto& token = tokens_[at_];
    if (token.kind != TokenKind::end)
      ++at_;
    return token;
  }
  bool at_sign(std::string_view sign) const {
    return here().kind == TokenKind::sign && here().text == sign;
  }
  bool at_word(std::string_view word) const {
    return here().kind == TokenKind::name && here().text == word;
  }

private:
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

} // namespace lab::sweeps
