#include "runtime/protocol/system.hpp"

#include "runtime/base/log.hpp"

namespace lab {

SystemConfig::SystemConfig(std::size_t threads) {
  add_message_types<caf::id_block::lab>();
  add_error_category(
    error_category,
    [](std::uint8_t code, caf::atom_value, const caf::message& context) {
      std::string text{to_string(static_cast<Errc>(code))};
      if (context.match_elements<std::string>())
        text += ": " + context.get_as<std::string>(0);
      return text;
    });
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", threads);
  set("scheduler.max-throughput", std::size_t{50});
}

void harden(caf::scheduled_actor* self) {
  self->set_default_handler(
    [](caf::scheduled_actor* actor,
       caf::message_view& message) -> caf::result<caf::message> {
      log_warning("unexpected-message",
                  {{"actor", actor->name()},
                   {"message", message.content().stringify()}});
      return caf::sec::unexpected_message;
    });
  self->set_exception_handler(
    [](caf::scheduled_actor* actor, std::exception_ptr& thrown) -> caf::error {
      std::string what = "unknown exception";
      try {
        std::rethrow_exception(thrown);
      } catch (const std::exception& e) {
        what = e.what();
      } catch (...) {
      }
      log_error("actor-died", {{"actor", actor->name()}, {"what", what}});
      return to_caf({Errc::internal, std::string{actor->name()} + ": " + what});
    });
}

} // namespace lab
