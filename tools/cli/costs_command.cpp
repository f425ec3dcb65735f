#include "tools/cli/commands.hpp"
#include "tools/cli/costs_report.hpp"

namespace lab::tools {

Outcome<ExitCode> costs_command(const CostsCommand& command,
                                const Context& context) {
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  std::optional<storage::Target> target;
  std::string subject = "everything in " + context.settings.home.value;
  if (!command.id.empty()) {
    auto found = tables->resolve(command.id);
    if (!found)
      return give_up(found.error(), "`" + command.id + "`");
    target = *found;
    subject = std::visit([](const auto& id) { return to_string(id); }, *found);
  }
  // The model comes along, so that play money can stand apart.
  auto dimensions = command.by;
  dimensions.push_back(storage::CostBy::model);
  const auto rows = tables->costs(target, dimensions);
  if (!rows)
    return give_up(rows.error(), "the costs");
  const auto view = costs_view(std::move(subject), command.by, *rows);
  context.result(costs_text(view), costs_json(view));
  return ExitCode::done;
}

} // namespace lab::tools
