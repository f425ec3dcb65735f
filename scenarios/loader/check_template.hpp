#pragma once

#include <string>
#include <vector>

#include "runtime/model/scenario_spec.hpp"

namespace lab::scenarios {

/// A check's own wording as written: `{world_state}` stands for a text of the
/// turn. The first version wrote literal braces twice, `{{` and `}}`; here a
/// brace that begins no name is literal as it stands.
struct CheckTemplate {
  /// With single braces throughout.
  std::string text;
  /// Names in braces that nothing fills in, in order.
  std::vector<std::string> unknown;
  bool has_placeholder = false;
};

CheckTemplate read_check_template(const std::string& written, CheckKind kind);

/// What a template of this kind may name.
const std::vector<std::string>& placeholders_of(CheckKind kind);

} // namespace lab::scenarios
