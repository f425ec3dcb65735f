#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "sweeps/expression/tree.hpp"

// Internal to this folder: which way of a function a call means.

namespace lab::sweeps {

struct Argument {
  std::string name; // of `last=10`; else empty
  std::size_t value = 0;
};

struct ChosenWay {
  std::shared_ptr<const Function> function;
  std::vector<std::size_t> parts; // as `TreeNode::parts`
};

/// The first way that takes these arguments, which stand in `nodes`. A place
/// of `begin == end == 0` in the error is the whole call.
tl::expected<ChosenWay, ExpressionError>
choose_way(const std::string& name,
           const std::vector<std::shared_ptr<const Function>>& ways,
           const std::vector<Argument>& given, std::vector<TreeNode>& nodes);

/// The words that an argument at this place, or of this name, can be.
std::vector<std::string>
words_at(const std::vector<std::shared_ptr<const Function>>& ways,
         const std::string& name, std::size_t position);

/// "quantile(VALUES, Q, last=N)", for help.
std::string spelled(const Function& function);

} // namespace lab::sweeps
