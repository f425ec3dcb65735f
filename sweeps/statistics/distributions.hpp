#pragma once

#include <cstdint>

namespace lab::sweeps::statistics {

// The few distributions that estimators need, so that Boost.Math stays in one
// source file.

double normal_cdf(double z);
/// @param p  in (0, 1)
double normal_quantile(double p);
/// @param freedom  above 0, need not be whole
double t_quantile(double p, double freedom);
/// P(|T| >= |t|).
double t_two_sided(double t, double freedom);
/// P(X >= x).
double chi_square_tail(double x, double freedom);
/// @param p  in (0, 1)
double chi_square_quantile(double p, double freedom);
/// P(X >= x) of Fisher's F.
double f_tail(double x, double freedom_above, double freedom_below);
/// Natural logarithm of n over k.
double log_choose(std::int64_t n, std::int64_t k);

} // namespace lab::sweeps::statistics
