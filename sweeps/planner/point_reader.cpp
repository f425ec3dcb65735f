#include "sweeps/planner/point_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/planner/csv.hpp"
#include "sweeps/planner/manifest_files.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

constexpr std::size_t csv_bytes_max = std::size_t{64} << 20U;

/// Reads points out of a document: the manifest, or a CSV file.
class PointReader {
public:
  PointReader(const yaml::Document& document, const FactorBook& book,
              Findings& findings)
    : document_(document), book_(book), findings_(findings) {}

  /// @param mark  where the manifest has the points, when that is elsewhere
  PointListPart read(const yaml::Node& list, const std::string& where,
                     const yaml::Node* mark) {
    PointListPart part;
    std::vector<std::vector<std::optional<FactorValue>>> rows;
    std::vector<std::string> labels;
    FactorSet all;
    bool sound = true;
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      label_.clear();
      values_.assign(book_.size(), std::nullopt);
      named_.clear();
      sound =
        read_point(list.items[i], where + "." + std::to_string(i)) && sound;
      if (mark != nullptr)
        move_to(*mark);
      all.insert(named_.begin(), named_.end());
      part.named.push_back(named_);
      rows.push_back(values_);
      labels.push_back(label_);
    }
    if (!sound)
      return part;
    const std::vector<std::size_t> factors{all.begin(), all.end()};
    std::vector<ListedPoint> points;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto& point = points.emplace_back();
      point.label = std::move(labels[i]);
      for (const auto factor : factors)
        point.values.push_back(std::move(rows[i][factor]));
    }
    part.leaf = make_list_leaf(factors, std::move(points));
    return part;
  }

private:
  bool read_point(const yaml::Node& node, const std::string& where) {
    if (node.kind != yaml::Kind::map) {
      error_at(document_, node, findings_, "S101",
               "a point must be a map of factors and values, not "
                 + yaml::describe(node),
               where)
        .help.emplace_back(
          "write a point like {label: calm start, trust: 0.8}");
      return false;
    }
    bool sound = true;
    for (const auto& entry : node.entries) {
      const auto path = where + "." + entry.key;
      if (entry.key == "label") {
        sound = read_label(entry.value, path) && sound;
        continue;
      }
      const auto index =
        book_.find(entry.key,
                   yaml::at_key(document_, entry, "S409",
                                "there is no factor `" + entry.key + "`"),
                   path);
      if (index) {
        named_.insert(*index);
        values_[*index] = chosen_value(document_, book_.at(*index), entry.value,
                                       path, findings_);
      }
      sound = sound && index && values_[*index].has_value();
    }
    return sound;
  }

  bool read_label(const yaml::Node& node, const std::string& path) {
    if (node.kind == yaml::Kind::scalar) {
      label_ = node.scalar;
      return true;
    }
    error_at(document_, node, findings_, "S101",
             "`label` must be a text, not " + yaml::describe(node), path)
      .help.emplace_back("write it like label: calm start");
    return false;
  }

  /// Places in another file would be taken for places in the manifest.
  void move_to(const yaml::Node& place) {
    for (auto& value : values_)
      if (value && value->value.kind != yaml::Kind::map) {
        value->value.mark = place.mark;
        value->value.end = place.end;
      }
  }

  const yaml::Document& document_;
  const FactorBook& book_;
  Findings& findings_;
  std::string label_;
  std::vector<std::optional<FactorValue>> values_; // by factor
  FactorSet named_;
};

/// Each unknown column once, and not in every row.
bool check_columns(const yaml::Document& table, const FactorBook& book) {
  std::set<std::string> seen;
  bool sound = true;
  for (const auto& row : table.root.items)
    for (const auto& cell : row.entries)
      if (cell.key != "label" && seen.insert(cell.key).second)
        sound = book
                  .find(cell.key,
                        yaml::at_key(table, cell, "S409",
                                     "there is no factor `" + cell.key + "`"),
                        {})
                  .has_value()
                && sound;
  return sound;
}

PointListPart read_table(const yaml::Document& document, const yaml::Node& name,
                         const std::string& where, const FactorBook& book,
                         Findings& findings) {
  const auto text =
    read_manifest_file(document, name, csv_bytes_max, where, findings);
  if (!text)
    return {};
  const auto shown =
    (std::filesystem::path{yaml::file_of(document, name.mark.line)}
       .parent_path()
     / name.scalar)
      .string();
  const auto table = read_csv(*text, shown, findings);
  if (!table)
    return {};
  if (table->root.items.empty()) {
    error_at(document, name, findings, "S411",
             "`" + name.scalar + "` names columns and has no points", where)
      .help.emplace_back("add a row for each point");
    return {};
  }
  if (!check_columns(*table, book))
    return {};
  return PointReader{*table, book, findings}.read(table->root, where, &name);
}

} // namespace

PointListPart read_point_list(const yaml::Document& document,
                              const yaml::Node& node, const std::string& where,
                              const FactorBook& book,
                              const yaml::Node*& where_key,
                              Findings& findings) {
  const auto* points = &node;
  std::string path = where;
  if (node.kind == yaml::Kind::map) {
    yaml::MapReader reader{document, node, where, "S", findings};
    points = reader.node("points");
    const auto* file = reader.node("file");
    where_key = reader.node("where");
    reader.finish();
    if ((points != nullptr) == (file != nullptr)) {
      error_at(document, node, findings, "S411",
               "`list` needs exactly one of `points` and `file`", where)
        .help.emplace_back("write list: {file: points.csv}, or the points "
                           "themselves");
      return {};
    }
    if (file != nullptr)
      return read_table(document, *file, where + ".file", book, findings);
    path += ".points";
  }
  if (points->kind != yaml::Kind::list || points->items.empty()) {
    error_at(document, *points, findings, "S411",
             "`list` must hold at least one point", path)
      .help.emplace_back("write a point like {label: calm start, trust: 0.8}");
    return {};
  }
  return PointReader{document, book, findings}.read(*points, path, nullptr);
}

} // namespace lab::sweeps
