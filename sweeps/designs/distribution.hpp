#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/planner/decimal.hpp"

namespace lab::sweeps {

/// How the numbers of a factor are spread, and the way from the unit interval
/// to them: `quantile` is the inverse of the distribution function, so that a
/// sample which fills the unit cube evenly comes out distributed.
class Distribution {
public:
  /// Every number from `low` to `high` alike.
  static Distribution uniform(Decimal low, Decimal high);
  /// Every ratio alike: the logarithm is uniform. `low` > 0.
  static Distribution log_uniform(Decimal low, Decimal high);
  /// A normal one cut off at the bounds that are given, and what is left
  /// scaled to one. `sd` > 0.
  static Distribution normal(Decimal mean, Decimal sd,
                             std::optional<Decimal> low,
                             std::optional<Decimal> high);
  /// `low` <= `mode` <= `high`, `low` < `high`.
  static Distribution triangular(Decimal low, Decimal mode, Decimal high);
  /// A beta one stretched from 0..1 to `low`..`high`. Shapes > 0.
  static Distribution beta(Decimal alpha, Decimal beta, Decimal low,
                           Decimal high);

  /// The same, of whole numbers: each takes the share that lies within a half
  /// of it, except that all whole numbers of a uniform one are alike.
  Distribution whole() const;

  /// The number below which a share of `u` lies, 0 <= u <= 1, rounded to six
  /// digits behind the first of the spread (of a logarithmic one: of the
  /// number), and never outside the bounds. Where there is no bound, the ends
  /// of the unit interval count as 2^-54 from them.
  Decimal quantile(double u) const;

  /// The same before rounding.
  double exact_quantile(double u) const;

  bool is_whole() const { return whole_; }
  std::optional<Decimal> low() const { return low_; }
  std::optional<Decimal> high() const { return high_; }
  /// A normal one without both bounds has no ends; Morris steps, and a Sobol
  /// sequence that is not scrambled, stand on the ends.
  bool has_ends() const { return low_ && high_; }

private:
  enum class Kind : std::uint8_t {
    uniform,
    log_uniform,
    normal,
    triangular,
    beta
  };

  Distribution(Kind kind, std::optional<Decimal> low,
               std::optional<Decimal> high, double first, double second);

  Kind kind_;
  std::optional<Decimal> low_;
  std::optional<Decimal> high_;
  double first_ = 0;  // mean, mode, alpha
  double second_ = 0; // sd, beta
  bool whole_ = false;
};

} // namespace lab::sweeps
