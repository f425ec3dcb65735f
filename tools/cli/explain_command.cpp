#include "runtime/base/text.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/embedded.hpp"
#include "tools/cli/explain.hpp"
#include "tools/cli/json_output.hpp"

namespace lab::tools {

std::string_view error_index() {
  for (const auto& file : embedded_files())
    if (file.path == "docs/errors.md")
      return file.text;
  return {};
}

std::vector<std::string> explained_codes(std::string_view index) {
  std::vector<std::string> codes;
  for (const auto& line : split(index, '\n'))
    if (line.rfind("### ", 0) == 0)
      codes.push_back(line.substr(4, line.find(' ', 4) - 4));
  return codes;
}

std::string explanation_of(std::string_view index, const std::string& code) {
  std::string out;
  bool inside = false;
  for (const auto& line : split(index, '\n')) {
    if (line.rfind("##", 0) == 0)
      inside =
        line.rfind("### " + code, 0) == 0
        && (line.size() == 4 + code.size() || line[4 + code.size()] == ' ');
    if (inside)
      out += (line.rfind("### ", 0) == 0 ? line.substr(4) : line) + "\n";
  }
  return std::string{trim(out)};
}

Outcome<ExitCode> explain_command(const ExplainCommand& command,
                                  const Context& context) {
  auto code = command.code;
  for (auto& c : code)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  const auto text = explanation_of(error_index(), code);
  if (text.empty()) {
    Failure failure;
    failure.exit = ExitCode::not_found;
    auto unknown = finding("U020", "there is no error code `"
                                     + printable(command.code) + "`");
    if (const auto near = closest(code, explained_codes(error_index())))
      unknown.help.push_back("did you mean `" + *near + "`?");
    failure.findings.add(std::move(unknown));
    return give_up(std::move(failure));
  }
  context.result(text + "\n",
                 document(Json{{"schema", "scenario-lab/explain/1"},
                               {"code", code},
                               {"text", text}}));
  return ExitCode::done;
}

} // namespace lab::tools
