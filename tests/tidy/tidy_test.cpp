// Holds the source tree to the rules of docs/architecture.md and docs/style.md.
// The rules are tables; changing one is a decision: write a page in docs/adr.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "tests/tidy/source_tree.hpp"

namespace lab::tidy {
namespace {

// --- who may include whom ----------------------------------------------------

/// Rooms, longest prefix first where one lies in another, and what each may
/// include besides itself. "*" is everything.
struct Room {
  std::string folder;
  std::set<std::string> may_include;
};

const std::vector<Room>& rooms() {
  const std::set<std::string> all_of_runtime{
    "runtime/base", "runtime/model", "runtime/protocol", "runtime/credit",
    "runtime/engine"};
  static const std::vector<Room> table{
    {"runtime/base", {}},
    {"runtime/model", {"runtime/base"}},
    {"runtime/protocol", {"runtime/base", "runtime/model"}},
    {"runtime/credit", {"runtime/base", "runtime/model", "runtime/protocol"}},
    {"runtime/engine",
     {"runtime/base", "runtime/model", "runtime/protocol", "runtime/credit"}},
    {"actors", all_of_runtime},
    {"llm", all_of_runtime},
    {"storage", all_of_runtime},
    {"scenarios", all_of_runtime},
    {"sweeps", all_of_runtime},
    {"tools/dev", all_of_runtime},
    {"tools", {"*"}},
    {"bindings", {"*"}},
    {"tests", {"*"}},
    {"bench", {"*"}},
  };
  return table;
}

const Room* room_of(const std::string& path) {
  for (const auto& room : rooms())
    if (path.starts_with(room.folder + "/"))
      return &room;
  return nullptr;
}

TEST(Tidy, IncludesFollowTheArchitecture) {
  for (const auto& file : source_tree()) {
    if (!file.is_cpp())
      continue;
    const auto* room = room_of(file.path);
    ASSERT_NE(room, nullptr) << file.path << " lies in no room: put it in one, "
                             << "or add the folder to rooms() with an ADR";
    for (const auto& include : includes_of(file)) {
      if (!include.quoted)
        continue;
      const auto* from = room_of(include.what);
      EXPECT_NE(from, nullptr)
        << file.at(include.line) << ": \"" << include.what
        << "\" does not start at the repository root";
      const bool allowed = !from || from == room
                           || room->may_include.contains("*")
                           || room->may_include.contains(from->folder);
      EXPECT_TRUE(allowed) << file.at(include.line) << ": " << room->folder
                           << " must not include " << from->folder
                           << "; meet in runtime/protocol instead";
    }
  }
}

// --- third-party libraries ---------------------------------------------------

/// A library and the places (regular expressions of paths) that may name it.
struct Library {
  std::string name;
  std::string include; // how its includes begin
  std::vector<std::string> places;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> table{
    {"CAF",
     "caf/",
     {"runtime/protocol/.*", "runtime/engine/.*",
      "runtime/credit/credit_limit\\..*", "llm/(gateway|lane).*", "llm/http/.*",
      "actors/(phases|participants)/.*", "actors/phase_factory\\..*",
      "actors/people/human_desk\\..*", "storage/.*_actor\\..*",
      "tools/wiring/.*", "tests/.*", "bench/.*"}},
    {"Boost",
     "boost/",
     {"llm/http/.*", "tools/dev/.*", "sweeps/statistics/distributions\\.cpp",
      "sweeps/designs/(distribution|sobol_sequence)\\.cpp", "bench/.*",
      "tests/.*"}},
    {"Eigen",
     "Eigen/",
     {"sweeps/statistics/(additive_model|split_layout)\\.cpp"}},
    {"OpenSSL", "openssl/", {"llm/http/.*", "tests/unit/llm_http/.*"}},
    {"nlohmann/json",
     "nlohmann/",
     {"runtime/base/json\\.hpp", "tools/cli/json_output\\.hpp"}},
    {"yaml-cpp", "yaml-cpp/", {"runtime/base/yaml\\.cpp"}},
    {"SQLite", "sqlite3.h", {"storage/sqlite/.*", "tests/unit/storage/.*"}},
    {"spdlog", "spdlog/", {"runtime/base/log\\.cpp"}},
    {"libsodium",
     "sodium.h",
     {"runtime/base/digest\\.cpp", "runtime/protocol/spend_permit\\.cpp"}},
    {"dtl", "dtl/", {"runtime/base/text_diff\\.cpp"}},
    {"date",
     "date/",
     {"runtime/base/clock\\.cpp",
      "tests/unit/runtime_base/day_window_test\\.cpp"}},
    {"zstd", "zstd.h", {"storage/compression\\.cpp"}},
    {"PCRE2", "pcre2.h", {"actors/metrics/.*"}},
    {"muParser", "muParser.h", {"runtime/model/condition\\.cpp"}},
    {"CLI11", "CLI/", {"tools/cli/.*"}},
    {"GoogleTest", "gtest/", {"tests/.*"}},
    {"GoogleMock", "gmock/", {"tests/.*"}},
    {"RapidCheck", "rapidcheck", {"tests/.*"}},
    {"tl::expected", "tl/", {".*"}},
  };
  return table;
}

bool matches_any(const std::string& path,
                 const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const auto& each) {
    return std::regex_match(path, std::regex{each});
  });
}

/// Headers of the system and of the standard library need no room.
bool is_system_header(const std::string& include) {
  static const std::regex form{
    "[a-z0-9_]+|(sys|arpa|netinet|linux|net)/[a-z0-9_]+\\.h"
    "|(unistd|fcntl|pthread|spawn|dirent|signal|poll|termios|pwd|grp|langinfo"
    "|sched|fnmatch|glob)\\.h"};
  return std::regex_match(include, form);
}

TEST(Tidy, ThirdPartyLibrariesStayInTheirRooms) {
  for (const auto& file : source_tree()) {
    if (!file.is_cpp())
      continue;
    for (const auto& include : includes_of(file)) {
      if (include.quoted || is_system_header(include.what))
        continue;
      const auto library = std::find_if(
        libraries().begin(), libraries().end(), [&](const auto& each) {
          return include.what.starts_with(each.include);
        });
      if (library == libraries().end()) {
        ADD_FAILURE() << file.at(include.line) << ": <" << include.what
                      << "> is of no library in libraries(): a new dependency "
                         "needs an ADR, a line there and one in ./dev";
        continue;
      }
      EXPECT_TRUE(matches_any(file.path, library->places))
        << file.at(include.line) << ": " << library->name
        << " has its own files; wrap what you need there";
    }
  }
}

TEST(Tidy, CafIsNamedOnlyByActorsAndTheirProtocol) {
  const auto& places = libraries().front().places;
  for (const auto& file : source_tree()) {
    if (!file.is_cpp() || matches_any(file.path, places))
      continue;
    const auto code = code_of(file);
    for (std::size_t i = 0; i < code.size(); ++i)
      EXPECT_EQ(code[i].find("caf::"), std::string::npos)
        << file.at(i) << ": move what needs CAF into an actor's file; the "
        << "logic is easier to test without";
  }
}

/// Headers that take seconds to compile. One that includes them is internal:
/// only its own room may include it.
bool is_heavy(const Include& include) {
  static const std::vector<std::string> heavy{"nlohmann/", "boost/", "Eigen/",
                                              "yaml-cpp/", "sqlite3.h"};
  return include.what == "runtime/base/json.hpp"
         || std::any_of(heavy.begin(), heavy.end(), [&](const auto& each) {
              return !include.quoted && include.what.starts_with(each);
            });
}

std::string top_folder(const std::string& path) {
  return path.substr(0, path.find('/'));
}

TEST(Tidy, HeavyHeadersDoNotLeaveTheirRoom) {
  std::set<std::string> internal;
  for (const auto& file : source_tree())
    if (file.is_header() && file.path != "runtime/base/json.hpp")
      for (const auto& include : includes_of(file))
        if (is_heavy(include))
          internal.insert(file.path);

  for (const auto& file : source_tree()) {
    if (!file.is_cpp() || file.path.starts_with("tests/"))
      continue;
    for (const auto& include : includes_of(file)) {
      if (!internal.contains(include.what))
        continue;
      EXPECT_EQ(top_folder(file.path), top_folder(include.what))
        << file.at(include.line) << ": \"" << include.what
        << "\" brings a heavy library along; hide that behind a .cpp";
    }
  }
}

// --- form --------------------------------------------------------------------

TEST(Tidy, NothingIsLeftForLater) {
  // Put together here, so that this file does not find itself.
  const std::regex words{std::string{"\\b(TO"} + "DO|FIX" + "ME|XX" + "X|HA"
                         + "CK)\\b"};
  for (const auto& file : source_tree()) {
    if (file.path.ends_with(".md") || file.path.ends_with(".yaml"))
      continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      EXPECT_FALSE(std::regex_search(file.lines[i], words))
        << file.at(i) << ": do it now, or say in an issue what is missing";
  }
}

TEST(Tidy, NoMachineIsNamed) {
  const std::vector<std::string> roots{std::string{"/wo"} + "rk/",
                                       std::string{"/ho"} + "me/",
                                       std::string{"/ro"} + "ot/"};
  for (const auto& file : source_tree())
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      for (const auto& each : roots)
        EXPECT_EQ(file.lines[i].find(each), std::string::npos)
          << file.at(i) << ": a path of one machine means nothing elsewhere";
}

TEST(Tidy, LinesOfCodeFitIn80Columns) {
  for (const auto& file : source_tree()) {
    if (!file.is_cpp())
      continue;
    const auto raw = raw_string_lines(file);
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto& line = file.lines[i];
      const bool excused =
        raw[i] || line.find("://") != line.npos || line.starts_with("#include");
      EXPECT_TRUE(excused || columns(line) <= 80)
        << file.at(i) << " has " << columns(line)
        << " columns: run ./dev format, or split a long text";
    }
  }
}

TEST(Tidy, EveryHeaderIsIncludedOnce) {
  for (const auto& file : source_tree()) {
    if (!file.is_header())
      continue;
    EXPECT_EQ(std::count(file.lines.begin(), file.lines.end(), "#pragma once"),
              1)
      << file.path << ": begin it with #pragma once";
  }
}

TEST(Tidy, EveryFolderAtTheTopSaysWhatItIsFor) {
  std::set<std::string> paths;
  for (const auto& file : source_tree())
    paths.insert(file.path);
  for (const auto& folder : top_folders())
    EXPECT_TRUE(paths.contains(folder + "/README.md"))
      << folder << "/README.md is missing: half a page with the purpose, what "
      << "it may include, what to read first, where its tests are";
}

TEST(Tidy, UnitTestsDoNotSleep) {
  static const std::regex sleeping{"\\b(sleep_for|sleep_until|usleep)\\b"};
  for (const auto& file : source_tree()) {
    if (!file.is_cpp() || !file.path.starts_with("tests/unit/"))
      continue;
    const auto code = code_of(file);
    for (std::size_t i = 0; i < code.size(); ++i)
      EXPECT_FALSE(std::regex_search(code[i], sleeping))
        << file.at(i) << ": move the clock by hand, or wait for an event";
  }
}

// --- completeness ------------------------------------------------------------

/// True when a CMakeLists.txt in the file's folder or above it names it.
bool is_built(const SourceFile& file,
              const std::map<std::string, std::string>& lists) {
  for (auto slash = file.path.rfind('/'); slash != std::string::npos;
       slash = slash == 0 ? std::string::npos
                          : file.path.rfind('/', slash - 1)) {
    const auto list = lists.find(file.path.substr(0, slash + 1));
    if (list == lists.end())
      continue;
    const auto name = file.path.substr(slash + 1);
    const std::regex word{"(^|[\\s(])"
                          + std::regex_replace(name, std::regex{"\\."}, "\\.")
                          + "($|[\\s)])"};
    if (std::regex_search(list->second, word))
      return true;
  }
  return false;
}

TEST(Tidy, EverySourceFileIsBuilt) {
  std::map<std::string, std::string> lists; // folder with '/' -> text
  for (const auto& file : source_tree()) {
    constexpr std::string_view name = "CMakeLists.txt";
    if (!file.path.ends_with(name))
      continue;
    auto& text = lists[file.path.substr(0, file.path.size() - name.size())];
    for (const auto& line : file.lines)
      text += line + "\n";
  }
  for (const auto& file : source_tree()) {
    if (!file.path.ends_with(".cpp"))
      continue;
    EXPECT_TRUE(is_built(file, lists))
      << file.path << " is named by no CMakeLists.txt in its folder or "
      << "above: add it, or delete it";
  }
}

/// The enumerators of `Errc`, as the header has them.
std::vector<std::string> error_names() {
  static const std::regex enumerator{"^  ([a-z_0-9]+) = [0-9]+,$"};
  std::vector<std::string> names;
  for (const auto& file : source_tree())
    if (file.path == "runtime/base/error.hpp")
      for (const auto& line : file.lines)
        if (std::smatch match; std::regex_match(line, match, enumerator))
          names.push_back(match[1]);
  return names;
}

TEST(Tidy, EveryErrorHasAStableNameAndIsExplained) {
  std::string pages;
  for (const auto& file : source_tree())
    if (file.path == "docs/errors.md")
      for (const auto& line : file.lines)
        pages += line + "\n";
  const auto names = error_names();
  ASSERT_GE(names.size(), 20U) << "Errc could not be read";

  for (const auto& name : names) {
    EXPECT_EQ(to_string(errc_from(name)), name)
      << "runtime/base/error.cpp does not know " << name;
    EXPECT_NE(pages.find("| `" + name + "` |"), std::string::npos)
      << "docs/errors.md does not say what " << name
      << " means and what to do about it";
  }
}

// --- the tools of this test themselves ---------------------------------------

TEST(Tidy, CommentsAndTextsAreNotCode) {
  const SourceFile file{"x.cpp",
                        {"int a = 1'000; // caf::actor", "auto b = \"caf::\";",
                         "auto c = R\"x(caf::", ")\" caf::)x\"; caf::d();",
                         "/* caf::", "caf:: */ char e = '\"'; caf::f();"}};

  const auto code = code_of(file);
  const auto raw = raw_string_lines(file);

  std::vector<bool> named;
  for (const auto& line : code)
    named.push_back(line.find("caf::") != line.npos);
  EXPECT_EQ(named, (std::vector<bool>{false, false, false, true, false, true}));
  EXPECT_EQ(raw, (std::vector<bool>{false, false, true, true, false, false}));
  EXPECT_NE(code[0].find("1'000;"), std::string::npos);
}

TEST(Tidy, ColumnsAreCharacters) {
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("caf\xC3\xA9 \xE2\x80\xA6"), 6U);
}

} // namespace
} // namespace lab::tidy
