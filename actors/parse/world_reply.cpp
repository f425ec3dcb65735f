#include "actors/parse/reply_parsers.hpp"
#include "actors/parse/tolerant.hpp"

namespace lab::actors {

namespace {

const std::vector<SectionNames> world_sections{
  {"UPDATED STATE", "UPDATED WORLD STATE", "NEW STATE", "NEW WORLD STATE",
   "WORLD STATE", "STATE"},
  {"KEY CHANGES", "CHANGES"},
  {"CONSEQUENCES"}};

std::optional<WorldUpdate> update_of(const std::string& state,
                                     const std::vector<std::string>& changes,
                                     const std::vector<std::string>& after) {
  WorldUpdate update;
  update.state = field_text(state, world_chars_max);
  if (update.state.empty())
    return std::nullopt;
  update.key_changes = field_texts(changes, changes_max, change_chars_max);
  update.consequences = field_texts(after, changes_max, change_chars_max);
  return update;
}

std::optional<WorldUpdate> from_object(const json::Value& object) {
  const auto texts = [&](const std::vector<std::string_view>& keys) {
    const auto* found = member_like(object, keys);
    return found != nullptr ? texts_of(*found) : std::vector<std::string>{};
  };
  const auto* state =
    member_like(object, {"updated_state", "updated_world_state", "new_state",
                         "new_world_state", "world_state", "state"});
  if (state == nullptr)
    return std::nullopt;
  return update_of(text_of(*state), texts({"key_changes", "changes"}),
                   texts({"consequences"}));
}

std::optional<WorldUpdate> from_sections(const std::vector<Section>& sections) {
  return update_of(sections[0].text, list_items(sections[1].text),
                   list_items(sections[2].text));
}

} // namespace

Result<WorldUpdate> parse_world(const Reply& reply) {
  static const TolerantForm<WorldUpdate> form{world_sections, from_object,
                                              from_sections, "updated state"};
  auto update = parse_tolerantly(reply, form);
  if (update)
    update->raw = reply.text;
  return update;
}

} // namespace lab::actors
