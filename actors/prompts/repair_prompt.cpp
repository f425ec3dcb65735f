#include "actors/prompts/data_block.hpp"
#include "actors/prompts/prompts.hpp"
#include "actors/prompts/wording.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

/// Enough of a reply to say it again; longer ones mostly repeat themselves.
constexpr std::size_t raw_bytes_max = 4'000;

} // namespace

std::vector<ChatMessage> repair_messages(std::vector<ChatMessage> asked,
                                         const std::string& raw,
                                         const std::string& reason) {
  LAB_CHECK(!asked.empty(), "reason=" + reason);
  // `printable` replaces a character that the cut went through.
  const auto shown = printable(std::string_view{raw}.substr(0, raw_bytes_max));
  // One message more would break servers that want roles to alternate.
  asked.back().text +=
    "\n## Your last reply could not be read\n\nReason: " + reason
    + ". The reply, as data:\n\n" + std::string{record_opening}
    + "\"you\",\"channel\":\"reply\",\"text\":" + json_quote(shown)
    + "}\n\nGive the same answer again, shorter if it was long, in the form "
      "asked for above and with nothing around it.\n";
  return asked;
}

} // namespace lab::actors
