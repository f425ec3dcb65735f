#include "sweeps/planner/permutation.hpp"

#include <string>

#include "runtime/base/check.hpp"

namespace lab::sweeps {

namespace {

constexpr std::uint64_t size_max = std::uint64_t{1} << 62U;

/// Every bit of the result hangs on every bit of `x`.
/// @source Steele, Lea, Flood, Fast splittable pseudorandom number generators
///         (2014): the finaliser of SplitMix64
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

} // namespace

Permutation::Permutation(std::uint64_t size, const Seed& key) : size_(size) {
  LAB_CHECK(size > 0 && size <= size_max, "size=" + std::to_string(size));
  while ((std::uint64_t{1} << (2 * half_bits_)) < size_)
    ++half_bits_;
  for (std::size_t round = 0; round < rounds; ++round)
    keys_[round] = key.bits(round);
}

std::uint64_t Permutation::at(std::uint64_t i) const {
  LAB_CHECK(i < size_, "place=" + std::to_string(i));
  do
    i = once(i);
  while (i >= size_);
  return i;
}

std::uint64_t Permutation::once(std::uint64_t value) const {
  const auto mask = (std::uint64_t{1} << half_bits_) - 1;
  auto left = value >> half_bits_;
  auto right = value & mask;
  for (const auto key : keys_) {
    const auto next = left ^ (mixed(right + key) & mask);
    left = right;
    right = next;
  }
  return (left << half_bits_) | right;
}

} // namespace lab::sweeps
