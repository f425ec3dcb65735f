#include "sweeps/expression/scope.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace lab::sweeps {

std::string_view describe(Type type) {
  switch (type) {
  case Type::truth:
    return "a condition";
  case Type::number:
    return "a number";
  case Type::text:
    return "a text";
  case Type::duration:
    return "a length of time";
  case Type::moment:
    return "a point in time";
  case Type::sample:
    return "the values of a metric";
  case Type::runs:
    return "a group of runs";
  case Type::word:
    return "a word";
  }
  return "a value";
}

std::string expression_name(std::string_view name) {
  std::string made;
  for (const char c : name) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                      || (c >= '0' && c <= '9') || c == '_' || c == '.'
                      || static_cast<unsigned char>(c) >= 0x80;
    made += kept ? c : '_';
  }
  return made;
}

void Scope::add(const std::string& name, Type type) {
  names_[expression_name(name)] = {name, type, true};
}

void Scope::add(Function function) {
  functions_.push_back(std::make_shared<const Function>(std::move(function)));
}

std::optional<Scope::Name> Scope::find(const std::string& written) const {
  const auto found = names_.find(written);
  if (found != names_.end())
    return found->second;
  if (!open_ || written.find('.') != std::string::npos)
    return std::nullopt;
  return Name{written, *open_, false};
}

std::vector<std::shared_ptr<const Function>>
Scope::functions(std::string_view name) const {
  std::vector<std::shared_ptr<const Function>> found;
  for (const auto& function : functions_)
    if (function->name == name)
      found.push_back(function);
  return found;
}

std::vector<std::string> Scope::names() const {
  std::vector<std::string> names;
  for (const auto& [written, name] : names_)
    names.push_back(written);
  return names;
}

std::vector<std::string> Scope::function_names() const {
  std::set<std::string> names;
  for (const auto& function : functions_)
    names.insert(function->name);
  return {names.begin(), names.end()};
}

} // namespace lab::sweeps
