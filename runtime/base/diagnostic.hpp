#pragma once

#include <string>
#include <vector>

namespace lab {

enum class Severity { error, warning, note };

/// One finding about a file, in the shape of docs/errors.md:
///
///   error[S104]: unknown key `on_exhaused` in `budget`
///     --> sweeps/x.yaml:51:3
///      |
///   51 |   on_exhaused: pause
///      |   ^^^^^^^^^^^ not a budget key
///      |
///      = help: did you mean `on_exhausted`?
///
/// Codes: Y YAML, S scenario and sweep, B budget, P provider, R run, U use of
/// the command line. A finding without a line prints no excerpt.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;
  std::string message;
  std::string file;
  int line = 0;       // 1-based; 0: no place
  int column = 0;     // 1-based, in bytes
  int end_column = 0; // one past the last marked byte
  std::string source; // the line's text
  std::string label;  // what stands under the carets
  std::string path;   // "actors.eu.goals.0"
  std::vector<std::string> help;
  std::vector<std::string> notes;
};

/// All findings of one reading, in the order found until `sort`.
class Findings {
public:
  Diagnostic& add(Diagnostic finding);
  void append(const Findings& other);
  bool has_errors() const;
  bool empty() const { return all_.empty(); }
  const std::vector<Diagnostic>& all() const { return all_; }
  /// By file, line, column; stable.
  void sort();

private:
  std::vector<Diagnostic> all_;
};

/// The text form of one finding; ends with a newline.
std::string render(const Diagnostic& finding);

/// All findings, at most `shown_max` and then a count of the rest.
std::string render(const Findings& findings, std::size_t shown_max = 20);

/// `{"code","severity","message","file","line","column","end_column","path",
/// "help":[],"notes":[]}` as one line of JSON; the list as a JSON array.
std::string to_json(const Diagnostic& finding);
std::string to_json(const Findings& findings);

} // namespace lab
