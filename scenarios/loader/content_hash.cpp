#include "scenarios/loader/content_hash.hpp"

#include "runtime/base/field_hasher.hpp"

namespace lab::scenarios {

Digest256 content_of(const ScenarioSpec& spec) {
  auto without = spec;
  without.content = {};
  FieldHasher hasher;
  inspect(hasher, without);
  return hasher.finish256();
}

} // namespace lab::scenarios
