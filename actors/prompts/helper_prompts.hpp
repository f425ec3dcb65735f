#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/prompts/helper_views.hpp"
#include "runtime/model/chat.hpp"

namespace lab::actors {

// Prompts of the models that help to run a scenario. Like all prompts they are
// functions of a view: equal views give equal bytes.

/// The summary so far, what happened since, and what is wanted.
std::vector<ChatMessage> summary_messages(const SummaryView& view);
const std::string& summary_schema();

/// What is judged, as data, and what is asked of it: the scenario's own
/// template, filled in, or our wording.
std::vector<ChatMessage> check_messages(const CheckView& view);
const std::string& check_schema();

/// The scenario's question and the texts, as data.
std::vector<ChatMessage> metric_messages(const MetricView& view);
/// Of a reply that can hold the metric's values, or null when a text does not
/// tell.
std::string metric_schema(const MetricSpec& metric);

/// Puts values in the places of `{names}`, in one pass: what is put in is not
/// looked through again, and a brace that opens no known name stays.
std::string filled(const std::string& text,
                   const std::map<std::string, std::string>& values);

} // namespace lab::actors
