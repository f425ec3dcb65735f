#include "runtime/base/seed.hpp"

#include "runtime/base/check.hpp"

namespace lab {

namespace {

__extension__ using Wide = unsigned __int128;

} // namespace

Seed::Seed(std::uint64_t root)
  : key_(
    Hasher{}.add("seed").add(static_cast<std::int64_t>(root)).finish128()) {}

Seed Seed::child(std::string_view name) const {
  return Seed{Hasher{}.add(key_).add(name).finish128()};
}

Seed Seed::child(std::int64_t index) const {
  return Seed{Hasher{}.add(key_).add(index).finish128()};
}

std::uint64_t Seed::bits(std::uint64_t i) const {
  return Hasher{}
    .add("draw")
    .add(key_)
    .add(static_cast<std::int64_t>(i))
    .finish128()
    .high;
}

double Seed::unit(std::uint64_t i) const {
  return static_cast<double>(bits(i) >> 11U) * 0x1.0p-53;
}

std::uint64_t Seed::below(std::uint64_t i, std::uint64_t count) const {
  LAB_CHECK(count > 0, "empty range");
  // The product's high half; the bias is below count / 2^64.
  return static_cast<std::uint64_t>((static_cast<Wide>(bits(i)) * count)
                                    >> 64U);
}

} // namespace lab
