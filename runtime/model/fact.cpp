#include "runtime/model/fact.hpp"

#include <array>

namespace lab {

namespace {

constexpr std::array<std::string_view, 4> resolution_names{"settled", "bounded",
                                                           "voided", "unknown"};

} // namespace

std::string_view to_string(Resolution resolution) {
  return resolution_names.at(static_cast<std::size_t>(resolution) - 1);
}

std::optional<Resolution> resolution_from(std::string_view name) {
  for (std::size_t i = 0; i < resolution_names.size(); ++i)
    if (resolution_names[i] == name)
      return static_cast<Resolution>(i + 1);
  return std::nullopt;
}

Digest256 reply_hash_of(const Reply& reply) {
  return Hasher{}
    .add("reply/1")
    .add(reply.text)
    .add(to_string(reply.finish))
    .add(reply.served_model)
    .add(reply.usage.input)
    .add(reply.usage.cached_input)
    .add(reply.usage.cache_write)
    .add(reply.usage.output)
    .finish256();
}

} // namespace lab
