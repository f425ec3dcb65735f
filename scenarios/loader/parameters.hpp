#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/yaml_reader.hpp"
#include "runtime/model/scenario_spec.hpp"

namespace lab::scenarios {

/// The `parameters` block: names, values, and the words in which a value
/// reaches a model. A number reaches a prompt only through words.
class Parameters {
public:
  /// Reads and checks the block of `scenario`, reporting into `findings`.
  Parameters(const yaml::Document& document, const yaml::Node& scenario,
             Findings& findings);

  const std::vector<ParameterSpec>& specs() const { return specs_; }
  const ParameterSpec* find(std::string_view name) const;
  /// The declared range, when there is one.
  std::optional<std::pair<double, double>> range(std::string_view name) const;
  std::vector<std::string> names() const;

  /// Puts the words in for each `{{name}}` in the texts of `node` and below.
  /// @param path  of `node`, for findings: "actors.eu"
  void substitute(const yaml::Document& document, yaml::Node& node,
                  const std::string& path);
  /// The same for a text that is a file of its own.
  /// @param shown  its name, for findings
  std::string substitute(const std::string& text, const std::string& shown);
  /// Says that a dial follows this parameter.
  void note_dial(std::string_view name);
  /// Warns of each parameter that nothing reads.
  void report_unused();

private:
  struct Use {
    bool in_text = false;
    bool in_dial = false;
  };
  struct Range {
    double low = 0;
    double high = 0;
  };

  void decode(const yaml::Entry& entry);
  std::optional<Range> decode_range(yaml::MapReader& reader);
  void check_allowed(yaml::MapReader& reader, const ParameterSpec& spec,
                     const std::optional<Range>& range);
  void decode_words(yaml::MapReader& reader, ParameterSpec& spec);
  void words_of_number(yaml::MapReader& reader, const yaml::Node& say,
                       ParameterSpec& spec);
  void join_words();
  const yaml::Entry* entry_of(std::string_view name) const;
  bool check_words(const yaml::Entry& entry, std::vector<std::string>& chain,
                   std::set<std::string, std::less<>>& checked);
  bool check_use(const yaml::Entry& entry, const yaml::Entry& text,
                 const std::string& name, std::vector<std::string>& chain,
                 std::set<std::string, std::less<>>& checked);
  const std::string&
  joined_words(const ParameterSpec& spec,
               std::map<std::string, std::string, std::less<>>& joined) const;
  void report_placeholder(const yaml::Document& document,
                          const yaml::Node& node, const std::string& path,
                          const std::string& name);

  const yaml::Document& document_;
  const yaml::Node* block_ = nullptr;
  Findings& findings_;
  std::vector<ParameterSpec> specs_;
  std::map<std::string, Range, std::less<>> ranges_;
  std::map<std::string, Use, std::less<>> uses_;
};

/// The shortest decimal that reads back as `number`.
std::string number_text(double number);

} // namespace lab::scenarios
