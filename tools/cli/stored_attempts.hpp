#pragma once

#include <string>
#include <utility>

#include "sweeps/adaptive/attempts.hpp"

namespace lab::tools {

/// What this workspace's tables hold of attempts.
class StoredAttempts final : public sweeps::AttemptRecords {
public:
  /// @param tables  file; it may come into being later
  explicit StoredAttempts(std::string tables) : tables_(std::move(tables)) {}

  Result<std::unordered_map<RunId, sweeps::RunAttempts>>
  of(const std::vector<RunId>& runs) override;

private:
  std::string tables_;
};

} // namespace lab::tools
