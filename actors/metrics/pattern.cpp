#include "actors/metrics/pattern.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace lab::actors {

namespace {

/// Backtracking steps from one place of the text: a patient pattern needs
/// about one a character (a world has at most 12,000), a hopeless one ends
/// within milliseconds.
constexpr std::uint32_t steps_max = 100'000;
constexpr std::uint32_t nesting_max = 50'000;
constexpr std::uint32_t heap_kib_max = 32 << 10;
constexpr std::size_t pattern_bytes_max = 10'000;

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeContext {
  void operator()(pcre2_match_context* context) const {
    pcre2_match_context_free(context);
  }
};
struct FreeCompileContext {
  void operator()(pcre2_compile_context* context) const {
    pcre2_compile_context_free(context);
  }
};

std::string message_of(int code) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

bool all_hex(std::string_view digits, std::size_t count) {
  return digits.size() == count
         && digits.find_first_not_of("0123456789abcdefABCDEF")
              == std::string_view::npos;
}

/// The escape that begins at `at`, in PCRE2's spelling; moves `at` past it.
std::string translated_escape(std::string_view python, std::size_t& at) {
  const auto next = python.substr(at, 2);
  for (const auto& [letter, digits] : {std::pair{'u', 4}, std::pair{'U', 8}}) {
    const auto count = static_cast<std::size_t>(digits);
    const auto hex = python.substr(std::min(at + 2, python.size()), count);
    if (next.size() == 2 && next[1] == letter && all_hex(hex, count)) {
      at += 2 + count;
      return "\\x{" + std::string{hex} + "}";
    }
  }
  at += next.size();
  return next == "\\Z" ? "\\z" : std::string{next};
}

/// "{,5}": at most five.
bool is_open_range(std::string_view python) {
  if (python.substr(0, 2) != "{,")
    return false;
  const auto end = python.find_first_not_of("0123456789", 2);
  return end != std::string_view::npos && python[end] == '}';
}

/// Python's spelling into PCRE2's, where they differ.
std::string translated(std::string_view python) {
  std::string out;
  bool in_class = false;
  for (std::size_t at = 0; at < python.size();) {
    const char c = python[at];
    if (c == '\\') {
      out += translated_escape(python, at);
      continue;
    }
    if (c == '[')
      in_class = true;
    else if (c == ']')
      in_class = false;
    const bool open_range = !in_class && is_open_range(python.substr(at));
    out += open_range ? "{0" : std::string{c};
    ++at;
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                       || (c >= '0' && c <= '9')
                       || static_cast<unsigned char>(c) >= 0x80;
    if (!plain)
      out += '\\';
    out += c;
  }
  return out;
}

} // namespace

struct Pattern::Code {
  std::unique_ptr<pcre2_code, FreeCode> code;
  std::unique_ptr<pcre2_match_data, FreeData> data;
  std::unique_ptr<pcre2_match_context, FreeContext> context;
};

Pattern::Pattern(std::unique_ptr<Code> code) : code_(std::move(code)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(std::string_view python) {
  const std::unique_ptr<pcre2_compile_context, FreeCompileContext> context{
    pcre2_compile_context_create(nullptr)};
  // As in Python, only a line feed ends a line for `.` and `$`.
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  pcre2_set_max_pattern_length(context.get(), pattern_bytes_max);
  const auto pattern = translated(python);
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto code = std::make_unique<Code>();
  code->code.reset(pcre2_compile(
    reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
    PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error,
    &offset, context.get()));
  if (code->code == nullptr)
    return fail(Errc::invalid_input, "pattern " + json_quote(python) + ": "
                                       + message_of(error) + " at byte "
                                       + std::to_string(offset));
  code->data.reset(
    pcre2_match_data_create_from_pattern(code->code.get(), nullptr));
  code->context.reset(pcre2_match_context_create(nullptr));
  LAB_CHECK(code->data != nullptr && code->context != nullptr,
            "out of memory for " + pattern);
  pcre2_set_match_limit(code->context.get(), steps_max);
  pcre2_set_depth_limit(code->context.get(), nesting_max);
  pcre2_set_heap_limit(code->context.get(), heap_kib_max);
  return Pattern{std::move(code)};
}

Pattern Pattern::any_of(const std::vector<std::string>& texts,
                        bool whole_words) {
  std::string alternatives;
  for (const auto& text : texts)
    alternatives +=
      (alternatives.empty() ? "(" : "|(") + quoted(to_utf8(text)) + ')';
  auto pattern = compile(whole_words ? "(?<!\\w)(?:" + alternatives + ")(?!\\w)"
                                     : alternatives);
  LAB_CHECK(pattern.has_value(), pattern.error().context);
  return std::move(*pattern);
}

Result<void>
Pattern::each_match(const std::string& text,
                    const std::function<void(const Groups&)>& take) const {
  const auto checked = is_utf8(text) ? text : to_utf8(text);
  const auto* subject = reinterpret_cast<PCRE2_SPTR>(checked.data());
  const auto* ends = pcre2_get_ovector_pointer(code_->data.get());
  Groups groups(pcre2_get_ovector_count(code_->data.get()));
  std::size_t at = 0;
  std::uint32_t options = PCRE2_NO_UTF_CHECK;
  while (at <= checked.size()) {
    const int found =
      pcre2_match(code_->code.get(), subject, checked.size(), at, options,
                  code_->data.get(), code_->context.get());
    if (found == PCRE2_ERROR_NOMATCH)
      break;
    if (found < 0)
      return fail(Errc::invalid_input,
                  "the search was given up: " + message_of(found));
    for (std::size_t i = 0; i < groups.size(); ++i)
      groups[i] = ends[2 * i] == PCRE2_UNSET || ends[2 * i] > ends[2 * i + 1]
                    ? std::string_view{}
                    : std::string_view{checked}.substr(
                      ends[2 * i], ends[2 * i + 1] - ends[2 * i]);
    take(groups);
    // An empty match may not be found again at the same place.
    options =
      PCRE2_NO_UTF_CHECK | (groups[0].empty() ? PCRE2_NOTEMPTY_ATSTART : 0U);
    at = ends[1];
  }
  return {};
}

Result<void> check_pattern(const std::string& pattern) {
  LAB_TRY(const auto compiled, Pattern::compile(pattern));
  static_cast<void>(compiled);
  return {};
}

} // namespace lab::actors
