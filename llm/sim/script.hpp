#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "llm/sim/brief.hpp"
#include "runtime/base/error.hpp"

namespace lab::llm {

/// Replies by coordinates, from a file; the format is in docs/sim.md.
class Script {
public:
  /// Reads a `.jsonl` file as one JSON object a line, any other as YAML.
  /// @errors invalid_input: names the file and the line
  static Result<Script> load(const std::string& path);

  /// The text of the first entry that fits; nothing when none does.
  const std::string* reply_at(const Brief& brief) const;

private:
  /// A key that is absent fits anything.
  struct Entry {
    std::optional<std::int64_t> turn;
    std::optional<std::int64_t> ordinal;
    std::optional<std::string> phase;
    std::optional<std::string> participant;
    std::string text;
  };
  static Result<Script> from_yaml(const std::string& path);
  static Result<Script> from_lines(const std::string& path);

  std::vector<Entry> entries_;
};

} // namespace lab::llm
