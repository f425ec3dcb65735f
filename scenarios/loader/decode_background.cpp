#include "scenarios/loader/decode.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

constexpr std::size_t bytes_max = std::size_t{256} << 10;
/// From here on it is worth a word: every prompt carries it.
constexpr std::size_t bytes_usual_max = std::size_t{24} << 10;

std::string kib(std::size_t bytes) {
  return std::to_string((bytes + 1023) / 1024) + " KiB";
}

class BackgroundDecoder {
public:
  BackgroundDecoder(const Decoding& decoding, MapReader& scenario)
    : decoding_(decoding), scenario_(scenario) {}

  std::vector<BackgroundText> decode() {
    const auto* node = scenario_.node("background");
    if (node == nullptr)
      return {};
    if (node->kind == Kind::list)
      take_named(*node);
    else if (node->kind == Kind::map)
      scenario_
        .error("background", "S101",
               "`background` must be a list of files, not a map")
        .help.emplace_back("write `background: include`, or list files: "
                           "`background: [history.md]`");
    else if (node->scalar == "include" || yaml::as_bool(*node) == true)
      take_all();
    else if (yaml::as_bool(*node) != false)
      scenario_
        .error("background", "S105",
               "`background` cannot be `" + node->scalar + "`")
        .help.push_back("write `background: include` for the whole folder, or "
                        "a list: `background: ["
                        + node->scalar + "]`");
    check_size();
    return std::move(texts_);
  }

private:
  void take_all() {
    for (const auto& [name, file] : decoding_.files.background)
      if (file.state == FileState::read)
        take(name, file);
      else
        scenario_.warning("background", "S204",
                          "background/" + name + " is left out: " + file.why);
    if (!texts_.empty())
      return;
    scenario_
      .error("background", "S207",
             "there is no text in the folder `background` of the scenario")
      .help.emplace_back("put texts there, such as background/history.md, or "
                         "remove this line");
  }

  void take_named(const yaml::Node& list) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      const auto& item = list.items[i];
      const auto report = [&](std::string code, std::string message) {
        auto finding = yaml::at(scenario_.document(), item, std::move(code),
                                std::move(message));
        finding.path = "background." + std::to_string(i);
        return finding;
      };
      if (item.kind != Kind::scalar) {
        decoding_.findings.add(report(
          "S101", "each item of `background` must be the name of a file, not "
                    + yaml::describe(item)));
        continue;
      }
      const auto& name = item.scalar;
      const auto found = decoding_.files.background.find(name);
      if (found == decoding_.files.background.end()) {
        auto finding = report("S207", "there is no file background/" + name);
        std::vector<std::string> names;
        for (const auto& [other, file] : decoding_.files.background)
          names.push_back(other);
        offer_names(finding, name, names, "files in background/");
        decoding_.findings.add(std::move(finding));
      } else if (found->second.state != FileState::read) {
        decoding_.findings.add(
          report("S204", "background/" + name
                           + " cannot be used: " + found->second.why));
      } else if (has(name)) {
        decoding_.findings.add(
          report("S109", "`" + name + "` stands twice in `background`"));
      } else {
        take(name, found->second);
      }
    }
  }

  bool has(const std::string& name) const {
    for (const auto& text : texts_)
      if (text.name == name)
        return true;
    return false;
  }

  void take(const std::string& name, const FileText& file) {
    auto text = decoding_.parameters.substitute(
      file.text, decoding_.files.base + "/background/" + name);
    bytes_ += text.size();
    texts_.push_back({name, std::move(text)});
  }

  void check_size() {
    if (bytes_ > bytes_max)
      scenario_
        .error("background", "S102",
               "the background texts have " + kib(bytes_) + "; at most "
                 + kib(bytes_max) + " are given to participants")
        .help.emplace_back("shorten them, or list those that matter");
    else if (bytes_ > bytes_usual_max)
      scenario_
        .warning("background", "S316",
                 "the background texts have " + kib(bytes_)
                   + ", and every prompt of every participant carries them")
        .help.emplace_back("`scenario-lab estimate` says what that costs");
  }

  const Decoding& decoding_;
  MapReader& scenario_;
  std::vector<BackgroundText> texts_;
  std::size_t bytes_ = 0;
};

} // namespace

std::vector<BackgroundText> decode_background(const Decoding& decoding,
                                              MapReader& scenario) {
  return BackgroundDecoder{decoding, scenario}.decode();
}

} // namespace lab::scenarios
