#pragma once

#include <string>

#include "llm/sim/answer.hpp"
#include "llm/sim/chance.hpp"
#include "runtime/base/error.hpp"
#include "runtime/model/chat.hpp"

namespace lab::llm {

/// How a persona answers.
enum class Manner : std::uint8_t {
  rules,   // docs/sim.md
  minimal, // holds its position; the world keeps its metrics; no mistakes
};

/// Answers requests by the rules of docs/sim.md. Equal requests get equal
/// replies; nothing but compiled schemas is remembered between them.
class Persona {
public:
  /// @errors invalid_input: a brief or a schema that cannot be read
  Result<std::string> answer(const ChatRequest& request,
                             Manner manner = Manner::rules);

private:
  SchemaWriter schemas_;
};

} // namespace lab::llm
