#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/diagnostic.hpp"

namespace lab::yaml {

struct Mark {
  int line = 0;   // 1-based; 0: not from a file
  int column = 0; // 1-based, in bytes
};

enum class Kind { null, scalar, list, map };

struct Entry;

/// A YAML value with its place. Scalars keep their text: what a plain `no` or
/// `010` means is decided by the schema that reads it, never guessed.
struct Node {
  Kind kind = Kind::null;
  std::string scalar;
  bool quoted = false; // "…", '…' or a block scalar: always a string
  std::vector<Node> items;
  std::vector<Entry> entries; // in file order; keys are unique
  Mark mark;
  Mark end; // one past the last byte on the last line; scalars only

  static Node text(std::string value);
  static Node plain(std::string value); // a number, a bool or a bare word
  static Node list(std::vector<Node> values);
  static Node map();

  const Node* find(std::string_view key) const; // map only; else nullptr
  Node* find(std::string_view key);
  /// Appends or replaces. Turns a null node into a map.
  Node& set(std::string key, Node value);
  bool erase(std::string_view key);
};

struct Entry {
  std::string key;
  Mark key_mark;
  Node value;
};

struct Document {
  std::string file; // as shown to people
  std::vector<std::string> lines;
  Node root;

  /// A file whose lines stand behind those of the first: what `root` holds may
  /// come from several. Marks count through all lines.
  struct Part {
    std::string file;
    int first_line = 0; // of `lines`, from 1
  };
  std::vector<Part> parts; // ascending; without the first file
};

/// The file that a line of a document stands in.
const std::string& file_of(const Document& document, int line);

/// Gives a finding the place of a mark: file, line and column there, and the
/// line's text.
void place_at(const Document& document, Mark mark, Diagnostic& finding);

/// What a file may hold before it is refused.
struct Bounds {
  std::size_t bytes_max = std::size_t{1} << 20;
  std::size_t nodes_max = 100'000;
  std::size_t depth_max = 64;
  std::size_t scalar_bytes_max = std::size_t{256} << 10;
};

/// Reads one document through the guard: UTF-8 checked, a byte-order mark and
/// CRLF accepted; anchors, aliases, tags, merge keys, duplicate keys, several
/// documents and anything beyond `bounds` become findings with their place.
/// Returns the document when nothing was an error.
std::optional<Document> parse(std::string_view text, const std::string& file,
                              Findings& findings, const Bounds& bounds = {});

/// `parse` of a file's content; a file that cannot be read is a finding.
/// @param shown  the name people see in messages; `path` when empty
std::optional<Document> load(const std::string& path, Findings& findings,
                             const std::string& shown = {});

/// Canonical bytes of a value: kinds, keys sorted, texts framed. Two nodes with
/// the same meaning for every schema have the same bytes.
std::string canonical(const Node& node);

/// A finding at a node of `document`, with its source line and caret width.
Diagnostic at(const Document& document, const Node& node, std::string code,
              std::string message);
/// The same at the key of an entry.
Diagnostic at_key(const Document& document, const Entry& entry,
                  std::string code, std::string message);

/// Plain values by strict rules: "true"/"false" (any case, also yes/no/on/off);
/// decimal integers with an optional sign; finite decimals. Nothing for
/// anything else: no octal, no underscores, no inf, no nan.
std::optional<bool> as_bool(const Node& node);
std::optional<std::int64_t> as_int(const Node& node);
std::optional<double> as_number(const Node& node);

} // namespace lab::yaml
