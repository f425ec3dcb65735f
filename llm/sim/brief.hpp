#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/error.hpp"

namespace lab::llm {

/// What a simulated model may act on: `ChatRequest::brief`, read. The keys are
/// those of docs/sim.md. Texts point into the JSON that was read, which must
/// outlive them, or into `unescaped`.
struct Brief {
  enum class Kind : std::uint8_t {
    other,
    decision,
    world,
    talk_offer,
    talk_answer,
    coalition_proposal,
    coalition_answer,
    coalition_word,
    summary,
    check,
    metric,
  };

  struct Event {
    std::string_view name;
    std::string_view description;
  };
  struct Action {
    std::string_view participant;
    std::string_view text;
    std::int64_t turn = 0; // in `summary`
  };
  enum class MetricType : std::uint8_t {
    continuous,
    integer,
    boolean,
    categorical,
    text,
  };
  struct Metric {
    std::string_view name;
    std::string_view label;
    std::string_view line;
    MetricType type = MetricType::continuous;
    double low = 0;
    double high = 10;
    double value = std::numeric_limits<double>::quiet_NaN(); // none yet
    std::vector<std::string_view> categories;
    std::vector<std::string_view> keywords;
  };
  using Named = std::vector<std::pair<std::string_view, double>>;

  Kind kind = Kind::other;
  std::int64_t turn = 0;
  std::int64_t turns = 0;
  std::string_view phase;
  std::string_view participant;
  std::int64_t ordinal = 0;
  bool repair = false;
  std::string_view name;
  std::vector<std::string_view> goals;
  Named dials;
  Named parameters;
  Named powers;
  std::vector<std::pair<std::string_view, std::string_view>> names;
  /// Private words of this turn, to and from it.
  std::vector<Action> messages;
  std::string_view from;    // who sent the message, or proposes
  std::string_view message; // or the coalition's purpose
  std::vector<std::string_view> members;
  std::vector<Action> words; // said in the coalition so far
  std::vector<Event> events;
  std::vector<Action> actions;
  std::vector<Metric> metrics;
  std::string_view check;  // which one
  std::string_view before; // the summary so far
  std::string_view text;   // what is judged or read
  std::vector<std::string_view> restricted;

  std::deque<std::string> unescaped;
};

/// Reads a brief in one pass without building a tree: it is most of what a
/// simulated call costs. An empty text is an empty brief.
/// @errors invalid_input: no JSON object, a key of another type
Result<Brief> parse_brief(std::string_view json);

} // namespace lab::llm
