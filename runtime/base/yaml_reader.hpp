#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/money.hpp"
#include "runtime/base/yaml.hpp"

namespace lab::yaml {

struct IntRange {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

/// Reads the keys of one map by type and reports every problem with its place:
/// wrong kind, out of range, missing, unknown (with a suggestion). A read that
/// reported returns nothing, so a caller goes on and finds the next problem.
///
///   MapReader budget{document, node, "budget", "S", findings};
///   auto usd = budget.usd("usd");
///   budget.finish();             // unknown keys
class MapReader {
public:
  /// @param where  the map's name in messages and its dotted path
  /// @param codes  first letter of the finding codes ("S", "P")
  MapReader(const Document& document, const Node& map, std::string where,
            std::string codes, Findings& findings);

  bool has(std::string_view key) const;
  /// The value of a known key, whatever its kind; nullptr when absent or null.
  const Node* node(std::string_view key);
  const Node* required(std::string_view key);

  std::optional<std::string> text(std::string_view key);
  std::optional<std::string> required_text(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key,
                                      IntRange range = {});
  std::optional<double> number(std::string_view key);
  std::optional<Money> usd(std::string_view key);
  /// A list of texts; a single text counts as a list of one.
  std::optional<std::vector<std::string>> texts(std::string_view key);
  /// One of `allowed`, else a finding that lists them.
  std::optional<std::string> one_of(std::string_view key,
                                    const std::vector<std::string>& allowed);

  /// Declares a key that is accepted here but read elsewhere or without effect.
  void allow(std::string_view key);

  /// A finding at the value (or the key when absent: at the map).
  Diagnostic& error(std::string_view key, std::string code,
                    std::string message);
  Diagnostic& warning(std::string_view key, std::string code,
                      std::string message);

  /// Reports each key nobody asked for. `unknown` decides how strict: sweeps
  /// and settings refuse; scenarios, which old versions let carry anything,
  /// warn.
  void finish(Severity unknown = Severity::error);

  const Node& map() const { return map_; }
  const Document& document() const { return document_; }
  std::string path_of(std::string_view key) const;

private:
  const Document& document_;
  const Node& map_;
  std::string where_;
  std::string codes_;
  Findings& findings_;
  std::vector<std::string> known_;
};

/// "a text", "a list": the kind of a node in the words of a finding.
std::string describe(const Node& node);

} // namespace lab::yaml
