#include "sweeps/planner/manifest_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "runtime/base/text.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

namespace fs = std::filesystem;

bool lies_in(const fs::path& folder, const fs::path& file) {
  const auto [rest, unused] =
    std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return rest == folder.end() || rest->empty();
}

} // namespace

std::optional<std::string> read_manifest_file(const yaml::Document& document,
                                              const yaml::Node& node,
                                              std::size_t bytes_max,
                                              const std::string& dotted,
                                              Findings& findings) {
  const auto refuse = [&](std::string message, std::string help) {
    error_at(document, node, findings, "S432", std::move(message), dotted)
      .help.push_back(std::move(help));
    return std::nullopt;
  };
  const auto& name = node.scalar;
  if (node.kind != yaml::Kind::scalar || name.empty())
    return refuse("a file is named by a text, not " + yaml::describe(node),
                  "write it like openings/calm.md");
  const auto folder =
    fs::path{yaml::file_of(document, node.mark.line)}.parent_path();
  std::error_code code;
  const auto home = fs::weakly_canonical(folder.empty() ? "." : folder, code);
  const auto file = fs::weakly_canonical(folder / name, code);
  if (code || fs::path{name}.is_absolute() || !lies_in(home, file))
    return refuse("`" + name + "` lies outside the manifest's folder",
                  "put it beside the manifest or below: a manifest from a "
                  "stranger must not send your files to a model");
  if (!fs::exists(file, code))
    return refuse("there is no file `" + name + "`",
                  "files are looked for from the manifest's folder, "
                    + (folder.empty() ? std::string{"."} : folder.string()));
  if (!fs::is_regular_file(file, code))
    return refuse("`" + name + "` is not a file",
                  "name a text file; of a folder, name each file in it");
  std::ifstream stream{file, std::ios::binary};
  if (!stream)
    return refuse("`" + name + "` cannot be opened for reading",
                  "you may not read it: chmod u+r " + file.string());
  // One byte more than allowed, to see that it is too long.
  std::string text(bytes_max + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad())
    return refuse("`" + name + "` cannot be read",
                  "see whether its disk is there: cat " + file.string());
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > bytes_max)
    return refuse("`" + name + "` is longer than "
                    + std::to_string(bytes_max >> 10U) + " KiB",
                  "a factor writes texts, not books: shorten it");
  if (!is_utf8(text))
    return refuse("`" + name + "` is not UTF-8", "save it as UTF-8");
  return text;
}

} // namespace lab::sweeps
