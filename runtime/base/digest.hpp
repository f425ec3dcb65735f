#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lab {

/// 128 bits of BLAKE2b: enough to name things, small enough to copy.
struct Digest128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend auto operator<=>(const Digest128&, const Digest128&) = default;
};

/// 32 lower-case hex digits.
std::string to_string(const Digest128& digest);
std::optional<Digest128> digest128_from(std::string_view hex);

using Digest256 = std::array<std::uint8_t, 32>;
std::string to_string(const Digest256& digest);

/// Hashes a sequence of fields. Each field is framed by its length, so
/// ("ab","c") and ("a","bc") differ.
class Hasher {
public:
  Hasher();
  Hasher& add(std::string_view field);
  Hasher& add(std::int64_t number);
  Hasher& add(const Digest128& digest);
  Hasher& add(const Digest256& digest);

  Digest256 finish256();
  /// The first 128 bits of the 256.
  Digest128 finish128();

private:
  // Opaque storage for libsodium's state, so that no header needs sodium.h.
  struct alignas(64) State {
    std::array<unsigned char, 384> bytes;
  } state_;
};

/// One-shot digest of a single field.
Digest256 digest256(std::string_view bytes);

} // namespace lab

template <>
struct std::hash<lab::Digest128> {
  std::size_t operator()(const lab::Digest128& d) const noexcept {
    return static_cast<std::size_t>(d.high ^ d.low);
  }
};
