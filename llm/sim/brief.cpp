#include "llm/sim/brief.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "runtime/base/text.hpp"

namespace lab::llm {

namespace {

constexpr int depth_max = 32;
constexpr std::uint32_t replacement = 0xfffd; // for half a surrogate pair

/// Walks JSON from left to right. The first mistake makes every later read
/// fail, so callers ask `error()` once, at the end.
class Cursor {
public:
  Cursor(std::string_view text, std::deque<std::string>& unescaped)
    : text_(text), unescaped_(unescaped) {}

  const std::string& error() const { return error_; }

  /// True at the end of the text.
  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }

  /// Calls `member(key)` with the cursor on each value, which it must read.
  template <class F>
  void object(F member) {
    if (!enter('{', "an object"))
      return;
    while (error_.empty() && !leave('}')) {
      const auto key = string();
      take(':');
      if (error_.empty())
        member(key);
    }
  }

  /// Calls `item()` with the cursor on each value, which it must read.
  template <class F>
  void array(F item) {
    if (!enter('[', "a list"))
      return;
    while (error_.empty() && !leave(']'))
      item();
  }

  std::string_view string() {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != '"') {
      expected("a text");
      return {};
    }
    const auto begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\')
      ++at_;
    if (at_ < text_.size() && text_[at_] == '"')
      return text_.substr(begin, at_++ - begin);
    return escaped(begin);
  }

  double number() {
    skip_space();
    double value = 0;
    const auto* begin = text_.data() + at_;
    const auto [stop, error] =
      std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc{} || !std::isfinite(value)) {
      expected("a number");
      return 0;
    }
    at_ += static_cast<std::size_t>(stop - begin);
    return value;
  }

  std::int64_t integer() {
    const auto value = number();
    if (!(std::abs(value) < 1e15)) {
      expected("a whole number");
      return 0;
    }
    return static_cast<std::int64_t>(value);
  }

  bool boolean() {
    if (word("true"))
      return true;
    if (!word("false"))
      expected("true or false");
    return false;
  }

  /// Reads a `null`, if that is what stands here.
  bool null() { return word("null"); }

  void skip() {
    skip_space();
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == '{')
      object([this](std::string_view) { skip(); });
    else if (c == '[')
      array([this] { skip(); });
    else if (c == '"')
      string();
    else if (!word("true") && !word("false") && !word("null"))
      number();
  }

private:
  void skip_space() {
    while (at_ < text_.size()
           && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t'
               || text_[at_] == '\r'))
      ++at_;
  }

  void expected(std::string_view what) {
    if (error_.empty())
      error_ =
        "byte " + std::to_string(at_) + ": expected " + std::string{what};
    at_ = text_.size();
  }

  bool take(char c) {
    skip_space();
    if (at_ < text_.size() && text_[at_] == c) {
      ++at_;
      return true;
    }
    expected(std::string{"'"} + c + "'");
    return false;
  }

  bool enter(char open, std::string_view what) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != open) {
      expected(what);
      return false;
    }
    if (++depth_ > depth_max) {
      expected("less depth");
      return false;
    }
    ++at_;
    first_ = true;
    return true;
  }

  /// True after the closing bracket; else stands before the next element.
  bool leave(char close) {
    skip_space();
    if (at_ < text_.size() && text_[at_] == close) {
      ++at_;
      --depth_;
      first_ = false;
      return true;
    }
    if (!first_)
      take(',');
    first_ = false;
    return false;
  }

  bool word(std::string_view expected_word) {
    skip_space();
    if (!text_.substr(at_).starts_with(expected_word))
      return false;
    at_ += expected_word.size();
    return true;
  }

  static void append_utf8(std::string& out, std::uint32_t code) {
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xc0U | code >> 6U);
      out += static_cast<char>(0x80U | (code & 0x3fU));
    } else if (code < 0x10000) {
      out += static_cast<char>(0xe0U | code >> 12U);
      out += static_cast<char>(0x80U | (code >> 6U & 0x3fU));
      out += static_cast<char>(0x80U | (code & 0x3fU));
    } else {
      out += static_cast<char>(0xf0U | code >> 18U);
      out += static_cast<char>(0x80U | (code >> 12U & 0x3fU));
      out += static_cast<char>(0x80U | (code >> 6U & 0x3fU));
      out += static_cast<char>(0x80U | (code & 0x3fU));
    }
  }

  std::uint32_t hex4() {
    std::uint32_t code = 0;
    const auto digits = text_.substr(std::min(at_, text_.size()), 4);
    const auto [stop, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (error != std::errc{} || stop != digits.data() + 4)
      expected("four hex digits");
    else
      at_ += 4;
    return code;
  }

  /// The rest of a string that holds a backslash.
  std::string_view escaped(std::size_t begin) {
    auto& out = unescaped_.emplace_back(text_.substr(begin, at_ - begin));
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] != '\\') {
        out += text_[at_++];
        continue;
      }
      ++at_;
      const char c = at_ < text_.size() ? text_[at_] : '\0';
      ++at_;
      constexpr std::string_view from = "\"\\/bfnrt";
      constexpr std::string_view to = "\"\\/\b\f\n\r\t";
      if (const auto i = from.find(c);
          c != '\0' && i != std::string_view::npos) {
        out += to[i];
      } else if (c == 'u') {
        auto code = hex4();
        if (code >= 0xd800 && code < 0xdc00
            && text_.substr(std::min(at_, text_.size())).starts_with("\\u")) {
          at_ += 2;
          const auto low = hex4();
          code = low >= 0xdc00 && low < 0xe000
                   ? 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00)
                   : replacement;
        }
        if (code >= 0xd800 && code < 0xe000)
          code = replacement;
        append_utf8(out, code);
      } else {
        expected("an escape");
      }
    }
    if (at_ >= text_.size())
      expected("the end of a text");
    else
      ++at_;
    return out;
  }

  std::string_view text_;
  std::deque<std::string>& unescaped_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool first_ = false;
  std::string error_;
};

Brief::Named named(Cursor& cursor) {
  Brief::Named out;
  cursor.object(
    [&](std::string_view key) { out.emplace_back(key, cursor.number()); });
  return out;
}

std::vector<std::string_view> texts(Cursor& cursor) {
  std::vector<std::string_view> out;
  cursor.array([&] { out.push_back(cursor.string()); });
  return out;
}

Brief::MetricType metric_type(std::string_view name) {
  constexpr std::array<std::string_view, 5> names{
    "continuous", "integer", "boolean", "categorical", "text"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return static_cast<Brief::MetricType>(i);
  return Brief::MetricType::continuous;
}

Brief::Metric metric(Cursor& cursor) {
  Brief::Metric out;
  cursor.object([&](std::string_view key) {
    if (cursor.null())
      return;
    if (key == "name")
      out.name = cursor.string();
    else if (key == "label")
      out.label = cursor.string();
    else if (key == "line")
      out.line = cursor.string();
    else if (key == "type")
      out.type = metric_type(cursor.string());
    else if (key == "low")
      out.low = cursor.number();
    else if (key == "high")
      out.high = cursor.number();
    else if (key == "value")
      out.value = cursor.number();
    else if (key == "categories")
      out.categories = texts(cursor);
    else if (key == "keywords")
      out.keywords = texts(cursor);
    else
      cursor.skip();
  });
  return out;
}

Brief::Event event(Cursor& cursor) {
  Brief::Event out;
  cursor.object([&](std::string_view key) {
    if (key == "name")
      out.name = cursor.string();
    else if (key == "description")
      out.description = cursor.string();
    else
      cursor.skip();
  });
  return out;
}

Brief::Action action(Cursor& cursor) {
  Brief::Action out;
  cursor.object([&](std::string_view key) {
    if (key == "participant")
      out.participant = cursor.string();
    else if (key == "text")
      out.text = cursor.string();
    else if (key == "turn")
      out.turn = cursor.integer();
    else
      cursor.skip();
  });
  return out;
}

/// Private words have a `from` where actions have a `participant`.
Brief::Action word(Cursor& cursor) {
  Brief::Action out;
  cursor.object([&](std::string_view key) {
    if (key == "from")
      out.participant = cursor.string();
    else if (key == "text")
      out.text = cursor.string();
    else
      cursor.skip();
  });
  return out;
}

Brief::Kind kind_named(std::string_view name) {
  using Kind = Brief::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 10> kinds{{
    {"decision", Kind::decision},
    {"world", Kind::world},
    {"talk_offer", Kind::talk_offer},
    {"talk_answer", Kind::talk_answer},
    {"coalition_proposal", Kind::coalition_proposal},
    {"coalition_answer", Kind::coalition_answer},
    {"coalition_word", Kind::coalition_word},
    {"summary", Kind::summary},
    {"check", Kind::check},
    {"metric", Kind::metric},
  }};
  for (const auto& [known, kind] : kinds)
    if (known == name)
      return kind;
  return Kind::other;
}

void member(Cursor& cursor, std::string_view key, Brief& out) {
  if (cursor.null())
    return;
  if (key == "kind") {
    const auto kind = cursor.string();
    out.kind = kind_named(kind);
  } else if (key == "turn") {
    out.turn = cursor.integer();
  } else if (key == "turns") {
    out.turns = cursor.integer();
  } else if (key == "phase") {
    out.phase = cursor.string();
  } else if (key == "participant") {
    out.participant = cursor.string();
  } else if (key == "ordinal") {
    out.ordinal = cursor.integer();
  } else if (key == "repair") {
    out.repair = cursor.boolean();
  } else if (key == "name") {
    out.name = cursor.string();
  } else if (key == "goals") {
    out.goals = texts(cursor);
  } else if (key == "dials") {
    out.dials = named(cursor);
  } else if (key == "parameters") {
    out.parameters = named(cursor);
  } else if (key == "powers") {
    out.powers = named(cursor);
  } else if (key == "names") {
    cursor.object([&](std::string_view id) {
      out.names.emplace_back(id, cursor.string());
    });
  } else if (key == "messages") {
    cursor.array([&] { out.messages.push_back(word(cursor)); });
  } else if (key == "from") {
    out.from = cursor.string();
  } else if (key == "message") {
    out.message = cursor.string();
  } else if (key == "members") {
    out.members = texts(cursor);
  } else if (key == "words") {
    cursor.array([&] { out.words.push_back(word(cursor)); });
  } else if (key == "events") {
    cursor.array([&] { out.events.push_back(event(cursor)); });
  } else if (key == "actions") {
    cursor.array([&] { out.actions.push_back(action(cursor)); });
  } else if (key == "metrics") {
    cursor.array([&] { out.metrics.push_back(metric(cursor)); });
  } else if (key == "check") {
    out.check = cursor.string();
  } else if (key == "before") {
    out.before = cursor.string();
  } else if (key == "text") {
    out.text = cursor.string();
  } else if (key == "restricted") {
    out.restricted = texts(cursor);
  } else {
    cursor.skip();
  }
}

} // namespace

Result<Brief> parse_brief(std::string_view json) {
  Brief brief;
  if (trim(json).empty())
    return brief;
  Cursor cursor{json, brief.unescaped};
  std::string at;
  cursor.object([&](std::string_view key) {
    member(cursor, key, brief);
    if (!cursor.error().empty() && at.empty())
      at = " in `" + std::string{key} + "`";
  });
  if (!cursor.error().empty())
    return fail(Errc::invalid_input, "brief, " + cursor.error() + at);
  if (!cursor.at_end())
    return fail(Errc::invalid_input, "brief: more than one JSON value");
  return brief;
}

} // namespace lab::llm
