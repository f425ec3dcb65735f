#include "tools/cli/recording.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/yaml.hpp"
#include "scenarios/upgrade/blocks.hpp"
#include "tools/cli/json_output.hpp"

namespace lab::tools {

namespace {

// runtime/protocol: the question, its repair, and the same for the model that
// answers in a person's place.
constexpr std::int32_t in_persons_place = 2;
constexpr const char* no_move = "{\"action\": \"(no move)\"}";

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

/// The person gave no answer of its own.
bool declines(const RecordedReply& entry) {
  if (provider_of(entry.model) != "human")
    return false;
  const auto object = json::parse(entry.reply.text);
  return object && json::member(*object, "declined") != nullptr;
}

std::string finish_of(const Reply& reply) {
  return reply.finish == FinishReason::stop
           ? ""
           : std::string{to_string(reply.finish)};
}

} // namespace

UsedReplies::UsedReplies(std::vector<Ancestor> line) : line_(std::move(line)) {
  for (const auto& ancestor : line_)
    replies_[ancestor.run];
}

void UsedReplies::apply(const Fact& fact) {
  std::visit(Overloaded{
               [this](const CallReserved& f) {
                 if (replies_.count(f.owner.run) == 0)
                   return;
                 open_[f.attempt] = {f.owner.run, f.place};
                 models_[f.attempt] = f.model;
               },
               [this](const CallResolved& f) {
                 const auto open = open_.extract(f.attempt);
                 if (!open || f.reply_hash == Digest256{})
                   return;
                 const auto& [run, place] = open.mapped();
                 replies_[run][place] = {f.attempt, models_[f.attempt]};
               },
               [this](const CallShared& f) {
                 if (const auto run = replies_.find(f.run);
                     run != replies_.end())
                   run->second[f.place] = {f.source, ""};
               },
               [](const auto&) {},
             },
             fact);
}

std::map<Place, UsedReplies::Use> UsedReplies::used() const {
  std::map<Place, Use> all;
  for (const auto& [run, branch_turn] : line_) {
    std::erase_if(all, [turn = branch_turn](const auto& each) {
      return each.first.turn > turn;
    });
    const auto& own = replies_.at(run);
    all.insert(own.begin(), own.end());
  }
  return all;
}

std::vector<RecordedReply> playable(std::vector<RecordedReply> replies) {
  std::map<Place, RecordedReply> by_place;
  for (auto& entry : replies)
    by_place[entry.place] = std::move(entry);
  std::vector<Place> declined;
  for (const auto& [place, entry] : by_place)
    if (declines(entry))
      declined.push_back(place);
  for (const auto& place : declined) {
    for (const std::int32_t offset : {0, 1}) {
      auto from = place;
      from.ordinal += in_persons_place + offset;
      auto to = place;
      to.ordinal += offset;
      if (auto moved = by_place.extract(from)) {
        moved.key() = to;
        moved.mapped().place = to;
        by_place.erase(to);
        by_place.insert(std::move(moved));
      } else if (offset == 0) {
        // A script's own way to do nothing would be a move of its own.
        by_place[to].reply.text = no_move;
        if (place.phase != "decision")
          by_place.erase(to);
      }
    }
  }
  std::vector<RecordedReply> out;
  for (auto& [place, entry] : by_place)
    out.push_back(std::move(entry));
  return out;
}

std::string script_yaml(const std::vector<RecordedReply>& replies,
                        const std::string& about) {
  std::string out;
  for (const auto& line : split(trim(about), '\n'))
    out += "# " + line + "\n";
  for (const auto& [place, model, reply] : replies) {
    auto entry = yaml::Node::map();
    entry.set("turn", yaml::Node::plain(std::to_string(place.turn)));
    entry.set("phase", yaml::Node::plain(place.phase));
    entry.set("participant", yaml::Node::text(place.participant));
    entry.set("ordinal", yaml::Node::plain(std::to_string(place.ordinal)));
    if (const auto finish = finish_of(reply); !finish.empty())
      entry.set("finish", yaml::Node::plain(finish));
    entry.set("text", yaml::Node::text(reply.text));
    out += "\n" + scenarios::map_text(entry, 2).replace(0, 1, "-") + "\n";
  }
  return replies.empty() ? out + "[]\n" : out;
}

std::string script_lines(const std::vector<RecordedReply>& replies) {
  std::string out;
  for (const auto& [place, model, reply] : replies) {
    Json entry{{"turn", place.turn},
               {"phase", place.phase},
               {"participant", place.participant},
               {"ordinal", place.ordinal}};
    if (const auto finish = finish_of(reply); !finish.empty())
      entry["finish"] = finish;
    entry["text"] = reply.text;
    out += document(entry);
  }
  return out;
}

} // namespace lab::tools
