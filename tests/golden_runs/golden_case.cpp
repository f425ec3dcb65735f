#include "tests/golden_runs/golden_case.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/yaml_reader.hpp"
#include "tests/support/process.hpp"

namespace lab::testing {

namespace {

namespace fs = std::filesystem;
using yaml::MapReader;

const fs::path cases_folder = LAB_SOURCE_DIR "/tests/golden_runs/cases";

std::optional<int> number_at(MapReader& reader, const char* key) {
  const auto number = reader.integer(key);
  return number ? std::optional{static_cast<int>(*number)} : std::nullopt;
}

GoldenStep read_step(MapReader& reader) {
  GoldenStep step;
  const auto words = reader.required_text("do").value_or("");
  for (const auto& word : split(words, ' '))
    if (!word.empty())
      step.words.push_back(word);
  step.as = reader.text("as").value_or("");
  step.exit = number_at(reader, "exit");
  step.status = reader.text("status").value_or("");
  step.turns_completed = number_at(reader, "turns_completed");
  step.sent = number_at(reader, "sent");
  reader.finish();
  return step;
}

/// Calls `read` for each map of the list at `key`.
template <class Read>
void each_map(MapReader& top, const char* key, Findings& findings, Read read) {
  const auto* list = top.node(key);
  if (list == nullptr)
    return;
  for (const auto& item : list->items) {
    MapReader reader{top.document(), item, key, "S", findings};
    read(reader);
  }
}

/// The step's words with the runs of earlier steps put in.
std::vector<std::string>
filled_in(std::vector<std::string> words,
          const std::map<std::string, std::string>& runs) {
  for (auto& word : words)
    for (const auto& [name, run] : runs)
      if (word == "{" + name + "}")
        word = run;
  return words;
}

void check_step(const GoldenStep& step, const Ended& ended,
                const json::Value& result) {
  SCOPED_TRACE(join(step.words, " ") + "\n" + ended.err);
  EXPECT_EQ(ended.signal, 0);
  if (step.exit) {
    EXPECT_EQ(ended.status, *step.exit);
  }
  if (!step.status.empty()) {
    EXPECT_EQ(json::text_at(result, "status").value_or(""), step.status);
  }
  if (step.turns_completed) {
    EXPECT_EQ(json::unsigned_at(result, "turns_completed").value_or(9999),
              static_cast<unsigned>(*step.turns_completed));
  }
  const auto* calls = json::member(result, "calls");
  if (step.sent) {
    EXPECT_EQ(calls == nullptr
                ? 9999U
                : json::unsigned_at(*calls, "sent").value_or(9999),
              static_cast<unsigned>(*step.sent));
  }
}

} // namespace

std::vector<std::string> golden_cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{cases_folder})
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<GoldenCase> read_golden_case(const std::string& name) {
  GoldenCase golden;
  golden.name = name;
  golden.folder = cases_folder / name;
  Findings findings;
  const auto document =
    yaml::load((golden.folder / "case.yaml").string(), findings);
  if (document) {
    MapReader top{*document, document->root, "", "S", findings};
    top.required_text("about");
    each_map(top, "steps", findings, [&golden](MapReader& reader) {
      golden.steps.push_back(read_step(reader));
    });
    each_map(top, "shows", findings, [&golden](MapReader& reader) {
      golden.shows.push_back({reader.required_text("file").value_or(""),
                              reader.text("holds").value_or(""),
                              reader.text("lacks").value_or("")});
      reader.finish();
    });
    each_map(top, "same", findings, [&golden](MapReader& reader) {
      golden.same.emplace_back(reader.required_text("first").value_or(""),
                               reader.required_text("second").value_or(""));
      reader.finish();
    });
    top.finish();
  }
  EXPECT_TRUE(findings.empty()) << render(findings);
  if (findings.has_errors() || golden.steps.empty())
    return std::nullopt;
  return golden;
}

GoldenFiles play_golden_case(const GoldenCase& golden) {
  const TempFolder place{TempFolder::On::memory};
  fs::copy(golden.folder, place.path(), fs::copy_options::recursive);
  fs::remove_all(place.path() / "expected");
  GoldenFiles files;
  std::map<std::string, std::string> runs;
  std::map<std::string, int> prints;
  for (const auto& step : golden.steps) {
    std::vector<std::string> command{scenario_lab()};
    for (auto& word : filled_in(step.words, runs))
      command.push_back(std::move(word));
    command.insert(command.end(), {"--json", "--home", ".lab"});
    if (!step.as.empty())
      command.insert(command.end(), {"--output", "out/" + step.as});
    Process process{command, place.path()};
    const auto ended = process.wait();
    const auto result = json::parse(ended.out).value_or(json::Value::object());
    check_step(step, ended, result);
    if (step.as.empty())
      continue;
    if (const auto run = json::text_at(result, "run_id"))
      runs[step.as] = *run;
    const auto count = ++prints[step.as];
    const auto suffix = count == 1 ? "" : "-" + std::to_string(count);
    files[step.as + "/result" + suffix + ".json"] =
      json::dump_pretty(result) + "\n";
  }
  for (const auto& [name, text] : files_in(place.path() / "out"))
    files[name] = text;
  return files;
}

} // namespace lab::testing
