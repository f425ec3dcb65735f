#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/base/check.hpp"
#include "runtime/base/yaml.hpp"

// Any bytes become a document or findings, never a crash; and what was read is
// within the bounds that the guard promises.

namespace {

using lab::yaml::Document;
using lab::yaml::Kind;
using lab::yaml::Mark;
using lab::yaml::Node;

void check_mark(const Document& document, Mark mark) {
  const auto lines = static_cast<int>(document.lines.size());
  LAB_CHECK(mark.line >= 0 && mark.line <= lines + 1,
            "line " + std::to_string(mark.line));
}

std::size_t check_node(const Document& document, const Node& node,
                       std::size_t depth) {
  const lab::yaml::Bounds bounds;
  LAB_CHECK(depth <= bounds.depth_max + 1, "depth " + std::to_string(depth));
  LAB_CHECK(node.scalar.size() <= bounds.scalar_bytes_max, "long scalar");
  check_mark(document, node.mark);
  check_mark(document, node.end);
  std::size_t nodes = 1;
  for (const auto& item : node.items)
    nodes += check_node(document, item, depth + 1);
  for (const auto& entry : node.entries) {
    LAB_CHECK(node.find(entry.key) == &entry.value, "key twice");
    nodes += check_node(document, entry.value, depth + 1);
  }
  return nodes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  lab::Findings findings;
  const auto document = lab::yaml::parse(text, "fuzz.yaml", findings);
  LAB_CHECK(document.has_value() == !findings.has_errors(), "half an answer");
  if (document) {
    const auto nodes = check_node(*document, document->root, 0);
    LAB_CHECK(nodes <= lab::yaml::Bounds{}.nodes_max + 1, "too many nodes");
    static_cast<void>(lab::yaml::canonical(document->root));
  }
  static_cast<void>(render(findings));
  static_cast<void>(to_json(findings));
  return 0;
}
