#include "sweeps/expression/lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace lab::sweeps {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c)
         || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// Seconds of a unit; 0 for what is none.
double seconds_in(std::string_view unit) {
  if (unit == "s")
    return 1;
  if (unit == "m")
    return 60;
  if (unit == "h")
    return 3'600;
  return unit == "d" ? 86'400 : 0;
}

class Lexer {
public:
  explicit Lexer(std::string_view text) : text_(text) {}

  tl::expected<std::vector<Token>, ExpressionError> read() {
    while (true) {
      while (at_ < text_.size()
             && std::string_view{" \t\r\n"}.find(text_[at_])
                  != std::string_view::npos)
        ++at_;
      if (at_ == text_.size())
        break;
      auto token = next();
      if (!token)
        return tl::unexpected(std::move(token.error()));
      at_ = token->end;
      made_.push_back(std::move(*token));
    }
    made_.push_back({TokenKind::end, {}, 0, text_.size(), text_.size()});
    return std::move(made_);
  }

private:
  using Read = tl::expected<Token, ExpressionError>;

  Read next() const {
    const char c = text_[at_];
    if (is_digit(c)
        || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])))
      return number();
    if (is_word(c))
      return name();
    if (c == '\'' || c == '"')
      return text(c);
    return sign();
  }

  Read number() const {
    Token token{TokenKind::number, {}, 0, at_, at_};
    const auto* first = text_.data() + at_;
    const auto* last = text_.data() + text_.size();
    const auto [end, problem] = std::from_chars(first, last, token.number);
    token.end = static_cast<std::size_t>(end - text_.data());
    if (problem != std::errc{})
      return refuse(at_, token.end, "this number is too large or too small");
    if (token.end < text_.size() && text_[token.end] == '%') {
      token.number /= 100;
      ++token.end;
      return token;
    }
    auto unit_end = token.end;
    while (unit_end < text_.size()
           && (is_word(text_[unit_end]) || text_[unit_end] == '.'))
      ++unit_end;
    if (unit_end == token.end)
      return token;
    const auto unit = text_.substr(token.end, unit_end - token.end);
    const auto seconds = seconds_in(unit);
    if (seconds == 0) {
      auto error = refuse(at_, unit_end,
                          "`" + std::string{text_.substr(at_, unit_end - at_)}
                            + "` is no number");
      error.value().help.emplace_back(
        "write 0.25, 5% or a length of time: 30s, 10m, 2h, 1d");
      return error;
    }
    token.kind = TokenKind::duration;
    token.number *= seconds;
    token.end = unit_end;
    return token;
  }

  Read name() const {
    auto end = at_;
    while (end < text_.size()
           && (is_word(text_[end])
               || (text_[end] == '.' && end + 1 < text_.size()
                   && is_word(text_[end + 1]))))
      ++end;
    return Token{TokenKind::name, std::string{text_.substr(at_, end - at_)}, 0,
                 at_, end};
  }

  Read text(char quote) const {
    const auto close = text_.find(quote, at_ + 1);
    if (close == std::string_view::npos) {
      auto error = refuse(at_, at_ + 1, "this text is never closed");
      error.value().help.push_back("add " + std::string{quote}
                                   + " where it ends");
      return error;
    }
    return Token{TokenKind::text,
                 std::string{text_.substr(at_ + 1, close - at_ - 1)}, 0, at_,
                 close + 1};
  }

  Read sign() const {
    static constexpr std::array<std::string_view, 4> pairs{
      "<=", ">=", "==", "!="};
    const auto pair = text_.substr(at_, 2);
    if (std::ranges::find(pairs, pair) != pairs.end())
      return Token{TokenKind::sign, std::string{pair}, 0, at_, at_ + 2};
    const char c = text_[at_];
    if (std::string_view{"<>=+-*/(),"}.find(c) != std::string_view::npos)
      return Token{TokenKind::sign, std::string{c}, 0, at_, at_ + 1};
    auto error = refuse(at_, at_ + (pair == "&&" || pair == "||" ? 2 : 1),
                        "`"
                          + std::string{pair == "&&" || pair == "||"
                                          ? pair
                                          : text_.substr(at_, 1)}
                          + "` means nothing here");
    if (pair == "&&" || pair == "||" || c == '!')
      error.value().help.emplace_back("write `and`, `or`, `not`");
    else
      error.value().help.emplace_back(
        "there are + - * / ( ) < <= > >= == != and or not if else");
    return error;
  }

  static tl::unexpected<ExpressionError>
  refuse(std::size_t begin, std::size_t end, std::string message) {
    return tl::unexpected(
      ExpressionError{begin, end, std::move(message), {}, {}});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> made_;
};

} // namespace

std::optional<double> parse_duration(std::string_view text) {
  const auto tokens = tokens_of(text);
  const bool one =
    tokens && tokens->size() == 2 && tokens->front().kind == TokenKind::duration
    && tokens->front().begin == 0 && tokens->front().end == text.size();
  return one ? std::optional{tokens->front().number} : std::nullopt;
}

tl::expected<std::vector<Token>, ExpressionError>
tokens_of(std::string_view text) {
  return Lexer{text}.read();
}

} // namespace lab::sweeps
