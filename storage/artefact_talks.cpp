#include <algorithm>
#include <set>

#include "runtime/base/text.hpp"
#include "storage/markdown.hpp"

namespace lab::storage {

namespace {

using Ids = std::set<std::string>;

/// Everything between the same people on one channel in one turn.
struct Conversation {
  std::string channel;
  Ids members;
  std::vector<const CoalitionProposal*> proposals;
  std::vector<const Talk*> talks;
  std::vector<const Message*> messages;
};

Ids members_of(const std::string& one, const std::vector<std::string>& others) {
  Ids members{others.begin(), others.end()};
  members.insert(one);
  return members;
}

Conversation& find_or_add(std::vector<Conversation>& all,
                          const std::string& channel, Ids members) {
  const auto known = std::ranges::find_if(all, [&](const Conversation& x) {
    return x.channel == channel && x.members == members;
  });
  if (known != all.end())
    return *known;
  return all.emplace_back(
    Conversation{channel, std::move(members), {}, {}, {}});
}

/// A coalition's purpose and the answers to it are told with the proposal.
bool told_by(const CoalitionProposal& proposal, const Message& message) {
  if (message.sender == proposal.proposer)
    return message.text == proposal.purpose
           && members_of(message.sender, message.recipients)
                == members_of(proposal.proposer, proposal.members);
  return message.recipients == std::vector{proposal.proposer}
         && std::ranges::any_of(proposal.answers,
                                [&](const CoalitionAnswer& answer) {
                                  return answer.participant == message.sender
                                         && answer.response == message.text;
                                });
}

std::vector<Conversation> conversations(const TurnRecord& record) {
  std::vector<Conversation> all;
  for (const auto& talk : record.talks)
    if (!talk.target.empty())
      find_or_add(all, "bilateral", {talk.initiator, talk.target})
        .talks.push_back(&talk);
  for (const auto& proposal : record.coalitions)
    if (!proposal.members.empty())
      find_or_add(all, "coalition",
                  members_of(proposal.proposer, proposal.members))
        .proposals.push_back(&proposal);
  for (const auto& message : record.messages) {
    const bool told =
      message.channel == "coalition"
      && std::ranges::any_of(record.coalitions, [&](const auto& proposal) {
           return told_by(proposal, message);
         });
    if (!told)
      find_or_add(all, message.channel,
                  members_of(message.sender, message.recipients))
        .messages.push_back(&message);
  }
  return all;
}

std::string words(const RunHeader& run, const std::string& speaker,
                  const std::string& text) {
  return "### " + display_name(run, speaker) + "\n\n" + std::string{trim(text)}
         + "\n\n---\n\n";
}

std::string proposal_text(const RunHeader& run,
                          const CoalitionProposal& proposal) {
  auto out = "## Proposal of " + display_name(run, proposal.proposer) + "\n\n";
  out += "**Purpose:** " + std::string{trim(proposal.purpose)} + "\n\n";
  out += std::string{"**Outcome:** "}
         + (proposal.repeated ? "already proposed"
            : proposal.formed ? "formed"
                              : "refused")
         + "\n\n";
  for (const auto& answer : proposal.answers) {
    const auto response = std::string{trim(answer.response)};
    out += "- **" + display_name(run, answer.participant) + "** "
           + (answer.accepted ? "accepts" : "refuses")
           + (response.empty() ? "" : ": " + response) + "\n";
  }
  return out + (proposal.answers.empty() ? "---\n\n" : "\n---\n\n");
}

/// What each kept for itself; empty when nobody kept anything.
std::string notes_text(const RunHeader& run, const Conversation& talk) {
  std::string out;
  const auto add = [&](const std::string& who, const std::string& text) {
    if (!trim(text).empty())
      out += "### " + display_name(run, who) + "\n\n" + std::string{trim(text)}
             + "\n\n";
  };
  for (const auto* x : talk.talks) {
    add(x->initiator, x->reasoning);
    add(x->target, x->notes);
  }
  for (const auto* x : talk.proposals) {
    add(x->proposer, x->reasoning);
    for (const auto& answer : x->answers)
      add(answer.participant, answer.notes);
  }
  return out.empty() ? out : "## Private Notes\n\n" + out;
}

std::string conversation_text(const RunHeader& run, std::int32_t turn,
                              const Conversation& talk) {
  std::vector<std::string> names;
  for (const auto& id : talk.members)
    names.push_back(display_name(run, id));
  auto out =
    opening(run,
            turn_title(talk.channel == "coalition" ? "Coalition Communication"
                                                   : "Bilateral Negotiation",
                       turn),
            "**Participants:** " + join(names, ", ") + "\n\n");
  for (const auto* proposal : talk.proposals)
    out += proposal_text(run, *proposal);
  if (!talk.messages.empty() || talk.proposals.empty())
    out += "## Messages\n\n";
  for (const auto* message : talk.messages)
    out += words(run, message->sender, message->text);
  for (const auto* x : talk.talks)
    if (trim(x->answer).empty())
      out += "*" + display_name(run, x->target) + " gave no answer to "
             + display_name(run, x->initiator) + ".*\n\n";
  return out + notes_text(run, talk);
}

} // namespace

std::vector<ArtefactFile> conversation_files(const RunHeader& run,
                                             const TurnRecord& record) {
  std::vector<ArtefactFile> files;
  for (const auto& talk : conversations(record))
    files.push_back({talk.channel + "-"
                       + join({talk.members.begin(), talk.members.end()}, "+")
                       + "-" + three_digits(record.turn) + ".md",
                     conversation_text(run, record.turn, talk)});
  return files;
}

} // namespace lab::storage
