#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "llm/sim/brief.hpp"
#include "runtime/base/error.hpp"
#include "runtime/model/chat.hpp"

namespace lab::llm {

/// What a script answers, and how a model would have ended it.
struct ScriptedReply {
  std::string text;
  FinishReason finish = FinishReason::stop;
};

/// Replies by coordinates, from a file: docs/formats/script.md.
class Script {
public:
  /// Reads a `.jsonl` file as one JSON object a line, any other as YAML.
  /// @errors invalid_input: names the file and the line
  static Result<Script> load(const std::string& path);

  /// The first entry that fits; nothing when none does.
  const ScriptedReply* find(const Brief& brief) const;
  /// Its text.
  const std::string* reply_at(const Brief& brief) const;

private:
  /// A key that is absent fits anything.
  struct Entry {
    std::optional<std::int64_t> turn;
    std::optional<std::int64_t> ordinal;
    std::optional<std::string> phase;
    std::optional<std::string> participant;
    ScriptedReply reply;
  };
  static Result<Script> from_yaml(const std::string& path);
  static Result<Script> from_lines(const std::string& path);

  std::vector<Entry> entries_;
};

} // namespace lab::llm
