#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/model/model_watch.hpp"
#include "runtime/protocol/actors.hpp"

namespace lab::runtime {

/// What SENTINEL is given for one sweep.
struct SentinelParts {
  GatewayActor gateway;
  JournalActor journal;
  EventHubActor events;
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<ModelWatch> watch; // SENTINEL's alone
  SweepId sweep;
  std::string user;
};

/// One step per member function. A canary is a call like any other: approved,
/// journalled and billed, on an account of its own within the sweep.
struct SentinelState {
  static inline const char* name = "lab.sentinel";

  explicit SentinelState(SentinelActor::pointer actor) : self(actor) {}

  struct Checking {
    ModelCheck check;
    std::int64_t open = 0; // questions
  };

  caf::result<ModelsChecked> on_check(); // 1: one check at a time
  void begin(const WatchedModel& model); // 2: whose digest, which replies
  void ask(const WatchedModel& model, std::size_t canary, std::int32_t repeat);
  void on_answer(const std::string& model); // 3: until all are there
  void judge(const ModelCheck& check);      // 4: record
  void on_recorded(const ModelChecked& checked);
  void tell(const ModelChecked& checked);
  void finish(); // 5: when every model is judged
  void on_stop();

  SentinelActor::pointer self;
  SentinelParts parts;
  std::unordered_map<std::string, Checking> checking; // by model
  ModelsChecked found;
  std::optional<Error> failed; // the journal's
  caf::typed_response_promise<ModelsChecked> caller;
};

SentinelActor::behavior_type
sentinel(SentinelActor::stateful_pointer<SentinelState> self,
         SentinelParts parts);

} // namespace lab::runtime
