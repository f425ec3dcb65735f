#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace lab::sweeps::statistics {

/// Least squares on y = mu + sum_t alpha_t[level], the levels of each term
/// summing to zero, each row with a weight. Made once for a design, then fitted
/// to any number of outcomes.
class AdditiveModel {
public:
  /// @param levels   rows x terms, row-major
  /// @param weights  one a row, above 0
  /// @param counts   levels of each term
  AdditiveModel(std::span<const std::size_t> levels,
                std::span<const double> weights,
                std::span<const std::size_t> counts);
  ~AdditiveModel();
  AdditiveModel(const AdditiveModel&) = delete;
  AdditiveModel& operator=(const AdditiveModel&) = delete;

  /// False when terms overlap so far that effects cannot be told apart, or a
  /// level has no row. Then nothing below may be asked for.
  bool is_unique() const;
  /// mu and one less than the levels of each term.
  std::size_t parameters() const;

  struct Fit {
    double mean = 0;                          // all levels weighing equally
    std::vector<std::vector<double>> effects; // [term][level]
    double residual_squares = 0;              // weighted
    std::vector<double> reductions; // weighted squares that a term adds last
    std::vector<double> fitted;     // one a row
  };
  /// @param y  one a row
  void fit(std::span<const double> y, Fit& out) const;

  // Variances where y has variance 1 / weight.
  double effect_variance(std::size_t term, std::size_t level) const;
  /// Of mean + effect.
  double adjusted_variance(std::size_t term, std::size_t level) const;
  /// sum over rows of weight² var(fitted): the expected squares of the fit when
  /// rows have an effect of unit variance.
  double row_trace() const;
  /// Expected reduction of a term when its levels have unit variance.
  double level_coefficient(std::size_t term) const;
  /// Expected reduction of a term when rows have unit variance.
  double row_coefficient(std::size_t term) const;

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace lab::sweeps::statistics
