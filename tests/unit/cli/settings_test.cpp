#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "tools/cli/settings.hpp"

namespace lab::tools {
namespace {

namespace fs = std::filesystem;

/// A folder of its own with settings files, and an environment.
class SettingsTest : public ::testing::Test {
protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::path{::testing::TempDir()} / "lab-settings" / info->name();
    fs::remove_all(root_);
    fs::create_directories(root_ / "project/below");
    variables_["XDG_CONFIG_HOME"] = root_ / "config";
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream{root_ / path} << text;
  }

  Outcome<Settings> load() {
    return load_settings({flags_,
                          [this](const char* name) {
                            const auto found = variables_.find(name);
                            return found == variables_.end()
                                     ? std::nullopt
                                     : std::optional{found->second};
                          },
                          root_ / "project"});
  }

  Settings loaded() {
    auto settings = load();
    EXPECT_TRUE(settings) << (settings ? "" : render(settings.error()));
    return settings.value_or(Settings{});
  }

  std::string refusal() {
    const auto settings = load();
    return settings ? "loaded" : render(settings.error());
  }

  const llm::ProviderSettings& provider(const Settings& settings,
                                        const std::string& name) {
    for (const auto& provider : settings.providers)
      if (provider.name == name)
        return provider;
    ADD_FAILURE() << "no provider " << name;
    return settings.providers.front();
  }

  fs::path root_;
  GlobalFlags flags_;
  std::map<std::string, std::string> variables_;
};

TEST_F(SettingsTest, WithoutAnyFileTheDefaultsHold) {
  const auto settings = loaded();

  EXPECT_EQ(settings.home.value, ".scenario-lab");
  EXPECT_EQ(settings.home.origin, "default");
  EXPECT_EQ(settings.jobs.value, 64);
  EXPECT_FALSE(settings.credit_limit.value);
}

TEST_F(SettingsTest, AFlagBeatsAVariableBeatsTheProjectBeatsTheUser) {
  write("config/scenario-lab/config.yaml",
        "user: from-user\njobs: 1\ncolor: always\nhome: /h-user\n");
  write("project/scenario-lab.yaml",
        "jobs: 2\ncolor: auto\nhome: /h-project\n");
  variables_["SCENARIO_LAB_COLOR"] = "never";
  variables_["SCENARIO_LAB_HOME"] = "/h-variable";
  flags_.home = "/h-flag";

  const auto settings = loaded();

  EXPECT_EQ(settings.user.value, "from-user");
  EXPECT_EQ(settings.jobs.value, 2);
  EXPECT_EQ(settings.jobs.origin, "scenario-lab.yaml:1");
  EXPECT_EQ(settings.color.value, "never");
  EXPECT_EQ(settings.color.origin, "SCENARIO_LAB_COLOR");
  EXPECT_EQ(settings.home.value, "/h-flag");
  EXPECT_EQ(settings.home.origin, "--home");
}

TEST_F(SettingsTest, TheProjectsFileIsFoundInAFolderAbove) {
  write("scenario-lab.yaml", "# top\n\nhome: data\n");

  const auto settings = loaded();

  EXPECT_EQ(settings.home.value, (root_ / "data").string());
  EXPECT_EQ(settings.home.origin,
            (root_ / "scenario-lab.yaml").string() + ":3");
}

TEST_F(SettingsTest, AFileNamedByAFlagReplacesTheProjectsFile) {
  write("project/scenario-lab.yaml", "jobs: 2\n");
  write("project/other.yaml", "jobs: 3\n");
  flags_.config = "other.yaml";

  EXPECT_EQ(loaded().jobs.value, 3);
}

TEST_F(SettingsTest, AFileNamedByAFlagMustExist) {
  flags_.config = "absent.yaml";

  const auto settings = load();

  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().exit, ExitCode::not_found);
}

TEST_F(SettingsTest, AnUnknownKeyIsAnErrorWithASuggestion) {
  write("project/scenario-lab.yaml", "jbos: 2\n");

  const auto text = refusal();

  EXPECT_NE(text.find("error[S104]: unknown key `jbos`"), std::string::npos)
    << text;
  EXPECT_NE(text.find("did you mean `jobs`?"), std::string::npos) << text;
}

TEST_F(SettingsTest, EveryProblemOfAFileIsToldAtOnce) {
  write("project/scenario-lab.yaml",
        "jobs: many\ncolor: pink\nlimits: {user_usd: -1}\n");

  const auto settings = load();

  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().exit, ExitCode::invalid);
  EXPECT_EQ(settings.error().findings.all().size(), 3U)
    << render(settings.error());
}

TEST_F(SettingsTest, AVariableThatCannotBeReadIsNamed) {
  variables_["SCENARIO_LAB_JOBS"] = "0";

  EXPECT_EQ(refusal(), "error[S102]: SCENARIO_LAB_JOBS must be a whole number "
                       "from 1 to 100000, not `0`\n");
}

TEST_F(SettingsTest, AmountsAreReadDigitByDigit) {
  write("project/scenario-lab.yaml",
        "credit_limit: 0.000000000001\nlimits: {user_day_usd: \"2.50\"}\n");

  const auto settings = loaded();

  EXPECT_EQ(settings.credit_limit.value, Money{1});
  EXPECT_EQ(settings.user_day_limit.value, parse_usd("2.5").value());
  EXPECT_EQ(settings.user_day_limit.origin, "scenario-lab.yaml:2");
}

TEST_F(SettingsTest, AProviderIsReadWithExactPrices) {
  variables_["BENCH_KEY"] = "sk-live";
  write("project/scenario-lab.yaml", R"(providers:
  bench:
    dialect: openai
    base_url: http://127.0.0.1:8081/v1
    api_key_env: BENCH_KEY
    max_in_flight: 256
    call_timeout: 90s
    models:
      tiny: {input_usd_per_mtok: "0.15", output_usd_per_mtok: "0.60", context_window: 128000, max_output: 1024, tokenizer: byte_level}
)");

  const auto settings = loaded();

  const auto& bench = provider(settings, "bench");
  EXPECT_EQ(bench.api_key, "sk-live");
  EXPECT_EQ(bench.max_in_flight, 256);
  EXPECT_EQ(bench.call_timeout, std::chrono::seconds{90});
  ASSERT_TRUE(bench.models.contains("tiny"));
  const auto& tiny = bench.models.at("tiny");
  EXPECT_EQ(tiny.input, Money{150'000});
  EXPECT_EQ(tiny.output, Money{600'000});
  EXPECT_EQ(tiny.cached_input, Money{150'000});
  EXPECT_EQ(tiny.context_window, 128'000);
  EXPECT_EQ(tiny.tokenizer, Tokenizer::byte_level);
}

TEST_F(SettingsTest, APriceThatIsNoWholePicoDollarPerTokenIsRefused) {
  write("project/scenario-lab.yaml", R"(providers:
  openrouter:
    models:
      a/b: {input_usd_per_mtok: "0.1234567", output_usd_per_mtok: "1"}
)");

  EXPECT_NE(refusal().find("finer than a micro-dollar per million tokens"),
            std::string::npos);
}

TEST_F(SettingsTest, APriceMustBeWrittenDown) {
  write("project/scenario-lab.yaml", R"(providers:
  openrouter:
    models:
      a/b: {input_usd_per_mtok: "0.1"}
)");

  EXPECT_NE(refusal().find("lacks the key `output_usd_per_mtok`"),
            std::string::npos);
}

TEST_F(SettingsTest, ABlockThatNamesABuiltInProviderChangesOnlyWhatItSays) {
  write("project/scenario-lab.yaml",
        "providers:\n  ollama: {base_url: \"http://10.0.0.7:11434\"}\n");

  const auto settings = loaded();

  const auto& ollama = provider(settings, "ollama");
  EXPECT_EQ(ollama.base_url, "http://10.0.0.7:11434");
  EXPECT_EQ(ollama.dialect, llm::Dialect::ollama);
  EXPECT_TRUE(ollama.local);
}

TEST_F(SettingsTest, AnUnknownProviderNeedsDialectAndAddress) {
  write("project/scenario-lab.yaml", "providers:\n  mine: {local: true}\n");

  const auto text = refusal();

  EXPECT_NE(text.find("lacks the key `dialect`"), std::string::npos) << text;
  EXPECT_NE(text.find("lacks the key `base_url`"), std::string::npos) << text;
}

TEST_F(SettingsTest, NothingSimulatedHidesBehindAnotherName) {
  for (const std::string block :
       {"bench: {dialect: sim, base_url: \"http://h\"}",
        "sim: {dialect: openai, base_url: \"http://h\"}"}) {
    write("project/scenario-lab.yaml", "providers:\n  " + block + "\n");

    EXPECT_NE(refusal().find("simulated models are called `sim/…`"),
              std::string::npos)
      << refusal();
  }
}

TEST_F(SettingsTest, AKeyInAFileIsRefusedAndNeverShown) {
  for (const std::string line :
       {"api_key: sk-live-1234567890", "api_key_env: sk-live-1234567890",
        "base_url: https://me:sk-live-1234567890@host/v1"}) {
    write("project/scenario-lab.yaml",
          "providers:\n  openai: {" + line + ", nonsense: 1}\n");

    const auto text = refusal();

    EXPECT_NE(text.find("error[P104]: keys are never written into a file"),
              std::string::npos)
      << text;
    EXPECT_NE(text.find("unknown key `nonsense`"), std::string::npos) << text;
    EXPECT_EQ(text.find("1234567890"), std::string::npos) << text;
  }
}

TEST_F(SettingsTest, ConfigShowNamesEveryOriginAndNoKey) {
  variables_["OPENAI_API_KEY"] = "sk-very-secret";
  write("project/scenario-lab.yaml", "user: ada\n");

  std::string text;
  for (const auto& line : setting_lines(loaded()))
    text += line.key + "=" + line.value + " (" + line.origin + ")\n";

  EXPECT_NE(text.find("user=ada (scenario-lab.yaml:1)\n"), std::string::npos)
    << text;
  EXPECT_NE(text.find("home=.scenario-lab (default)\n"), std::string::npos);
  EXPECT_NE(text.find("key from OPENAI_API_KEY (set)"), std::string::npos)
    << text;
  EXPECT_NE(text.find("key from ANTHROPIC_API_KEY (not set)"),
            std::string::npos)
    << text;
  EXPECT_EQ(text.find("sk-very-secret"), std::string::npos);
}

} // namespace
} // namespace lab::tools
