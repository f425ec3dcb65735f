#include "sweeps/expression/read_expression.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/yaml_reader.hpp"

namespace lab::sweeps {

Diagnostic at_piece(const yaml::Document& document, const yaml::Node& node,
                    std::size_t begin, std::size_t end, std::string code,
                    std::string message) {
  auto finding = yaml::at(document, node, std::move(code), std::move(message));
  const auto first = static_cast<std::size_t>(std::max(finding.column, 1)) - 1
                     + (node.quoted ? 1 : 0);
  // Only where the line shows the text as it is: no escapes, no folding.
  const bool as_written =
    finding.line > 0 && first <= finding.source.size()
    && finding.source.compare(first, node.scalar.size(), node.scalar) == 0;
  if (as_written) {
    finding.column = static_cast<int>(first + begin) + 1;
    finding.end_column = static_cast<int>(first + std::max(end, begin + 1)) + 1;
  } else {
    finding.notes.push_back("at byte " + std::to_string(begin + 1)
                            + " of the expression");
  }
  return finding;
}

std::optional<Expression>
read_expression(const yaml::Document& document, const yaml::Node& node,
                const Scope& scope, const Wanted& wanted,
                const std::string& code, const std::string& path,
                Findings& findings) {
  if (node.kind != yaml::Kind::scalar) {
    auto finding =
      yaml::at(document, node, code,
               "an expression should stand here, not " + yaml::describe(node));
    finding.path = path;
    findings.add(std::move(finding));
    return std::nullopt;
  }
  auto made = Expression::parse(node.scalar, scope, wanted);
  if (made)
    return std::move(*made);
  auto& error = made.error();
  auto finding = at_piece(document, node, error.begin, error.end, code,
                          std::move(error.message));
  finding.path = path;
  finding.help = std::move(error.help);
  finding.notes.insert(finding.notes.end(), error.notes.begin(),
                       error.notes.end());
  findings.add(std::move(finding));
  return std::nullopt;
}

} // namespace lab::sweeps
