#include "sweeps/analysis/design_group.hpp"

#include <algorithm>

namespace lab::sweeps {

namespace {

const std::string& label_of(const Factor& factor) {
  return factor.label.empty() ? factor.name : factor.label;
}

} // namespace

const Leaf& DesignGroup::points() const {
  return *manifest->design->blocks()[block].leaves[leaf];
}

std::int64_t DesignGroup::index(std::int64_t position) const {
  return manifest->design->index_in_group(block, leaf, group, position);
}

std::vector<std::string> DesignGroup::names() const {
  std::vector<std::string> names;
  for (const auto factor : points().factors())
    names.push_back(manifest->factors[factor].name);
  return names;
}

std::vector<std::string> DesignGroup::labels() const {
  std::vector<std::string> labels;
  for (const auto factor : points().factors())
    labels.push_back(label_of(manifest->factors[factor]));
  return labels;
}

std::string DesignGroup::title() const {
  auto out = manifest->design->blocks()[block].name;
  const auto point = manifest->design->point(index(0));
  for (std::size_t f = 0; f < point.values.size(); ++f)
    if (point.values[f] && std::ranges::count(points().factors(), f) == 0)
      out += (out.empty() ? "" : ", ") + label_of(manifest->factors[f]) + " "
             + point.values[f]->text;
  return out;
}

std::vector<DesignGroup> groups_of(const Manifest& manifest, LeafKind kind) {
  std::vector<DesignGroup> groups;
  const auto& design = *manifest.design;
  for (std::size_t b = 0; b < design.blocks().size(); ++b)
    for (std::size_t l = 0; l < design.blocks()[b].leaves.size(); ++l)
      if (design.blocks()[b].leaves[l]->kind() == kind)
        for (std::int64_t g = 0; g < design.group_count(b, l); ++g)
          groups.push_back({&manifest, b, l, g});
  return groups;
}

} // namespace lab::sweeps
