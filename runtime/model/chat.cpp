#include "runtime/model/chat.hpp"

#include <algorithm>
#include <array>

#include "runtime/base/text.hpp"

namespace lab {

namespace {

std::string short_digest(std::string_view text) {
  return to_string(Hasher{}.add(text).finish128()).substr(0, 12);
}

} // namespace

Fingerprint fingerprint_of(const ChatRequest& request) {
  Hasher hash;
  hash.add("request/1").add(request.model);
  hash.add(static_cast<std::int64_t>(request.messages.size()));
  for (const auto& message : request.messages)
    hash.add(static_cast<std::int64_t>(message.role)).add(message.text);
  hash.add(request.schema_name).add(request.schema).add(request.output_cap);
  hash.add(request.temperature).add(static_cast<std::int64_t>(request.seed));
  hash.add(request.brief);
  return Fingerprint{hash.finish128()};
}

std::string outline_of(const ChatRequest& request) {
  std::string out = "model=" + short_digest(request.model);
  out += " messages=" + std::to_string(request.messages.size());
  for (std::size_t i = 0; i < request.messages.size(); ++i)
    out += " messages." + std::to_string(i) + "="
           + short_digest(request.messages[i].text);
  out += " schema=" + short_digest(request.schema_name + request.schema);
  out += " output_cap=" + std::to_string(request.output_cap);
  out += " temperature=" + request.temperature;
  out += " seed=" + std::to_string(request.seed);
  out += " brief=" + short_digest(request.brief);
  return out;
}

std::string first_difference(std::string_view a, std::string_view b) {
  const auto left = split(a, ' ');
  const auto right = split(b, ' ');
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const auto x = i < left.size() ? left[i] : std::string{};
    const auto y = i < right.size() ? right[i] : std::string{};
    if (x != y)
      return (x.empty() ? y : x).substr(0, (x.empty() ? y : x).find('='));
  }
  return {};
}

std::string provider_of(const std::string& model) {
  return model.substr(0, model.find('/'));
}

namespace {

constexpr std::array<std::string_view, 4> finish_names{"stop", "length",
                                                       "refusal", "other"};

} // namespace

std::string_view to_string(FinishReason reason) {
  return finish_names.at(static_cast<std::size_t>(reason));
}

FinishReason finish_reason_from(std::string_view name) {
  for (std::size_t i = 0; i < finish_names.size(); ++i)
    if (finish_names[i] == name)
      return static_cast<FinishReason>(i);
  return FinishReason::other;
}

} // namespace lab
