#include <algorithm>
#include <set>
#include <utility>

#include "sweeps/planner/factor_reader.hpp"
#include "sweeps/planner/manifest_files.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/part_readers.hpp"

namespace lab::sweeps {

namespace {

constexpr std::size_t variants_max = 100;
constexpr std::size_t text_bytes_max = std::size_t{64} << 10;

class WordingReader {
public:
  WordingReader(const yaml::Document& document, Manifest& made,
                Findings& findings)
    : document_(document), made_(made), findings_(findings) {}

  void read(const yaml::Node& node) {
    if (node.kind != yaml::Kind::map || node.entries.size() < 2
        || node.entries.size() > variants_max) {
      error_at(document_, node, findings_, "S428",
               "`wording` must be a map of 2 to " + std::to_string(variants_max)
                 + " wordings, each with its paths and texts",
               "wording")
        .help.emplace_back("write it like {as-written: {}, plain: "
                           "{system_prompt: \"…\"}}");
      return;
    }
    made_.wording.place = node;
    for (const auto& entry : node.entries)
      read_variant(entry);
    check_factors(node);
    check_balance(node);
  }

private:
  void read_variant(const yaml::Entry& entry) {
    const auto path = "wording." + entry.key;
    WordingVariant variant;
    variant.name = entry.key;
    if (entry.value.kind != yaml::Kind::map
        && entry.value.kind != yaml::Kind::null) {
      error_at(document_, entry.value, findings_, "S101",
               "a wording must be a map of paths and texts, not "
                 + yaml::describe(entry.value),
               path)
        .help.emplace_back("write {} for the scenario's own words");
      return;
    }
    for (const auto& write : entry.value.entries) {
      const auto place = path + "." + write.key;
      auto key = yaml::Node::text(write.key);
      key.mark = write.key_mark;
      key.end = {write.key_mark.line,
                 write.key_mark.column + static_cast<int>(write.key.size())};
      if (!check_path(document_, key, write.key, place, findings_))
        continue;
      if (auto text = text_of(write.value, place))
        variant.writes.emplace_back(write.key, std::move(*text));
    }
    report_twin(entry, variant);
    made_.wording.variants.push_back(std::move(variant));
  }

  /// A text as it stands, or of a file: `{file: prompts/plain.md}`.
  std::optional<yaml::Node> text_of(const yaml::Node& node,
                                    const std::string& path) {
    if (node.kind == yaml::Kind::scalar)
      return node;
    const auto* file = node.kind == yaml::Kind::map && node.entries.size() == 1
                         ? node.find("file")
                         : nullptr;
    if (file == nullptr) {
      error_at(document_, node, findings_, "S428",
               "a wording writes texts, not " + yaml::describe(node), path)
        .help.emplace_back("write the text, or {file: prompts/plain.md}");
      return std::nullopt;
    }
    const auto text = read_manifest_file(document_, *file, text_bytes_max,
                                         path + ".file", findings_);
    if (!text)
      return std::nullopt;
    auto made = yaml::Node::text(*text);
    made.mark = file->mark;
    made.end = file->end;
    return made;
  }

  void report_twin(const yaml::Entry& entry, const WordingVariant& variant) {
    const auto same = [&](const WordingVariant& other) {
      return std::ranges::equal(
        other.writes, variant.writes, [](const auto& a, const auto& b) {
          return a.first == b.first
                 && yaml::canonical(a.second) == yaml::canonical(b.second);
        });
    };
    const auto twin = std::ranges::find_if(made_.wording.variants, same);
    if (twin == made_.wording.variants.end())
      return;
    auto finding = yaml::at_key(document_, entry, "S428",
                                "the wordings `" + twin->name + "` and `"
                                  + entry.key + "` write the same");
    finding.path = "wording." + entry.key;
    finding.help.emplace_back("remove one: the same words would count as two");
    findings_.add(std::move(finding));
  }

  /// Factors are written after wordings and would hide them.
  void check_factors(const yaml::Node& node) {
    std::set<std::string> reported;
    for (const auto& variant : made_.wording.variants)
      for (const auto& [path, text] : variant.writes)
        for (const auto& factor : made_.factors)
          for (const auto& other : factor.paths)
            if (overlap(path, other) && reported.insert(path).second)
              error_at(document_, *node.find(variant.name), findings_, "S415",
                       "the wording `" + variant.name + "` and the factor `"
                         + factor.name + "` write the same place",
                       "wording." + variant.name)
                .notes.push_back("path: " + path);
  }

  void check_balance(const yaml::Node& node) {
    const auto count = made_.wording.variants.size();
    const auto replicates = static_cast<std::size_t>(made_.replicates.count);
    if (count < 2 || replicates % count == 0)
      return;
    auto& finding =
      error_at(document_, node, findings_, "S429",
               std::to_string(count) + " wordings do not go into "
                 + std::to_string(replicates)
                 + (replicates == 1 ? " replicate" : " replicates")
                 + " evenly: some are heard more often than others",
               "wording");
    finding.severity = Severity::warning;
    const auto less = replicates / count * count;
    finding.help.push_back(
      "set `replicates.count` to "
      + (less > 0 ? std::to_string(less) + " or " : std::string{})
      + std::to_string(less + count));
  }

  const yaml::Document& document_;
  Manifest& made_;
  Findings& findings_;
};

} // namespace

void read_wording(yaml::MapReader& manifest, Manifest& made,
                  Findings& findings) {
  if (const auto* node = manifest.node("wording"))
    WordingReader{manifest.document(), made, findings}.read(*node);
}

} // namespace lab::sweeps
