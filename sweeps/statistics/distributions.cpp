#include "sweeps/statistics/distributions.hpp"

#include <cmath>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace lab::sweeps::statistics {

namespace {

namespace bm = boost::math;

/// Nothing throws: what is out of the domain gives NaN or infinity.
using Quiet = bm::policies::policy<
  bm::policies::domain_error<bm::policies::ignore_error>,
  bm::policies::pole_error<bm::policies::ignore_error>,
  bm::policies::overflow_error<bm::policies::ignore_error>,
  bm::policies::evaluation_error<bm::policies::ignore_error>>;

using Normal = bm::normal_distribution<double, Quiet>;
using StudentT = bm::students_t_distribution<double, Quiet>;
using ChiSquare = bm::chi_squared_distribution<double, Quiet>;
using FisherF = bm::fisher_f_distribution<double, Quiet>;

} // namespace

double normal_cdf(double z) { return bm::cdf(Normal{}, z); }

double normal_quantile(double p) { return bm::quantile(Normal{}, p); }

double t_quantile(double p, double freedom) {
  return bm::quantile(StudentT{freedom}, p);
}

double t_two_sided(double t, double freedom) {
  return 2 * bm::cdf(bm::complement(StudentT{freedom}, std::abs(t)));
}

double chi_square_tail(double x, double freedom) {
  return bm::cdf(bm::complement(ChiSquare{freedom}, x));
}

double chi_square_quantile(double p, double freedom) {
  return bm::quantile(ChiSquare{freedom}, p);
}

double f_tail(double x, double freedom_above, double freedom_below) {
  return bm::cdf(bm::complement(FisherF{freedom_above, freedom_below}, x));
}

double log_choose(std::int64_t n, std::int64_t k) {
  const auto log_factorial = [](std::int64_t m) {
    return std::lgamma(static_cast<double>(m) + 1);
  };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

} // namespace lab::sweeps::statistics
