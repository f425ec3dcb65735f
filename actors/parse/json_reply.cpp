#include "actors/parse/json_reply.hpp"

#include <algorithm>

#include "actors/parse/reply_text.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

/// Braces in prose are tried one by one; a reply made of nothing else must not
/// take long.
constexpr int tries_max = 16;
constexpr std::size_t depth_max = 32;

/// One object, rewritten into well-formed JSON.
struct Mended {
  std::string text;
  std::size_t size = 0; // bytes it took in the reply
};

/// Copies JSON from the opening brace to its closing one.
class Mender {
public:
  explicit Mender(std::string_view text) : text_(text) {}

  std::optional<Mended> mend() {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (in_string_)
        string_char(c);
      else if (!structure_char(c))
        return std::nullopt;
      if (open_.empty())
        return Mended{std::move(out_), at_};
    }
    // What is cut within a string lost its end, not only its brackets.
    if (in_string_)
      return std::nullopt;
    drop_trailing_comma();
    std::reverse(open_.begin(), open_.end());
    return Mended{out_ + open_, at_};
  }

private:
  void string_char(char c) {
    if (c == '"') {
      in_string_ = false;
      out_ += c;
    } else if (c == '\\') {
      escape();
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out_ += c == '\n' ? "\\n" : c == '\t' ? "\\t" : "";
    } else {
      out_ += c;
    }
  }

  void escape() {
    constexpr std::string_view known = "\"\\/bfnrtu";
    if (at_ == text_.size())
      return;
    const char c = text_[at_++];
    if (known.find(c) != std::string_view::npos)
      out_ += '\\';
    out_ += c;
  }

  /// False when the brackets do not match or lie too deep.
  bool structure_char(char c) {
    if (c == '{' || c == '[') {
      open_ += c == '{' ? '}' : ']';
    } else if (c == '}' || c == ']') {
      if (open_.back() != c)
        return false;
      drop_trailing_comma();
      open_.pop_back();
    } else if (c == '"') {
      in_string_ = true;
    }
    out_ += c;
    return open_.size() <= depth_max;
  }

  void drop_trailing_comma() {
    const auto last = out_.find_last_not_of(" \t\r\n");
    if (last != std::string::npos && out_[last] == ',')
      out_.erase(last, 1);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
  std::string open_; // the closing brackets still to come
  bool in_string_ = false;
};

bool starts_line(std::string_view text, std::size_t at) {
  const auto before = text.find_last_not_of(" \t", at == 0 ? 0 : at - 1);
  return at == 0 || before == std::string_view::npos || text[before] == '\n';
}

std::string key_form(std::string_view key) {
  auto form = to_lower(trim(key));
  std::replace_if(
    form.begin(), form.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  return form;
}

} // namespace

std::vector<FoundObject> objects_in(std::string_view text) {
  std::vector<FoundObject> found;
  auto at = text.find('{');
  for (int tries = 0; at != std::string_view::npos && tries < tries_max;
       ++tries) {
    std::size_t next = at + 1;
    if (const auto mended = Mender{text.substr(at)}.mend()) {
      if (auto value = json::parse(mended->text)) {
        found.push_back({std::move(*value), at, starts_line(text, at)});
        next = at + mended->size;
      }
    }
    at = text.find('{', next);
  }
  return found;
}

const json::Value* member_like(const json::Value& object,
                               const std::vector<std::string_view>& names) {
  if (!object.is_object())
    return nullptr;
  for (const auto name : names)
    for (const auto& [key, value] : object.items())
      if (key_form(key) == name)
        return &value;
  return nullptr;
}

std::string text_of(const json::Value& value) {
  if (value.is_string())
    return value.get<std::string>();
  if (value.is_number())
    return json::dump(value);
  std::vector<std::string> lines;
  if (value.is_array())
    for (const auto& entry : value)
      lines.push_back(text_of(entry));
  if (value.is_object())
    for (const auto& [key, entry] : value.items())
      lines.push_back(key + ": " + text_of(entry));
  return join(lines, "\n");
}

std::vector<std::string> texts_of(const json::Value& value) {
  static const std::vector<std::string_view> main_keys{
    "goal", "priority", "change", "consequence", "text", "description"};
  std::vector<std::string> texts;
  if (value.is_array()) {
    for (const auto& entry : value) {
      const auto* main = member_like(entry, main_keys);
      texts.push_back(text_of(main != nullptr ? *main : entry));
    }
    return texts;
  }
  if (value.is_object()) {
    for (const auto& [key, entry] : value.items())
      texts.push_back(key + ": " + text_of(entry));
    return texts;
  }
  return list_items(text_of(value));
}

} // namespace lab::actors
