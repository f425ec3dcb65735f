#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "actors/parse/json_reply.hpp"
#include "actors/parse/reply_text.hpp"
#include "actors/parse/sections.hpp"
#include "runtime/model/chat.hpp"

// Internal to actors/parse: how every kind of reply is read.

namespace lab::actors {

/// What one kind of reply looks like.
template <class Value>
struct TolerantForm {
  std::vector<SectionNames> sections;
  std::optional<Value> (*from_object)(const json::Value& object);
  std::optional<Value> (*from_sections)(const std::vector<Section>& sections);
  std::string wanted; // what a reply must have, in messages
};

/// JSON that stands for itself, then labelled sections, then JSON within a
/// sentence. A JSON object behind the first label, or within a sentence, may
/// be a quotation of what another participant said, so it comes last.
/// @errors reply_invalid
template <class Value>
Result<Value> parse_tolerantly(const Reply& reply,
                               const TolerantForm<Value>& form) {
  const auto text = without_thoughts(reply.text);
  const auto sections = sections_of(text, form.sections);
  auto first_label = text.size();
  for (const auto& section : sections)
    if (section.found)
      first_label = std::min(first_label, section.at);

  const auto objects = objects_in(text);
  for (const auto& object : objects)
    if (object.starts_line && object.at < first_label)
      if (auto value = form.from_object(object.value))
        return std::move(*value);
  const bool cut = reply.finish == FinishReason::length;
  if (auto value = form.from_sections(sections); value && !cut)
    return std::move(*value);
  if (first_label == text.size())
    for (const auto& object : objects)
      if (auto value = form.from_object(object.value))
        return std::move(*value);

  if (reply.finish == FinishReason::refusal)
    return fail(Errc::reply_invalid, "the model declined to answer");
  if (cut)
    return fail(Errc::reply_invalid, "the reply was cut at its longest length");
  if (!objects.empty())
    return fail(Errc::reply_invalid, "the JSON object has no " + form.wanted);
  if (first_label < text.size())
    return fail(Errc::reply_invalid, "there is no section " + form.wanted);
  return fail(Errc::reply_invalid,
              field_text(text, text.size()).empty()
                ? "the reply is empty"
                : "there is neither a JSON object nor a labelled section");
}

} // namespace lab::actors
