#include "sweeps/designs/leaf.hpp"

#include <array>

namespace lab::sweeps {

std::string_view name_of(LeafKind kind) {
  constexpr std::array<std::string_view, 9> names{
    "grid",  "list",     "zip",    "random",       "latin-hypercube",
    "sobol", "saltelli", "morris", "one-at-a-time"};
  return names.at(static_cast<std::size_t>(kind));
}

} // namespace lab::sweeps
