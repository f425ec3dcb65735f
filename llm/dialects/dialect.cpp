#include "llm/dialects/dialect.hpp"

#include <charconv>
#include <vector>

#include "llm/dialects/codecs.hpp"
#include "llm/dialects/usage.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"

namespace lab::llm {

namespace {

constexpr double temperature_max = 2;

/// The text of `value[key]`, or the number as text; empty for anything else.
std::string word_at(const json::Value& value, const char* key) {
  const auto* found = json::member(value, key);
  if (found == nullptr)
    return {};
  if (found->is_string())
    return found->get<std::string>();
  return found->is_number_integer() ? found->dump() : std::string{};
}

/// The error in a body that is one, in any of the shapes servers use:
/// `{"error":{"type","code","message"}}`, `{"error":"text"}`,
/// `{"object":"error","message"}`.
std::optional<ErrorEnvelope> envelope_in(const json::Value& body) {
  const auto* error = json::member(body, "error");
  if (error != nullptr && error->is_string())
    return ErrorEnvelope{{}, {}, error->get<std::string>()};
  if (error == nullptr && word_at(body, "object") == "error")
    error = &body;
  if (error == nullptr || !error->is_object())
    return std::nullopt;
  ErrorEnvelope out{word_at(*error, "type"), word_at(*error, "code"),
                    word_at(*error, "message")};
  if (out.type.empty() && out.code.empty() && out.message.empty())
    return std::nullopt;
  return out;
}

/// Walks a cut body token by token and stops at the input count. Only a number
/// at the right path counts, so a model that writes `"prompt_tokens": 1` into
/// its answer is not believed.
class InputScan {
public:
  explicit InputScan(Dialect dialect) : dialect_(dialect) {}

  std::optional<std::int64_t> found() const { return found_; }

  bool null() { return value(); }
  bool boolean(bool /*unused*/) { return value(); }
  bool number_integer(json::Value::number_integer_t /*unused*/) {
    return value();
  }
  bool number_unsigned(json::Value::number_unsigned_t number) {
    if (at_input_count() && number <= tokens_plausible_max) {
      found_ = static_cast<std::int64_t>(number);
      return false;
    }
    return value();
  }
  bool number_float(json::Value::number_float_t /*unused*/,
                    const std::string& /*unused*/) {
    return value();
  }
  bool string(std::string& /*unused*/) { return value(); }
  bool binary(json::Value::binary_t& /*unused*/) { return value(); }
  bool start_object(std::size_t /*unused*/) {
    path_.emplace_back();
    return path_.size() <= depth_max;
  }
  bool key(std::string& key) {
    path_.back() = key;
    return true;
  }
  bool end_object() {
    path_.pop_back();
    return true;
  }
  bool start_array(std::size_t /*unused*/) {
    path_.emplace_back("[]");
    return path_.size() <= depth_max;
  }
  bool end_array() {
    path_.pop_back();
    return true;
  }
  bool parse_error(std::size_t /*unused*/, const std::string& /*unused*/,
                   const json::Value::exception& /*unused*/) {
    return false; // the cut
  }

private:
  static constexpr std::size_t depth_max = 64;

  static bool value() { return true; }

  bool at_input_count() const {
    switch (dialect_) {
    case Dialect::openai:
      return path_ == std::vector<std::string>{"usage", "prompt_tokens"};
    case Dialect::anthropic:
      return path_ == std::vector<std::string>{"usage", "input_tokens"};
    case Dialect::ollama:
      return path_ == std::vector<std::string>{"prompt_eval_count"};
    case Dialect::sim:
    case Dialect::human:
      break;
    }
    return false;
  }

  Dialect dialect_;
  std::vector<std::string> path_;
  std::optional<std::int64_t> found_;
};

} // namespace

std::string path_of_url(const std::string& base_url) {
  const auto scheme = base_url.find("://");
  const auto path =
    base_url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  auto out = path == std::string::npos ? std::string{} : base_url.substr(path);
  while (out.ends_with('/'))
    out.pop_back();
  return out;
}

std::string host_of_url(const std::string& base_url) {
  const auto scheme = base_url.find("://");
  const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
  return to_lower(
    base_url.substr(begin, base_url.find_first_of(":/", begin) - begin));
}

std::int64_t wire_seed(const ChatRequest& request) {
  return static_cast<std::int64_t>(request.seed & 0x7fff'ffffU);
}

const char* role_name(ChatRole role) {
  switch (role) {
  case ChatRole::system:
    return "system";
  case ChatRole::user:
    return "user";
  case ChatRole::assistant:
    return "assistant";
  }
  return "user";
}

std::string content_text(const json::Value* content) {
  if (content == nullptr)
    return {};
  if (content->is_string())
    return content->get<std::string>();
  std::string out;
  if (content->is_array())
    for (const auto& part : *content)
      if (json::text_at(part, "type") == "text")
        out += json::text_at(part, "text").value_or("");
  return out;
}

Result<WireRequest> encode(const ProviderSettings& provider,
                           const std::string& wire_model,
                           const ChatRequest& request) {
  if (request.messages.empty())
    return fail(Errc::invalid_input, "a request without messages");
  if (request.output_cap < 1)
    return fail(Errc::invalid_input, "a request without an output cap");
  EncodeInput input{provider, wire_model, request, nullptr, nullptr};
  if (!request.schema.empty()) {
    LAB_TRY(input.schema, json::parse(request.schema));
  }
  if (!request.temperature.empty()) {
    double value = 0;
    const auto* begin = request.temperature.data();
    const auto* end = begin + request.temperature.size();
    const auto [stop, error] =
      std::from_chars(begin, end, value, std::chars_format::fixed);
    if (error != std::errc{} || stop != end
        || !(value >= 0 && value <= temperature_max))
      return fail(Errc::invalid_input, "temperature `"
                                         + printable(request.temperature)
                                         + "` is no number from 0 to 2");
    input.temperature = value;
  }
  switch (provider.dialect) {
  case Dialect::openai:
    return encode_openai(input);
  case Dialect::anthropic:
    return encode_anthropic(input);
  case Dialect::ollama:
    return encode_ollama(input);
  case Dialect::sim:
  case Dialect::human:
    break;
  }
  return fail(Errc::internal, provider.name + " has no wire");
}

Result<DecodedReply> decode_reply(Dialect dialect, std::string_view body) {
  LAB_TRY(const json::Value reply, json::parse(body));
  DecodedReply out;
  UsageReading usage;
  switch (dialect) {
  case Dialect::openai:
    decode_openai(reply, out);
    usage = openai_usage(reply);
    break;
  case Dialect::anthropic:
    decode_anthropic(reply, out);
    usage = anthropic_usage(reply);
    break;
  case Dialect::ollama:
    decode_ollama(reply, out);
    usage = ollama_usage(reply);
    break;
  case Dialect::sim:
  case Dialect::human:
    return fail(Errc::internal, "neither models that are simulated nor people "
                                "have a wire");
  }
  out.usage = usage.usage;
  out.usage_problem = usage.problem;
  if (const auto error = envelope_in(reply))
    out.error =
      error->message.empty() ? error->type + error->code : error->message;
  return out;
}

std::optional<ErrorEnvelope> decode_error(std::string_view content_type,
                                          std::string_view body) {
  if (to_lower(content_type).find("json") == std::string::npos)
    return std::nullopt;
  const auto parsed = json::parse(body);
  return parsed ? envelope_in(*parsed) : std::nullopt;
}

std::optional<std::int64_t> input_seen(Dialect dialect,
                                       std::string_view cut_body) {
  InputScan scan{dialect};
  json::Value::sax_parse(cut_body, &scan, json::Value::input_format_t::json,
                         false);
  return scan.found();
}

} // namespace lab::llm
