#pragma once

#include <cstdint>
#include <string_view>

namespace lab::tools::fake {

/// 64 bits that depend on every byte of `text`. Not for security.
std::uint64_t hash_of(std::string_view text, std::uint64_t salt = 0);

/// A number that looks random, from a number: the finaliser of SplitMix64.
std::uint64_t mix(std::uint64_t value);

/// `bits` as a number in [0, 1).
double unit(std::uint64_t bits);

/// A log-normal time with the given mean.
/// @param sigma  of the logarithm; 0 gives `mean_us` itself
std::int64_t latency_us(std::int64_t mean_us, double sigma, std::uint64_t bits);

} // namespace lab::tools::fake
