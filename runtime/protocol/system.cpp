#include "runtime/protocol/system.hpp"

#include "runtime/base/check.hpp"
#include "runtime/base/log.hpp"

namespace lab {

SystemConfig::SystemConfig(std::size_t threads) {
  add_message_types<caf::id_block::lab>();
  add_error_category(error_category, [](std::uint8_t code, caf::atom_value,
                                        const caf::message& context) {
    std::string text{to_string(static_cast<Errc>(code))};
    if (context.match_elements<std::string>())
      text += ": " + context.get_as<std::string>(0);
    return text;
  });
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", threads);
  set("scheduler.max-throughput", std::size_t{50});
}

namespace {

std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "unknown exception";
  }
}

} // namespace

void harden(caf::scheduled_actor* self) {
  self->set_default_handler(
    [](caf::scheduled_actor* actor,
       caf::message_view& message) -> caf::result<caf::message> {
      log_warning(
        "unexpected-message",
        {{"actor", actor->name()}, {"message", message.content().stringify()}});
      return caf::sec::unexpected_message;
    });
  self->set_exception_handler(
    [](caf::scheduled_actor* actor, std::exception_ptr& thrown) -> caf::error {
      const auto what = text_of(thrown);
      log_error("actor-died", {{"actor", actor->name()}, {"what", what}});
      return to_caf({Errc::internal, std::string{actor->name()} + ": " + what});
    });
}

void harden_vital(caf::scheduled_actor* self) {
  harden(self);
  self->set_exception_handler(
    [](caf::scheduled_actor* actor, std::exception_ptr& thrown) -> caf::error {
      LAB_CHECK(thrown == nullptr,
                std::string{actor->name()} + " died: " + text_of(thrown));
      return {};
    });
}

} // namespace lab
