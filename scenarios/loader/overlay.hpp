#pragma once

#include <string>
#include <vector>

#include "runtime/model/overlay.hpp"
#include "scenarios/loader/scenario_tree.hpp"

namespace lab::scenarios {

/// Writes assignments into one variant's tree and remembers where they went.
class Overlay {
public:
  /// @param manifest  where the assignments stand; may be null
  Overlay(const ScenarioFiles& files, ScenarioTree& tree,
          const yaml::Document* manifest, Findings& findings)
    : files_(files), tree_(tree), manifest_(manifest), findings_(findings) {}

  void apply(const Assignment& assignment);

  /// Copies findings, those about assigned places with the place they have in
  /// the manifest, or with none when there is no manifest.
  void relocate(const std::vector<Diagnostic>& found, Findings& into) const;

private:
  struct Written {
    std::string path; // concrete: no star, no `+`
    const Assignment* assignment = nullptr;
  };
  using Segments = std::vector<std::string>;

  void apply_to_parameter(const Assignment& assignment,
                          const Segments& segments);
  void apply_to_actors(const Assignment& assignment, const Segments& segments);
  void apply_to_metric(const Assignment& assignment, const Segments& segments);
  void apply_to_event(const Assignment& assignment, const Segments& segments);
  void apply_to_validation(const Assignment& assignment,
                           const Segments& segments);
  void apply_to_scenario(const Assignment& assignment,
                         const Segments& segments);
  /// Walks from `root` along `segments`, from `first` on, and writes.
  void write(const Assignment& assignment, const Segments& segments,
             std::size_t first, yaml::Node& root, const std::string& root_path,
             const std::vector<std::string>& known);
  yaml::Node* step(const Assignment& assignment, yaml::Node& node,
                   std::string& segment, bool is_last);

  Diagnostic& report(const Assignment& assignment, std::string code,
                     std::string message);
  void report_missing(const Assignment& assignment, std::string_view noun,
                      const std::string& name,
                      const std::vector<std::string>& known);

  const ScenarioFiles& files_;
  ScenarioTree& tree_;
  const yaml::Document* manifest_;
  Findings& findings_;
  std::vector<Written> written_;
};

/// Everything in `files` that an assignment can name, in file order.
std::vector<SettablePath> settable_paths(const ScenarioFiles& files);

} // namespace lab::scenarios
