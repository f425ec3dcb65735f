#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/model/chat.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab::actors {

// Replies of the models that help to run a scenario, read by the rules of
// reply_parsers.hpp.

constexpr std::size_t summary_chars_max = 6'000;
constexpr std::size_t issue_chars_max = 500;
constexpr std::size_t issues_max = 20;
constexpr std::size_t explanation_chars_max = 4'000;

struct SummaryReply {
  std::string summary;
  std::string raw{};
};

/// @errors reply_invalid: no summary
Result<SummaryReply> parse_summary(const Reply& reply);

/// The whole reply as a summary, for one that has no form.
/// @errors reply_invalid: it says nothing
Result<SummaryReply> summary_from_text(const Reply& reply);

struct CheckReply {
  bool passed = false;
  std::optional<IssueSeverity> severity;
  std::vector<std::string> issues;
  std::string explanation;
  std::string raw;
};

/// A verdict counts where a JSON member or a label gives it, and as a plain
/// yes or no: what the judged wrote cannot give one, nor can prose. A reply
/// with two different verdicts has none.
/// @errors reply_invalid: no verdict
Result<CheckReply> parse_check(const Reply& reply);

/// Reads one metric's value; a text that does not tell it is `missing`.
/// @errors reply_invalid: no value, or none of the metric's type
Result<MetricValue> parse_metric(const MetricSpec& metric, const Reply& reply);

/// What is kept of a reply that is no value of the metric even after a repair.
MetricValue unparseable(const MetricSpec& metric, const Reply& reply);

} // namespace lab::actors
