#include "sweeps/expression/calls.hpp"

#include <algorithm>
#include <optional>

#include "runtime/base/text.hpp"

namespace lab::sweeps {

namespace {

using Ways = std::vector<std::shared_ptr<const Function>>;

/// What keeps a way from taking the arguments.
struct Misfit {
  std::optional<std::size_t> argument; // index in the call
  std::string message;
};

std::optional<std::size_t>
place_of(const Function& way, const Argument& argument, std::size_t position) {
  const auto count = way.parameters.size();
  if (!argument.name.empty()) {
    const auto found =
      std::ranges::find(way.parameters, argument.name, &Parameter::name);
    if (found == way.parameters.end())
      return std::nullopt;
    return static_cast<std::size_t>(found - way.parameters.begin());
  }
  if (position < count)
    return position;
  return way.repeats && count > 0 ? std::optional{position} : std::nullopt;
}

/// Puts the arguments where they belong.
std::optional<Misfit> fit(const Function& way,
                          const std::vector<Argument>& given,
                          const std::vector<TreeNode>& nodes,
                          std::vector<std::size_t>& parts) {
  const auto count = way.parameters.size();
  parts.assign(count, TreeNode::absent);
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto place = place_of(way, given[i], i);
    if (!place)
      return Misfit{i, given[i].name.empty()
                         ? "`" + way.name + "` takes at most "
                             + std::to_string(count)
                             + (count == 1 ? " value" : " values")
                         : "`" + way.name + "` has no `" + given[i].name + "`"};
    if (*place >= parts.size())
      parts.resize(*place + 1, TreeNode::absent);
    if (parts[*place] != TreeNode::absent)
      return Misfit{i, "`" + given[i].name + "` is given twice"};
    const auto& wanted = way.parameters[std::min(*place, count - 1)];
    const auto& made = nodes[given[i].value];
    if (made.type != wanted.type)
      return Misfit{i, "`" + way.name + "` wants "
                         + std::string{describe(wanted.type)} + " here, not "
                         + std::string{describe(made.type)}};
    if (wanted.by_name && made.op != Op::name)
      return Misfit{i, "`" + way.name + "` wants the name of a metric here"};
    parts[*place] = given[i].value;
  }
  for (std::size_t i = 0; i < count; ++i)
    if (parts[i] == TreeNode::absent && !way.parameters[i].optional)
      return Misfit{std::nullopt,
                    "`" + way.name + "` lacks "
                      + std::string{describe(way.parameters[i].type)}};
  return std::nullopt;
}

} // namespace

tl::expected<ChosenWay, ExpressionError>
choose_way(const std::string& name, const Ways& ways,
           const std::vector<Argument>& given, std::vector<TreeNode>& nodes) {
  ChosenWay made;
  std::optional<Misfit> first;
  for (const auto& way : ways) {
    auto misfit = fit(*way, given, nodes, made.parts);
    if (!misfit) {
      made.function = way;
      for (std::size_t i = 0; i < way->parameters.size(); ++i)
        if (way->parameters[i].by_name && made.parts[i] != TreeNode::absent) {
          auto& metric = nodes[made.parts[i]];
          metric.op = Op::constant;
          metric.constant = metric.text;
        }
      return made;
    }
    if (!first)
      first = std::move(misfit);
  }
  ExpressionError error;
  error.message =
    first ? first->message : "there is no function `" + name + "`";
  if (first && first->argument) {
    const auto& place = nodes[given[*first->argument].value];
    error.begin = place.begin;
    error.end = place.end;
  }
  std::vector<std::string> forms;
  for (const auto& way : ways)
    forms.push_back(spelled(*way));
  error.help.push_back("write it like " + join(forms, " or "));
  return tl::unexpected(std::move(error));
}

std::vector<std::string> words_at(const Ways& ways, const std::string& name,
                                  std::size_t position) {
  std::vector<std::string> words;
  for (const auto& way : ways) {
    const auto place = place_of(*way, {name, 0}, position);
    if (!place || way->parameters.empty())
      continue;
    const auto& allowed =
      way->parameters[std::min(*place, way->parameters.size() - 1)].words;
    words.insert(words.end(), allowed.begin(), allowed.end());
  }
  return words;
}

std::string spelled(const Function& function) {
  std::vector<std::string> parts;
  for (const auto& parameter : function.parameters) {
    auto shown =
      parameter.words.empty() ? parameter.name : join(parameter.words, "|");
    parts.push_back(parameter.optional ? "[" + shown + "=...]" : shown);
  }
  if (function.repeats)
    parts.emplace_back("...");
  return function.name + "(" + join(parts, ", ") + ")";
}

} // namespace lab::sweeps
