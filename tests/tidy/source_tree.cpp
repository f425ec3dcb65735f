#include "tests/tidy/source_tree.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

namespace lab::tidy {

namespace {

namespace fs = std::filesystem;

const fs::path root{LAB_SOURCE_DIR};

/// Made by tools, not by us.
const std::set<std::string> foreign_folders{"build", "output", "node_modules",
                                            "dist", "__pycache__"};

bool is_foreign(const fs::path& path) {
  const auto name = path.filename().string();
  return name.starts_with('.') || foreign_folders.contains(name);
}

bool is_text_of_ours(const fs::path& path) {
  static const std::set<std::string> endings{".cpp", ".hpp",   ".txt", ".md",
                                             ".py",  ".cmake", ".sh",  ".yaml"};
  return endings.contains(path.extension().string())
         || path.filename() == "dev";
}

SourceFile read(const fs::path& path) {
  SourceFile file;
  file.path = fs::relative(path, root).string();
  std::ifstream in{path};
  for (std::string line; std::getline(in, line);)
    file.lines.push_back(std::move(line));
  return file;
}

std::vector<SourceFile> read_tree() {
  std::vector<SourceFile> files;
  fs::recursive_directory_iterator it{root};
  for (; it != fs::recursive_directory_iterator{}; ++it) {
    if (it->is_directory() && is_foreign(it->path()))
      it.disable_recursion_pending();
    else if (it->is_regular_file() && is_text_of_ours(it->path()))
      files.push_back(read(it->path()));
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

/// Walks over a file's characters and knows what each one is part of.
class Scanner {
public:
  enum class Kind { code, comment, text, raw_text };

  /// What the character at `at` of `line` is, and how the state goes on.
  Kind step(const std::string& line, std::size_t at) {
    if (skip_ > 0) {
      --skip_;
      return kind_of_skipped_;
    }
    switch (state_) {
    case Kind::code:
      return step_code(line, at);
    case Kind::comment:
      if (line.compare(at, 2, "*/") == 0)
        leave(1);
      return Kind::comment;
    case Kind::text:
      if (line[at] == '\\')
        skip(1, Kind::text);
      else if (line[at] == quote_)
        leave(0);
      return Kind::text;
    case Kind::raw_text:
      if (line.compare(at, raw_end_.size(), raw_end_) == 0)
        leave(raw_end_.size() - 1);
      return Kind::raw_text;
    }
    return Kind::code;
  }

  void end_line() {
    skip_ = 0;
    if (state_ == Kind::text || line_comment_)
      state_ = Kind::code;
    line_comment_ = false;
  }

  bool in_raw_text() const { return state_ == Kind::raw_text; }

private:
  Kind step_code(const std::string& line, std::size_t at) {
    if (line.compare(at, 2, "//") == 0 || line.compare(at, 2, "/*") == 0) {
      line_comment_ = line[at + 1] == '/';
      state_ = Kind::comment;
      skip(1, Kind::comment);
      return Kind::comment;
    }
    if (line.compare(at, 2, "R\"") == 0) {
      const auto open = line.find('(', at);
      raw_end_ = ")" + line.substr(at + 2, open - at - 2) + "\"";
      state_ = Kind::raw_text;
      skip(open - at, Kind::raw_text);
      return Kind::raw_text;
    }
    const bool digit_mark =
      line[at] == '\'' && at > 0
      && std::isxdigit(static_cast<unsigned char>(line[at - 1])) != 0;
    if (line[at] == '"' || (line[at] == '\'' && !digit_mark)) {
      quote_ = line[at];
      state_ = Kind::text;
      return Kind::text;
    }
    return Kind::code;
  }

  void skip(std::size_t count, Kind kind) {
    skip_ = count;
    kind_of_skipped_ = kind;
  }

  /// Back to code after `more` characters.
  void leave(std::size_t more) {
    skip(more, state_);
    state_ = Kind::code;
  }

  Kind state_ = Kind::code;
  Kind kind_of_skipped_ = Kind::code;
  std::size_t skip_ = 0;
  char quote_ = '"';
  bool line_comment_ = false;
  std::string raw_end_;
};

} // namespace

bool SourceFile::is_cpp() const {
  return path.ends_with(".cpp") || path.ends_with(".hpp");
}

std::string SourceFile::at(std::size_t line_index) const {
  return path + ":" + std::to_string(line_index + 1);
}

const std::vector<SourceFile>& source_tree() {
  static const auto files = read_tree();
  return files;
}

std::vector<std::string> top_folders() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{root})
    if (entry.is_directory() && !is_foreign(entry.path()))
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<Include> includes_of(const SourceFile& file) {
  static const std::regex form{R"rx(^\s*#\s*include\s*([<"])([^>"]+)[>"])rx"};
  std::vector<Include> found;
  for (std::size_t i = 0; i < file.lines.size(); ++i)
    if (std::smatch match; std::regex_search(file.lines[i], match, form))
      found.push_back({match[2], match[1] == "\"", i});
  return found;
}

std::vector<std::string> code_of(const SourceFile& file) {
  std::vector<std::string> code;
  Scanner scanner;
  for (const auto& line : file.lines) {
    auto kept = line;
    for (std::size_t at = 0; at < line.size(); ++at)
      if (scanner.step(line, at) != Scanner::Kind::code)
        kept[at] = ' ';
    scanner.end_line();
    code.push_back(std::move(kept));
  }
  return code;
}

std::vector<bool> raw_string_lines(const SourceFile& file) {
  std::vector<bool> raw;
  Scanner scanner;
  for (const auto& line : file.lines) {
    bool touched = scanner.in_raw_text();
    for (std::size_t at = 0; at < line.size(); ++at)
      touched |= scanner.step(line, at) == Scanner::Kind::raw_text;
    scanner.end_line();
    raw.push_back(touched);
  }
  return raw;
}

std::size_t columns(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
    utf8.begin(), utf8.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
}

} // namespace lab::tidy
