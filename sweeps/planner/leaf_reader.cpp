#include "sweeps/planner/leaf_reader.hpp"

#include <algorithm>

#include "sweeps/planner/leaf_context.hpp"
#include "sweeps/planner/manifest.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/point_reader.hpp"
#include "sweeps/planner/where_filter.hpp"

namespace lab::sweeps {

namespace {

class LeafReader {
public:
  LeafReader(const yaml::Document& document, std::string key,
             const yaml::Node& node, std::string where, const Seed& seed,
             const FactorBook& book, Findings& findings)
    : context_{document,        key,  node,    std::move(where),
               seed.child(key), book, findings} {}

  LeafPart read() {
    if (context_.key == "list")
      read_list();
    else
      read_map();
    if (leaf_ != nullptr && leaf_->size() > points_max()) {
      report_points(context_.document, context_.node, context_.where,
                    context_.findings);
      leaf_ = nullptr;
    }
    if (leaf_ != nullptr && filter_ != nullptr)
      leaf_ =
        filter_leaf(context_.document, *filter_, context_.where + ".where",
                    std::move(leaf_), context_.book, context_.findings);
    if (leaf_ != nullptr && leaf_->size() > runs_planned_max) {
      report_points(context_.document, context_.node, context_.where,
                    context_.findings);
      leaf_ = nullptr;
    }
    part_.leaf = std::move(leaf_);
    return std::move(part_);
  }

private:
  std::int64_t points_max() const {
    return filter_ != nullptr ? where_points_max : runs_planned_max;
  }

  void read_list() {
    auto list =
      read_point_list(context_.document, context_.node, context_.where,
                      context_.book, filter_, context_.findings);
    for (auto& named : list.named) {
      meet(part_.meetings, named, named);
      part_.uses.merge(named);
    }
    leaf_ = std::move(list.leaf);
  }

  void read_map() {
    if (context_.node.kind != yaml::Kind::map) {
      error_at(context_.document, context_.node, context_.findings, "S101",
               "`" + context_.where + "` must be a map of keys, not "
                 + yaml::describe(context_.node),
               context_.where)
        .help.push_back("write it like " + context_.key
                        + ": {factors: [trust], …}; docs/formats/manifest.md "
                          "lists the keys");
      return;
    }
    yaml::MapReader reader{context_.document, context_.node, context_.where,
                           "S", context_.findings};
    context_.reader = &reader;
    const auto names = context_.book.read_names(reader);
    if (names)
      context_.factors = *names;
    part_.uses.insert(context_.factors.begin(), context_.factors.end());
    meet(part_.meetings, part_.uses, part_.uses);
    context_.sound =
      names && std::ranges::all_of(context_.factors, [&](auto index) {
        return context_.book.at(index).sound;
      });
    read_where();
    const bool has_levels = context_.key == "grid" || context_.key == "zip"
                            || context_.key == "one-at-a-time";
    leaf_ = has_levels ? read_level_leaf(context_, points_max())
                       : read_sampler(context_);
    reader.finish();
    if (!context_.sound)
      leaf_ = nullptr;
  }

  void read_where() {
    const auto* condition = context_.reader->node("where");
    if (condition == nullptr)
      return;
    if (context_.key == "zip" || context_.key == "one-at-a-time"
        || context_.key == "saltelli" || context_.key == "morris") {
      context_.reader
        ->error("where", "S431",
                "`where` cannot remove points of `" + context_.key + "`")
        .help.push_back(
          context_.key == "zip"
            ? "leave the unwanted values out of its factors, or use `list`"
            : "its estimator needs every point; narrow the ranges of its "
              "factors, or use latin-hypercube or sobol");
      context_.sound = false;
      return;
    }
    filter_ = condition;
  }

  LeafContext context_;
  const yaml::Node* filter_ = nullptr; // `where`
  std::unique_ptr<Leaf> leaf_;
  LeafPart part_;
};

} // namespace

void meet(Meetings& meetings, const FactorSet& left, const FactorSet& right) {
  for (const auto a : left)
    for (const auto b : right)
      if (a != b)
        meetings.insert(std::minmax(a, b));
}

const std::vector<std::string>& leaf_keys() {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> made;
    for (auto kind = LeafKind::grid; kind <= LeafKind::one_at_a_time;
         kind = static_cast<LeafKind>(static_cast<int>(kind) + 1))
      made.emplace_back(name_of(kind));
    return made;
  }();
  return keys;
}

LeafPart read_leaf(const yaml::Document& document, const std::string& key,
                   const yaml::Node& node, const std::string& where,
                   const Seed& seed, const FactorBook& book,
                   Findings& findings) {
  return LeafReader{document, key, node, where, seed, book, findings}.read();
}

void report_points(const yaml::Document& document, const yaml::Node& node,
                   const std::string& where, Findings& findings) {
  error_at(document, node, findings, "S416",
           "this design has more than " + std::to_string(runs_planned_max)
             + " points",
           where)
    .help.emplace_back("use fewer factors or fewer values of each");
}

} // namespace lab::sweeps
