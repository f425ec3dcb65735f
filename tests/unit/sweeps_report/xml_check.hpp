#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab::sweeps::report::testing {

/// What is wrong with an XML document, as far as elements, attributes and
/// references go; empty when nothing is.
inline std::string xml_fault(std::string_view text) {
  std::vector<std::string> open;
  const auto known_reference = [](std::string_view rest) {
    for (const auto* name : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
      if (rest.starts_with(name))
        return true;
    return false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '&' && !known_reference(text.substr(i)))
      return "a bare & at " + std::to_string(i);
    if (text[i] == '>')
      return "a bare > at " + std::to_string(i);
    if (text[i] != '<')
      continue;
    if (text.substr(i).starts_with("<!DOCTYPE html>")) {
      i += 14;
      continue;
    }
    const bool closing = text[i + 1] == '/';
    auto at = i + (closing ? 2 : 1);
    std::string name;
    while (at < text.size()
           && std::isalnum(static_cast<unsigned char>(text[at])) != 0)
      name += text[at++];
    if (name.empty())
      return "a bare < at " + std::to_string(i);
    bool quoted = false;
    for (; at < text.size() && (quoted || text[at] != '>'); ++at) {
      if (text[at] == '"')
        quoted = !quoted;
      else if (text[at] == '<')
        return "a < inside <" + name;
      else if (quoted && text[at] == '&' && !known_reference(text.substr(at)))
        return "a bare & inside <" + name;
    }
    if (at == text.size())
      return "<" + name + " never ends";
    const bool alone = text[at - 1] == '/';
    if (closing) {
      if (open.empty() || open.back() != name)
        return "</" + name + "> closes nothing at " + std::to_string(i);
      open.pop_back();
    } else if (!alone) {
      if (name == "style") { // its text is no markup
        at = text.find("</style>", at);
        at += 7;
      } else {
        open.push_back(name);
      }
    }
    i = at;
  }
  return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

} // namespace lab::sweeps::report::testing
