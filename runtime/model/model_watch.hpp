#pragma once

#include <string>
#include <vector>

#include "runtime/model/chat.hpp"
#include "runtime/model/model_check.hpp"

namespace lab {

/// A model that is checked from time to time.
struct WatchedModel {
  std::string model;       // as scenarios name it
  std::int32_t checks = 0; // made so far
  std::vector<ChatRequest> canaries;
};

/// Which models of a sweep to check, and what their replies mean. Called by
/// SENTINEL alone.
class ModelWatch {
public:
  virtual ~ModelWatch() = default;
  virtual std::vector<WatchedModel> models() const = 0;
  /// How often each canary is asked in one check.
  virtual std::int32_t repeats() const = 0;
  /// The model's next check, in the order in which they are made.
  virtual Drift judge(const ModelCheck& check) = 0;
};

} // namespace lab
