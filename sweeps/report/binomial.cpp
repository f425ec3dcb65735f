#include "sweeps/report/binomial.hpp"

#include <algorithm>
#include <cmath>

#include "sweeps/statistics/distributions.hpp"

namespace lab::sweeps::report {

double binomial_tail(std::int64_t k, std::int64_t n, double p) {
  if (k <= 0)
    return 1;
  if (k > n || p <= 0)
    return 0;
  if (p >= 1)
    return 1;
  double sum = 0;
  for (std::int64_t i = n; i >= k; --i) // small ones first
    sum += std::exp(statistics::log_choose(n, i)
                    + static_cast<double>(i) * std::log(p)
                    + static_cast<double>(n - i) * std::log1p(-p));
  return std::min(sum, 1.0);
}

} // namespace lab::sweeps::report
