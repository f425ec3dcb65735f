#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "runtime/model/chat.hpp"

namespace lab::sweeps {

/// A place of the call graph: who is asked what by which model. The model is
/// named without its parameters, as calls are recorded.
struct CallSite {
  std::string phase;
  std::string participant; // id; empty: the world and other helpers
  std::string model;

  friend auto operator<=>(const CallSite&, const CallSite&) = default;
};

/// What calls used, summed up.
struct CallSum {
  std::int64_t calls = 0;
  Usage usage;
};

/// A completed run of the same scenario, repairs and shared calls included.
struct PastRun {
  std::int32_t turns = 0;
  std::map<CallSite, CallSum> sites;
};

/// What completed runs tell of the next one.
class History {
public:
  /// Those of `runs` that asked at no other places than `sites`: another model
  /// or another participant makes another run. Runs of `turns` turns alone
  /// when there are any, because prompts grow with the turns.
  History(const std::vector<PastRun>& runs, const std::set<CallSite>& sites,
          std::int32_t turns);

  /// How many runs speak.
  std::int64_t runs() const { return runs_; }
  /// Sums of all these runs; nothing where they asked nothing.
  CallSum at(const CallSite& site) const;
  /// Turns of all these runs together.
  std::int64_t turns() const { return turns_; }

private:
  std::map<CallSite, CallSum> sums_;
  std::int64_t runs_ = 0;
  std::int64_t turns_ = 0;
};

} // namespace lab::sweeps
