#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sweeps/expression/expression.hpp"

namespace lab::sweeps {

/// Answers from a table, and remembers what it was asked.
class TableEnvironment final : public Environment {
public:
  explicit TableEnvironment(std::map<std::string, Value> values = {})
    : values_(std::move(values)) {}

  Value name(const std::string& name) const override {
    const auto found = values_.find(name);
    return found == values_.end() ? Value{} : found->second;
  }

  Value call(const std::string& function,
             const std::vector<Value>& arguments) const override {
    calls.emplace_back(function, arguments);
    const auto found = values_.find(function + "()");
    return found == values_.end() ? Value{} : found->second;
  }

  mutable std::vector<std::pair<std::string, std::vector<Value>>> calls;

private:
  std::map<std::string, Value> values_;
};

} // namespace lab::sweeps
