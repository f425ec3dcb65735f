#include "runtime/protocol/caf_error.hpp"

namespace lab {

caf::error to_caf(const Error& error) {
  return {static_cast<std::uint8_t>(error.code), error_category,
          caf::make_message(error.context)};
}

Error from_caf(const caf::error& error) {
  if (error.category() == error_category) {
    std::string context;
    if (error.context().match_elements<std::string>())
      context = error.context().get_as<std::string>(0);
    return {static_cast<Errc>(error.code()), context};
  }
  if (error == caf::sec::request_receiver_down
      || error == caf::exit_reason::user_shutdown)
    return {Errc::shutting_down, "the receiver has stopped"};
  return {Errc::internal, "caf error " + std::to_string(error.code())};
}

} // namespace lab
