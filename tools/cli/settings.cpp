#include "tools/cli/settings.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <utility>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml_reader.hpp"
#include "tools/cli/provider_reader.hpp"

namespace lab::tools {

namespace {

namespace fs = std::filesystem;

/// One setting that is a single word. `set` says whether it understood it.
struct Field {
  const char* key;      // in files; "limits.total_usd" is nested
  const char* variable; // in the environment
  const char* expects;  // for messages
  std::function<bool(Settings&, const std::string& text, std::string origin)>
    set;
};

template <class Member>
auto set_text(Member member) {
  return [member](Settings& s, const std::string& text, std::string origin) {
    (s.*member) = {text, std::move(origin)};
    return !text.empty();
  };
}

template <class Member>
auto set_word(Member member, std::vector<std::string> allowed) {
  return [member, allowed = std::move(allowed)](
           Settings& s, const std::string& text, std::string origin) {
    (s.*member) = {text, std::move(origin)};
    return std::find(allowed.begin(), allowed.end(), text) != allowed.end();
  };
}

template <class Member>
auto set_count(Member member, std::int32_t max) {
  return
    [member, max](Settings& s, const std::string& text, std::string origin) {
      std::int32_t value = 0;
      const auto* end = text.data() + text.size();
      const auto read = std::from_chars(text.data(), end, value);
      (s.*member) = {value, std::move(origin)};
      return read.ec == std::errc{} && read.ptr == end && value >= 1
             && value <= max;
    };
}

template <class Member>
auto set_usd(Member member) {
  return [member](Settings& s, const std::string& text, std::string origin) {
    auto amount = parse_usd(text);
    if (!amount)
      return false;
    (s.*member) = {*amount, std::move(origin)};
    return true;
  };
}

const std::vector<Field>& fields() {
  static const std::vector<Field> all{
    {"home", "SCENARIO_LAB_HOME", "a folder", set_text(&Settings::home)},
    {"output", "SCENARIO_LAB_OUTPUT", "a folder", set_text(&Settings::output)},
    {"color", "SCENARIO_LAB_COLOR", "auto, always or never",
     set_word(&Settings::color, {"auto", "always", "never"})},
    {"log_format", "SCENARIO_LAB_LOG_FORMAT", "text or json",
     set_word(&Settings::log_format, {"text", "json"})},
    {"user", "SCENARIO_LAB_USER", "a name", set_text(&Settings::user)},
    {"jobs", "SCENARIO_LAB_JOBS", "a whole number from 1 to 100000",
     set_count(&Settings::jobs, 100'000)},
    {"threads", "SCENARIO_LAB_THREADS", "a whole number from 1 to 64",
     set_count(&Settings::threads, 64)},
    {"credit_limit", "SCENARIO_LAB_CREDIT_LIMIT",
     "an amount in US dollars such as 0.50", set_usd(&Settings::credit_limit)},
    {"limits.total_usd", "SCENARIO_LAB_LIMIT_TOTAL_USD",
     "an amount in US dollars such as 50", set_usd(&Settings::total_limit)},
    {"limits.user_usd", "SCENARIO_LAB_LIMIT_USER_USD",
     "an amount in US dollars such as 50", set_usd(&Settings::user_limit)},
    {"limits.user_day_usd", "SCENARIO_LAB_LIMIT_USER_DAY_USD",
     "an amount in US dollars such as 50", set_usd(&Settings::user_day_limit)},
    {"limits.user_week_usd", "SCENARIO_LAB_LIMIT_USER_WEEK_USD",
     "an amount in US dollars such as 50", set_usd(&Settings::user_week_limit)},
  };
  return all;
}

std::string ticked(const std::string& text) {
  return "`" + printable(text) + "`";
}

/// `path` seen from the folder that `base` is; absolute ones stay.
std::string from_folder(const fs::path& base, const std::string& path) {
  const fs::path given{path};
  return given.is_absolute() ? path
                             : (base / given).lexically_normal().string();
}

/// The name that people see for a file: short when it is below the folder.
std::string shown_name(const fs::path& file, const fs::path& directory) {
  const auto relative = file.lexically_relative(directory);
  const bool below = !relative.empty() && *relative.begin() != "..";
  return below ? relative.string() : file.string();
}

class SettingsLoader {
public:
  explicit SettingsLoader(const SettingsInput& input) : input_(input) {}

  Outcome<Settings> load() {
    std::vector<llm::ProviderSettings> configured;
    if (const auto file = user_file(); !file.empty())
      read_file(file, file, configured);
    auto project = project_file();
    if (!project)
      return tl::unexpected<Failure>(std::move(project.error()));
    if (!project->empty())
      read_file(*project, shown_name(*project, input_.directory), configured);
    read_environment();
    read_flags();
    if (findings_.has_errors())
      return give_up(failure_of(std::move(findings_)));
    settings_.providers = llm::merge_providers(
      llm::builtin_providers(input_.environment), std::move(configured));
    return std::move(settings_);
  }

private:
  std::string variable(const char* name) const {
    return input_.environment(name).value_or("");
  }

  std::string user_file() const {
    auto folder = variable("XDG_CONFIG_HOME");
    if (folder.empty() && !variable("HOME").empty())
      folder = variable("HOME") + "/.config";
    const auto file = folder + "/scenario-lab/config.yaml";
    std::error_code ignored;
    return !folder.empty() && fs::is_regular_file(file, ignored) ? file : "";
  }

  Outcome<std::string> project_file() const {
    const auto named =
      input_.flags.config.value_or(variable("SCENARIO_LAB_CONFIG"));
    std::error_code ignored;
    if (!named.empty()) {
      auto path = from_folder(input_.directory, named);
      if (fs::is_regular_file(path, ignored))
        return path;
      return give_up(Error{Errc::not_found, ticked(named)},
                     "there is no settings file");
    }
    for (auto folder = fs::path{input_.directory};;
         folder = folder.parent_path()) {
      const auto file = folder / "scenario-lab.yaml";
      if (fs::is_regular_file(file, ignored))
        return file.string();
      if (folder == folder.parent_path())
        return std::string{};
    }
  }

  void read_file(const std::string& path, const std::string& shown,
                 std::vector<llm::ProviderSettings>& configured) {
    settings_.files.insert(settings_.files.begin(), shown);
    const auto document = yaml::load(path, findings_, shown);
    if (!document)
      return;
    base_ = fs::path{path}.parent_path();
    yaml::MapReader top{*document, document->root, "", "S", findings_};
    read_fields(top, "");
    if (const auto* limits = top.node("limits")) {
      yaml::MapReader block{*document, *limits, "limits", "S", findings_};
      read_fields(block, "limits.");
      block.finish();
    }
    if (const auto* providers = top.node("providers"))
      for (auto& provider :
           read_providers(*document, *providers, input_.environment, findings_))
        add_provider(configured, std::move(provider));
    top.finish();
  }

  /// A project's provider replaces the user's of the same name.
  static void add_provider(std::vector<llm::ProviderSettings>& configured,
                           llm::ProviderSettings provider) {
    std::erase_if(configured,
                  [&](const auto& p) { return p.name == provider.name; });
    configured.push_back(std::move(provider));
  }

  /// Fields whose key is `prefix` and one more word.
  void read_fields(yaml::MapReader& block, const std::string& prefix) {
    for (const auto& field : fields()) {
      const std::string key = field.key;
      if (key.rfind(prefix, 0) != 0
          || key.find('.', prefix.size()) != std::string::npos)
        continue;
      const auto name = key.substr(prefix.size());
      const auto* node = block.node(name);
      const auto text = block.text(name);
      if (!text)
        continue;
      const auto origin =
        block.document().file + ":" + std::to_string(node->mark.line);
      if (!field.set(settings_, *text, origin))
        block.error(name, "S102", ticked(name) + " must be " + field.expects);
    }
    // Folders in a file are meant from where the file is.
    for (auto* folder : {&settings_.home, &settings_.output})
      if (folder->origin.rfind(block.document().file + ":", 0) == 0)
        folder->value =
          shown_name(from_folder(base_, folder->value), input_.directory);
  }

  void read_environment() {
    for (const auto& field : fields()) {
      const auto text = variable(field.variable);
      if (!text.empty() && !field.set(settings_, text, field.variable))
        findings_.add(finding("S102", std::string{field.variable} + " must be "
                                        + field.expects + ", not "
                                        + ticked(text)));
    }
  }

  void read_flags() {
    const auto& flags = input_.flags;
    const auto take = [](Setting<std::string>& setting,
                         const std::optional<std::string>& flag,
                         const char* name) {
      if (flag)
        setting = {*flag, name};
    };
    take(settings_.home, flags.home, "--home");
    take(settings_.output, flags.output, "--output");
    take(settings_.color, flags.color, "--color");
    take(settings_.log_format, flags.log_format, "--log-format");
  }

  const SettingsInput& input_;
  fs::path base_; // folder of the file being read
  Settings settings_;
  Findings findings_;
};

std::string text_of(const std::optional<Money>& amount) {
  return amount ? to_decimal(*amount) : "none";
}

std::string_view name_of(llm::Dialect dialect) {
  switch (dialect) {
  case llm::Dialect::openai:
    return "openai";
  case llm::Dialect::anthropic:
    return "anthropic";
  case llm::Dialect::ollama:
    return "ollama";
  case llm::Dialect::sim:
    return "sim";
  case llm::Dialect::human:
    return "human";
  }
  return "openai";
}

std::string key_text(const llm::ProviderSettings& provider) {
  if (provider.api_key_env.empty())
    return "no key";
  return "key from " + provider.api_key_env
         + (provider.api_key.empty() ? " (not set)" : " (set)");
}

} // namespace

Outcome<Settings> load_settings(const SettingsInput& input) {
  return SettingsLoader{input}.load();
}

std::vector<SettingLine> setting_lines(const Settings& s) {
  std::vector<SettingLine> lines{
    {"home", s.home.value, s.home.origin},
    {"output", s.output.value.empty() ? "output" : s.output.value,
     s.output.origin},
    {"color", s.color.value, s.color.origin},
    {"log_format", s.log_format.value, s.log_format.origin},
    {"user", s.user.value, s.user.origin},
    {"jobs", std::to_string(s.jobs.value), s.jobs.origin},
    {"threads", std::to_string(s.threads.value), s.threads.origin},
    {"credit_limit", text_of(s.credit_limit.value), s.credit_limit.origin},
    {"limits.total_usd", text_of(s.total_limit.value), s.total_limit.origin},
    {"limits.user_usd", text_of(s.user_limit.value), s.user_limit.origin},
    {"limits.user_day_usd", text_of(s.user_day_limit.value),
     s.user_day_limit.origin},
    {"limits.user_week_usd", text_of(s.user_week_limit.value),
     s.user_week_limit.origin},
  };
  for (const auto& p : s.providers) {
    std::string value{name_of(p.dialect)};
    if (!p.base_url.empty())
      value += ", " + p.base_url;
    value += ", " + key_text(p) + ", " + std::to_string(p.models.size())
             + (p.models.size() == 1 ? " price" : " prices");
    if (p.local)
      value += ", local";
    lines.push_back({"providers." + p.name, value, p.origin});
  }
  return lines;
}

} // namespace lab::tools
