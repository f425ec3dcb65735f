#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sweeps/statistics/interval.hpp"

// How a report writes numbers: as many digits as the error leaves meaning.

namespace lab::sweeps::report {

/// "4.40": so many decimals; never "-0".
std::string fixed_text(double number, int decimals);

/// "4.4", "0.0123", "12300": so many significant digits, without an exponent
/// between 1e-5 and 1e15.
std::string significant_text(double number, int digits = 3);

/// Decimals that show an error of `width` with two digits; 0 to 6.
int decimals_for(double width);

/// "4.4 (3.9 to 4.9)", decimals by the interval's width; "4.4" without one.
std::string estimate_text(const statistics::Estimate& estimate);
std::string estimate_text(std::optional<double> value,
                          const std::optional<statistics::Interval>& interval);

/// "3.9 to 4.9"; "-" for none, and "no bound" at an infinite end.
std::string interval_text(const std::optional<statistics::Interval>& interval);

/// "0.034", "< 0.001"; "-" for none.
std::string p_text(std::optional<double> p);

/// "12 %", "0.4 %"
std::string percent_text(double share);

/// "14,092"
std::string grouped_text(std::int64_t number);

/// "1 run", "24 runs"
std::string counted(std::int64_t count, const std::string& noun);

} // namespace lab::sweeps::report
