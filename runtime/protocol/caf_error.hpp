#pragma once

#include <utility>

#include "runtime/protocol/type_ids.hpp"

namespace lab {

constexpr caf::atom_value error_category = caf::atom("lab");

/// The one place where `Error` becomes a CAF error, and back.
caf::error to_caf(const Error& error);
/// Errors of other categories (a receiver that is gone) become `internal`, or
/// `shutting_down` when the receiver was told to stop.
Error from_caf(const caf::error& error);

template <class T>
caf::result<T> reply(Result<T> result) {
  if (result)
    return std::move(*result);
  return to_caf(result.error());
}

} // namespace lab
