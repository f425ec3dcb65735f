#include "scenarios/loader/content_hash.hpp"

#include <fstream>
#include <iterator>

#include "runtime/base/field_hasher.hpp"
#include "runtime/base/text.hpp"
#include "runtime/model/run_spec.hpp"

namespace lab::scenarios {

namespace {

std::string content_of_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The path in `sim/script?file=PATH`; empty for any other model.
std::string script_of(const std::string& model) {
  const auto question = model.find('?');
  if (model.substr(0, question) != "sim/script"
      || question == std::string::npos)
    return {};
  for (const auto& knob :
       split(std::string_view{model}.substr(question + 1), '&'))
    if (knob.starts_with("file="))
      return knob.substr(5);
  return {};
}

} // namespace

Digest256 content_of(const ScenarioSpec& spec) {
  auto without = spec;
  without.content = {};
  FieldHasher hasher;
  inspect(hasher, without);
  Hasher scripts;
  bool any = false;
  for (const auto& model : models_of(spec))
    if (const auto path = script_of(model); !path.empty()) {
      scripts.add(content_of_file(path));
      any = true;
    }
  const auto content = hasher.finish256();
  return any ? scripts.add(content).finish256() : content;
}

} // namespace lab::scenarios
