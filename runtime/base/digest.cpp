#include "runtime/base/digest.hpp"

#include <cstring>

#include <sodium.h>

#include "runtime/base/check.hpp"

namespace lab {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

crypto_generichash_state* native(void* state) {
  return static_cast<crypto_generichash_state*>(state);
}

std::uint64_t read_u64(const std::uint8_t* bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i)
    value = value << 8U | bytes[i];
  return value;
}

std::string hex64(std::uint64_t value) {
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4U)
    out[i] = hex_digits[value & 15U];
  return out;
}

} // namespace

std::string to_string(const Digest128& digest) {
  return hex64(digest.high) + hex64(digest.low);
}

std::optional<Digest128> digest128_from(std::string_view hex) {
  if (hex.size() != 32)
    return std::nullopt;
  std::array<std::uint64_t, 2> halves{};
  for (std::size_t i = 0; i < 32; ++i) {
    const auto digit = hex_digits.find(hex[i]);
    if (digit == std::string_view::npos)
      return std::nullopt;
    halves[i / 16] = halves[i / 16] << 4U | digit;
  }
  return Digest128{halves[0], halves[1]};
}

std::string to_string(const Digest256& digest) {
  std::string out;
  out.reserve(64);
  for (const auto byte : digest) {
    out += hex_digits[byte >> 4U];
    out += hex_digits[byte & 15U];
  }
  return out;
}

Hasher::Hasher() {
  static_assert(sizeof(crypto_generichash_state) <= sizeof(State));
  static_assert(alignof(crypto_generichash_state) <= alignof(State));
  crypto_generichash_init(native(&state_), nullptr, 0, 32);
}

Hasher& Hasher::add(std::string_view field) {
  std::array<unsigned char, 8> size{};
  for (std::size_t i = 0; i < 8; ++i)
    size[i] = static_cast<unsigned char>(field.size() >> (8U * i));
  crypto_generichash_update(native(&state_), size.data(), size.size());
  crypto_generichash_update(
    native(&state_), reinterpret_cast<const unsigned char*>(field.data()),
    field.size());
  return *this;
}

Hasher& Hasher::add(std::int64_t number) {
  return add(
    std::string_view{reinterpret_cast<const char*>(&number), sizeof number});
}

Hasher& Hasher::add(const Digest128& digest) {
  return add(static_cast<std::int64_t>(digest.high))
    .add(static_cast<std::int64_t>(digest.low));
}

Hasher& Hasher::add(const Digest256& digest) {
  return add(std::string_view{reinterpret_cast<const char*>(digest.data()),
                              digest.size()});
}

Digest256 Hasher::finish256() {
  Digest256 digest{};
  LAB_CHECK(
    crypto_generichash_final(native(&state_), digest.data(), digest.size())
      == 0,
    "BLAKE2b failed");
  return digest;
}

Digest128 Hasher::finish128() {
  const auto digest = finish256();
  return {read_u64(digest.data()), read_u64(digest.data() + 8)};
}

Digest256 digest256(std::string_view bytes) {
  Digest256 digest{};
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size(), nullptr, 0);
  return digest;
}

} // namespace lab
