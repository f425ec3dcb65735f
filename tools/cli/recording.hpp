#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/model/fact.hpp"

namespace lab::tools {

/// A run, and how much of its predecessor's it continues.
struct Ancestor {
  RunId run;
  std::int32_t branch_turn = 0; // turns that come from the one before it
};

/// Which replies some runs used: a reading of the journal's facts. Pure.
class UsedReplies {
public:
  struct Use {
    AttemptId attempt; // whose reply it is
    std::string model; // empty when another run asked for it
  };

  /// @param line  the oldest ancestor first, the run itself last
  explicit UsedReplies(std::vector<Ancestor> line);

  void apply(const Fact& fact);
  /// Of the last run of the line, ancestors' turns with it.
  std::map<Place, Use> used() const;

private:
  std::vector<Ancestor> line_;
  std::map<RunId, std::map<Place, Use>> replies_;
  std::map<AttemptId, std::pair<RunId, Place>> open_; // reserved, not resolved
  std::map<AttemptId, std::string> models_;
};

/// A reply with its place: an entry of a script.
struct RecordedReply {
  Place place;
  std::string model;
  Reply reply;
};

/// The entries in the order in which a script may ask for them. What a person
/// left to a model stands where the person was asked, for a script has nobody
/// to decline.
std::vector<RecordedReply> playable(std::vector<RecordedReply> replies);

/// The script as YAML, or one JSON object a line.
/// @param about  a comment for people at its head; YAML alone
std::string script_yaml(const std::vector<RecordedReply>& replies,
                        const std::string& about);
std::string script_lines(const std::vector<RecordedReply>& replies);

} // namespace lab::tools
