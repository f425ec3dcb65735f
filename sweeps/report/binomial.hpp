#pragma once

#include <cstdint>

namespace lab::sweeps::report {

/// P(X >= k) of n independent draws with chance p each: the exact one-sided
/// test of "no more often than p" (Clopper and Pearson 1934).
/// @param p  in [0, 1]
double binomial_tail(std::int64_t k, std::int64_t n, double p);

} // namespace lab::sweeps::report
