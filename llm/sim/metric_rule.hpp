#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "llm/sim/brief.hpp"
#include "llm/sim/chance.hpp"

namespace lab::llm {

/// How a metric stands in a reply.
struct MetricText {
  std::string line;   // "- Trust index: 6.1"; empty: nothing to say
  std::string change; // "Trust index went from 5.2 to 6.1"; or empty
};

/// A metric after a turn of this climate (-1 to 1), by the rule of docs/sim.md.
MetricText moved_by(const Brief::Metric& metric, double climate,
                    const Chance& chance);

/// The line that says a metric's value.
std::string line_of(const Brief::Metric& metric, const std::string& value);

/// A metric as it was.
MetricText kept(const Brief::Metric& metric);

/// The value in the last line of a text that says this metric as `moved_by`
/// does; nothing when none does.
std::optional<std::string_view> told_in(std::string_view text,
                                        const Brief::Metric& metric);

} // namespace lab::llm
