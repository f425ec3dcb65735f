#pragma once

#include <optional>
#include <string>

namespace lab::bench {

/// One measured number. Every benchmark program prints its figures on stdout,
/// one JSON object a line; `./dev bench` collects them.
struct Figure {
  std::string what; // "bare keep-alive client, 100 connections"
  double value = 0;
  std::string unit; // "calls/s"
  std::string aim;  // "at least 10,000"; empty: a reference, no aim
  std::optional<bool> met;
};

void report(const std::string& bench, const Figure& figure);

} // namespace lab::bench
