#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/digest.hpp"
#include "sweeps/statistics/interval.hpp"

namespace lab::sweeps::statistics {

/// What one run says about one metric.
struct Observation {
  /// The replicate's seed; runs of two points with equal seeds are a pair.
  std::uint64_t seed = 0;
  /// A finite number of a run that completed; nothing of every other run.
  std::optional<double> value;
  /// Why there is no number: "failed", "halted", "refused", "no value". Any
  /// word; equal words are counted together. Empty where there is a number.
  std::string reason;
  /// Digest of all replies that the run read, in order. Two runs with equal
  /// digests are one observation. Nothing: taken as unlike any other.
  std::optional<Digest128> replies;
};

/// Whether the run carries a finite number.
bool has_number(const Observation& run);
/// Counts a run without a number under its reason.
void count_missing(const Observation& run,
                   std::map<std::string, std::int64_t>& reasons);
/// Sum over all reasons.
std::int64_t count_of(const std::map<std::string, std::int64_t>& reasons);

/// What the scenario declares of a metric.
struct MetricKind {
  /// Least and greatest possible value; nothing: unbounded. If any value lies
  /// outside, the declaration is not true and nobody relies on it.
  std::optional<Interval> range;
  /// Only two values occur, the ends of `range` (or 0 and 1): a share.
  bool is_binary = false;
};

/// Replicates that are one and the same counted once.
struct Distinct {
  /// One value a group of copies: the mean of the group (copies of a
  /// deterministic run are equal). In order of first appearance.
  std::vector<double> values;
  /// Seed of the first of each group.
  std::vector<std::uint64_t> seeds;
  std::int64_t numbers = 0; // runs with a number, copies included
  std::int64_t copies = 0;  // numbers - values.size()
  /// Runs without a number, by reason; copies are not told apart here.
  std::map<std::string, std::int64_t> missing;
};

/// Whether all values lie in the range.
bool fits(std::span<const double> values, const Interval& range);

/// Groups runs of one point whose replies are all equal. Runs that end in a
/// number but NaN or infinity are counted under "not a number".
///
/// Effective n is the number of groups. An interval needs independent values;
/// eight runs that hold the same text are one value seen eight times.
Distinct distinct(std::span<const Observation> runs);

/// Groups of runs that share any reply at all: the stricter audit. Runs i and
/// j are in one group when a chain of shared replies joins them.
/// @param replies  of each run, digests of its replies in any order
/// @returns for each run the number of its group, from 0 in order of first
///          appearance
std::vector<std::size_t>
shared_reply_groups(std::span<const std::vector<Digest128>> replies);

} // namespace lab::sweeps::statistics
