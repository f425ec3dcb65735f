#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lab::sweeps::statistics {

/// Groups, and how many in each are of a kind: "runs of a level, and those that
/// failed".
class GroupCounts {
public:
  /// An empty group says nothing and is left out.
  void add(std::int64_t of_kind, std::int64_t all);

  std::size_t size() const { return all_.size(); }
  std::int64_t of_kind(std::size_t group) const { return of_kind_[group]; }
  std::int64_t all(std::size_t group) const { return all_[group]; }
  std::int64_t of_kind() const { return sum_of_kind_; } // in all groups
  std::int64_t all() const { return sum_; }

  /// Logarithm of the chance that the kind falls into the groups like this,
  /// given both margins.
  /// @param of_kind  one number a group, with the table's own sum
  double log_chance(const std::vector<std::int64_t>& of_kind) const;
  double log_chance() const { return log_chance(of_kind_); }
  /// Upper bound of the tables that have these margins.
  double tables() const;

private:
  std::vector<std::int64_t> of_kind_;
  std::vector<std::int64_t> all_;
  std::int64_t sum_of_kind_ = 0;
  std::int64_t sum_ = 0;
};

/// Logarithms of chances that differ by rounding alone differ by less.
inline constexpr double log_chance_rounding = 1e-7;

/// How likely a table is that is as unlikely as this one or more, when the
/// kind has the same share in every group. Takes `tables()` steps.
/// @return in (0, 1]; 1 with fewer than two groups
/// @source Fisher 1934; Freeman and Halton 1951 for more than two groups
double exact_p(const GroupCounts& counts);

/// One p for several independent tests: P(X >= -2 sum ln p) of chi-square with
/// 2 n degrees of freedom. Too large for tests with few outcomes, never too
/// small.
/// @param ps  in (0, 1]
/// @return 1 without tests
/// @source Fisher, Statistical Methods for Research Workers, 4th ed. (1932),
///         section 21.1
double combined_p(const std::vector<double>& ps);

} // namespace lab::sweeps::statistics
