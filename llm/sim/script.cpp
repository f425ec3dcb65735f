#include "llm/sim/script.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/yaml_reader.hpp"

namespace lab::llm {

namespace {

constexpr std::size_t file_bytes_max = std::size_t{16} << 20U;
constexpr std::size_t entries_max = 100'000;

const std::vector<std::string> finish_words{"stop", "length", "refusal",
                                            "other"};

/// A whole number of a JSON object, or a mark in `bad` when it is none.
std::optional<std::int64_t> integer_at(const json::Value& object,
                                       const char* key, bool& bad) {
  const auto* value = json::member(object, key);
  if (value == nullptr)
    return std::nullopt;
  bad = bad || !value->is_number_integer();
  return bad ? std::nullopt : std::optional{value->get<std::int64_t>()};
}

std::optional<std::string> text_at(const json::Value& object, const char* key,
                                   bool& bad) {
  if (json::member(object, key) == nullptr)
    return std::nullopt;
  auto value = json::text_at(object, key);
  bad = bad || !value;
  return value;
}

} // namespace

Result<Script> Script::load(const std::string& path) {
  return path.ends_with(".jsonl") ? from_lines(path) : from_yaml(path);
}

Result<Script> Script::from_yaml(const std::string& path) {
  Findings findings;
  const auto document = yaml::load(path, findings);
  Script script;
  if (document && document->root.kind != yaml::Kind::list)
    findings.add(yaml::at(*document, document->root, "P340",
                          "a script is a list of replies"));
  else if (document)
    for (const auto& item : document->root.items) {
      if (item.kind != yaml::Kind::map) {
        findings.add(
          yaml::at(*document, item, "P341", "a reply is a map with a `text`"));
        continue;
      }
      yaml::MapReader reader{*document, item, "reply", "P", findings};
      Entry entry;
      entry.turn = reader.integer("turn");
      entry.ordinal = reader.integer("ordinal");
      entry.phase = reader.text("phase");
      entry.participant = reader.text("participant");
      entry.reply.text = reader.required_text("text").value_or("");
      entry.reply.finish = finish_reason_from(
        reader.one_of("finish", finish_words).value_or("stop"));
      reader.finish();
      script.entries_.push_back(std::move(entry));
    }
  if (findings.has_errors())
    return fail(Errc::invalid_input, render(findings));
  return script;
}

Result<Script> Script::from_lines(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file)
    return fail(Errc::invalid_input, path + ": cannot be read");
  Script script;
  std::string line;
  std::size_t bytes = 0;
  for (int number = 1; std::getline(file, line); ++number) {
    bytes += line.size() + 1;
    const auto where = path + ":" + std::to_string(number) + ": ";
    if (bytes > file_bytes_max || script.entries_.size() >= entries_max)
      return fail(Errc::invalid_input, where + "the script is too large");
    if (trim(line).empty())
      continue;
    const auto object = json::parse(line);
    if (!object)
      return fail(Errc::invalid_input, where + object.error().context);
    bool bad = false;
    Entry entry;
    entry.turn = integer_at(*object, "turn", bad);
    entry.ordinal = integer_at(*object, "ordinal", bad);
    entry.phase = text_at(*object, "phase", bad);
    entry.participant = text_at(*object, "participant", bad);
    const auto text = text_at(*object, "text", bad);
    const auto finish = text_at(*object, "finish", bad).value_or("stop");
    if (bad || !text)
      return fail(Errc::invalid_input,
                  where
                    + "a reply needs a `text`; `turn` and `ordinal` are "
                      "numbers, `phase`, `participant` and `finish` texts");
    if (std::find(finish_words.begin(), finish_words.end(), finish)
        == finish_words.end())
      return fail(Errc::invalid_input,
                  where + "`finish` is one of " + join(finish_words, ", "));
    entry.reply = {*text, finish_reason_from(finish)};
    script.entries_.push_back(std::move(entry));
  }
  return script;
}

const ScriptedReply* Script::find(const Brief& brief) const {
  for (const auto& entry : entries_)
    if ((!entry.turn || *entry.turn == brief.turn)
        && (!entry.ordinal || *entry.ordinal == brief.ordinal)
        && (!entry.phase || *entry.phase == brief.phase)
        && (!entry.participant || *entry.participant == brief.participant))
      return &entry.reply;
  return nullptr;
}

const std::string* Script::reply_at(const Brief& brief) const {
  const auto* reply = find(brief);
  return reply == nullptr ? nullptr : &reply->text;
}

} // namespace lab::llm
