#include <algorithm>
#include <optional>
#include <utility>

#include "actors/parse/reply_text.hpp"
#include "actors/parse/sections.hpp"
#include "actors/people/answer_form.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

constexpr std::size_t answer_bytes_max = std::size_t{256} << 10U;
constexpr int answer_depth_max = 8;

std::size_t chars_in(std::string_view text) {
  return static_cast<std::size_t>(
    std::count_if(text.begin(), text.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::string clean(std::string_view text) {
  return std::string{trim(printable(text))};
}

/// The allowed word that was meant: as written, or but for case and blanks.
std::optional<std::string> meant(const std::string& word,
                                 const std::vector<std::string>& choices) {
  for (const auto& choice : choices)
    if (choice == word)
      return choice;
  for (const auto& choice : choices)
    if (to_lower(choice) == to_lower(word))
      return choice;
  return std::nullopt;
}

std::optional<bool> yes_or_no(std::string_view text) {
  auto word = to_lower(trim(text));
  while (!word.empty() && (word.back() == '.' || word.back() == '!'))
    word.pop_back();
  if (word == "yes" || word == "y" || word == "true")
    return true;
  if (word == "no" || word == "n" || word == "false")
    return false;
  return std::nullopt;
}

/// Reads the members of one answer; collects what is wrong with them.
class AnswerChecker {
public:
  AnswerChecker(const AnswerForm& form, const json::Value& answer)
    : form_(form), answer_(answer) {}

  tl::expected<GoodAnswer, Problems> check() {
    for (const auto& field : form_.fields)
      read(field);
    refuse_unknown(answer_, "");
    if (!problems_.empty())
      return tl::unexpected(std::move(problems_));
    return GoodAnswer{json::dump(good_), {}};
  }

private:
  void read(const AnswerField& field) {
    switch (field.kind) {
    case FieldKind::yes_no:
      return read_yes_no(field);
    case FieldKind::text:
    case FieldKind::choice:
      return read_text(field);
    case FieldKind::lines:
    case FieldKind::picks:
      return read_list(field);
    }
  }

  void read_yes_no(const AnswerField& field) {
    const auto* value = value_of(field);
    std::optional<bool> said;
    if (value != nullptr && value->is_boolean())
      said = value->get<bool>();
    else if (value != nullptr && value->is_string())
      said = yes_or_no(value->get<std::string>());
    if (!said)
      complain(field, "write yes or no");
    put(field, said.value_or(false));
    if (said && !*said)
      refused_.push_back(field.key);
  }

  void read_text(const AnswerField& field) {
    const auto* value = value_of(field);
    if (is_off(field)) {
      put(field, "");
      return;
    }
    if (value != nullptr && !value->is_string()) {
      complain(field, "it must be a text");
      return;
    }
    const auto words =
      value == nullptr ? std::string{} : clean(value->get<std::string>());
    if (words.empty() && field.required)
      complain(field, field.choices.empty() ? "it is empty, but needed"
                                            : "write " + one_of(field));
    else
      put(field, words.empty() ? words : checked_words(field, words));
  }

  void read_list(const AnswerField& field) {
    const auto* value = value_of(field);
    auto entries = json::Value::array();
    if (is_off(field)) {
      put(field, std::move(entries));
      return;
    }
    std::vector<std::string> said;
    if (value != nullptr && value->is_string())
      said = list_items(value->get<std::string>());
    else if (value != nullptr && !take_texts(*value, said)) {
      complain(field, "it must be a list of texts");
      return;
    }
    std::erase_if(said, [](const auto& entry) { return entry.empty(); });
    if (said.empty() && field.required)
      complain(field, field.choices.empty()
                        ? "it is empty, but needed"
                        : "name at least one of " + join(field.choices, ", "));
    if (said.size() > field.count_max)
      complain(field, std::to_string(said.size()) + " entries; at most "
                        + std::to_string(field.count_max));
    for (const auto& entry : said) {
      const auto good = checked_words(field, entry);
      if (std::find(entries.begin(), entries.end(), good) == entries.end())
        entries.push_back(good);
    }
    put(field, std::move(entries));
  }

  static bool take_texts(const json::Value& list,
                         std::vector<std::string>& out) {
    if (!list.is_array())
      return false;
    for (const auto& entry : list) {
      if (!entry.is_string())
        return false;
      out.push_back(clean(entry.get<std::string>()));
    }
    return true;
  }

  /// The words as they go into the answer.
  std::string checked_words(const AnswerField& field,
                            const std::string& words) {
    if (!field.choices.empty()) {
      if (auto choice = meant(words, field.choices))
        return *choice;
      const auto near = closest(words, field.choices);
      complain(field, "`" + words + "` is not possible; "
                        + (near ? "did you mean `" + *near + "`?"
                                : "write " + one_of(field)));
      return words;
    }
    const auto chars = chars_in(words);
    if (field.chars_max > 0 && chars > field.chars_max)
      complain(
        field,
        std::string{field.kind == FieldKind::text ? "it has " : "an entry has "}
          + std::to_string(chars) + " characters; at most "
          + std::to_string(field.chars_max));
    return words;
  }

  static std::string one_of(const AnswerField& field) {
    if (field.choices.size() == 1)
      return field.choices.front();
    return "one of " + join(field.choices, ", ");
  }

  bool is_off(const AnswerField& field) const {
    return !field.needs.empty()
           && std::find(refused_.begin(), refused_.end(), field.needs)
                != refused_.end();
  }

  /// The member at a dotted key; nullptr when it is absent or null.
  const json::Value* value_of(const AnswerField& field) const {
    const auto* at = &answer_;
    for (const auto& key : split(field.key, '.')) {
      at = json::member(*at, key.c_str());
      if (at == nullptr)
        return nullptr;
    }
    return at->is_null() ? nullptr : at;
  }

  void put(const AnswerField& field, json::Value value) {
    auto* at = &good_;
    for (const auto& key : split(field.key, '.'))
      at = &(*at)[key];
    *at = std::move(value);
  }

  void refuse_unknown(const json::Value& object, const std::string& path) {
    for (const auto& [key, value] : object.items()) {
      const auto whole = path + key;
      std::vector<std::string> keys;
      bool inner = false;
      bool known = false;
      for (const auto& field : form_.fields) {
        keys.push_back(field.key);
        known = known || field.key == whole;
        inner = inner || field.key.starts_with(whole + ".");
      }
      if (known)
        continue;
      if (inner && value.is_object()) {
        refuse_unknown(value, whole + ".");
        continue;
      }
      if (inner) {
        problems_.push_back("`" + whole + "` must be an object");
        continue;
      }
      const auto near = closest(whole, keys);
      problems_.push_back("there is no field `" + printable(whole) + "`; "
                          + (near ? "did you mean `" + *near + "`?"
                                  : "fields: " + join(keys, ", ")));
    }
  }

  void complain(const AnswerField& field, const std::string& what) {
    problems_.push_back(field.label + ": " + what);
  }

  const AnswerForm& form_;
  const json::Value& answer_;
  json::Value good_ = json::Value::object();
  std::vector<std::string> refused_; // keys of yes/no fields that say no
  Problems problems_;
};

/// "LONG-TERM GOALS" as the reader of labels spells it.
std::string section_name(const AnswerField& field) {
  auto name = field.label;
  std::replace(name.begin(), name.end(), '-', ' ');
  return name;
}

/// Names of the earlier versions' labels, by key.
SectionNames other_names(const AnswerField& field) {
  if (field.key == "initiate")
    return {"INITIATE BILATERAL", "INITIATE"};
  if (field.key == "target")
    return {"TARGET ACTOR", "TARGET"};
  if (field.key == "message")
    return {"PROPOSED MESSAGE"};
  if (field.key == "propose")
    return {"PROPOSE COALITION", "PROPOSE"};
  if (field.key == "members")
    return {"MEMBERS"};
  if (field.key == "purpose")
    return {"PURPOSE"};
  return {};
}

json::Value section_value(const AnswerField& field, const std::string& text) {
  if (field.kind == FieldKind::lines)
    return list_items(text);
  if (field.kind == FieldKind::picks) {
    auto apart = text;
    std::replace(apart.begin(), apart.end(), ',', '\n');
    return list_items(apart);
  }
  // "none" was the word for nobody and nothing where a yes was not given.
  if (!field.needs.empty() && to_lower(trim(text)) == "none")
    return "";
  return std::string{trim(text)};
}

} // namespace

tl::expected<GoodAnswer, Problems> check_answer(const AnswerForm& form,
                                                std::string_view answer) {
  const auto parsed = json::parse(answer, answer_depth_max, answer_bytes_max);
  if (!parsed)
    return tl::unexpected(Problems{"the answer cannot be read: "
                                   + printable(parsed.error().context)});
  if (!parsed->is_object())
    return tl::unexpected(Problems{"the answer must be a JSON object"});
  if (json::member(*parsed, "declined") != nullptr) {
    const auto how = json::text_at(*parsed, "declined").value_or("");
    if (parsed->size() == 1 && (how == "ai" || how == "skip"))
      return GoodAnswer{declined_answer(how), how};
    return tl::unexpected(
      Problems{parsed->size() > 1
                 ? "`declined` stands alone: who declines does not answer"
                 : "`declined` must be `ai` (the model answers) or `skip`"});
  }
  return AnswerChecker{form, *parsed}.check();
}

std::string answer_json(const AnswerForm& form, std::string_view text) {
  if (trim(text).starts_with('{'))
    return std::string{trim(text)};
  std::vector<std::string> names;
  names.reserve(form.fields.size()); // the sections point into it
  std::vector<SectionNames> wanted;
  for (const auto& field : form.fields) {
    names.push_back(section_name(field));
    SectionNames all{names.back()};
    for (const auto other : other_names(field))
      all.push_back(other);
    wanted.push_back(std::move(all));
  }
  const auto sections = sections_of(text, wanted);
  auto answer = json::Value::object();
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const auto& field = form.fields[i];
    if (!sections[i].found)
      continue;
    auto* at = &answer;
    for (const auto& key : split(field.key, '.'))
      at = &(*at)[key];
    *at = section_value(field, sections[i].text);
  }
  return json::dump(answer);
}

} // namespace lab::actors
