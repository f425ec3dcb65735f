#include "sweeps/report/svg.hpp"

#include <array>

#include "sweeps/report/document.hpp"
#include "sweeps/report/numbers.hpp"

namespace lab::sweeps::report {

namespace {

constexpr std::array<std::string_view, 6> colours{
  "#0072b2", "#d55e00", "#009e73", "#8b5a8c", "#a6761d", "#444444"};

/// Bytes of the character that begins with `first`.
std::size_t length_of(unsigned char first) {
  if (first < 0x80)
    return 1;
  return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/// Width of a character in parts of the font's size.
double em_of(std::string_view character) {
  if (character.size() >= 3)
    return 1.0; // CJK and wider
  if (character.size() == 2)
    return 0.65;
  const char c = character.front();
  if (std::string_view{"ijl.,:;'|!()[]ft "}.find(c) != std::string_view::npos)
    return 0.36;
  if (std::string_view{"mwMW%@"}.find(c) != std::string_view::npos)
    return 0.92;
  if (c >= 'A' && c <= 'Z')
    return 0.7;
  return 0.6;
}

std::string attribute(std::string_view name, double value) {
  return " " + std::string{name} + "=\"" + coordinate(value) + "\"";
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string{name} + "=\"" + std::string{value} + "\"";
}

std::string path_of(const std::vector<std::pair<double, double>>& points) {
  std::string out;
  for (const auto& [x, y] : points)
    out += (out.empty() ? "" : " ") + coordinate(x) + "," + coordinate(y);
  return out;
}

std::string_view name_of(Anchor anchor) {
  if (anchor == Anchor::middle)
    return "middle";
  return anchor == Anchor::end ? "end" : "start";
}

} // namespace

std::string coordinate(double value) {
  auto out = fixed_text(value, 2);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.')
    out.pop_back();
  return out;
}

std::string_view series_colour(std::size_t index) {
  return colours[index % colours.size()];
}

double text_width(std::string_view text, double size) {
  double em = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto length = length_of(static_cast<unsigned char>(text[i]));
    em += em_of(text.substr(i, length));
    i += length;
  }
  return em * size;
}

std::string fitted(std::string_view text, double width, double size) {
  if (text_width(text, size) <= width)
    return std::string{text};
  std::string out;
  double used = size; // of the ellipsis
  for (std::size_t i = 0; i < text.size();) {
    const auto character =
      text.substr(i, length_of(static_cast<unsigned char>(text[i])));
    used += em_of(character) * size;
    if (used > width)
      break;
    out += character;
    i += character.size();
  }
  return out + "…";
}

void Svg::line(double x1, double y1, double x2, double y2,
               std::string_view colour, double stroke, bool dashed) {
  body_ += "<line" + attribute("x1", x1) + attribute("y1", y1)
           + attribute("x2", x2) + attribute("y2", y2)
           + attribute("stroke", colour) + attribute("stroke-width", stroke)
           + (dashed ? attribute("stroke-dasharray", "4 3") : "") + "/>\n";
}

void Svg::rect(double x, double y, double width, double height,
               std::string_view fill, std::string_view stroke) {
  body_ += "<rect" + attribute("x", x) + attribute("y", y)
           + attribute("width", width) + attribute("height", height)
           + attribute("fill", fill)
           + (stroke == "none" ? "" : attribute("stroke", stroke)) + "/>\n";
}

void Svg::circle(double x, double y, double radius, std::string_view fill,
                 double opacity) {
  body_ += "<circle" + attribute("cx", x) + attribute("cy", y)
           + attribute("r", radius) + attribute("fill", fill)
           + (opacity < 1 ? attribute("fill-opacity", opacity) : "") + "/>\n";
}

void Svg::ring(double x, double y, double radius, std::string_view stroke) {
  body_ += "<circle" + attribute("cx", x) + attribute("cy", y)
           + attribute("r", radius) + attribute("fill", "#fff")
           + attribute("stroke", stroke) + attribute("stroke-width", 1.5)
           + "/>\n";
}

void Svg::polyline(const std::vector<std::pair<double, double>>& points,
                   std::string_view colour, double stroke) {
  body_ += "<polyline" + attribute("points", path_of(points))
           + attribute("fill", "none") + attribute("stroke", colour)
           + attribute("stroke-width", stroke) + "/>\n";
}

void Svg::polygon(const std::vector<std::pair<double, double>>& points,
                  std::string_view fill, double opacity) {
  body_ += "<polygon" + attribute("points", path_of(points))
           + attribute("fill", fill) + attribute("fill-opacity", opacity)
           + "/>\n";
}

void Svg::text(double x, double y, std::string_view text, Anchor anchor,
               std::string_view colour, bool bold, double size) {
  body_ +=
    "<text" + attribute("x", x) + attribute("y", y)
    + (anchor == Anchor::start ? "" : attribute("text-anchor", name_of(anchor)))
    + (colour == ink ? "" : attribute("style", "fill:" + std::string{colour}))
    + (bold ? attribute("font-weight", "600") : "")
    + (size == font_size ? "" : attribute("font-size", size)) + ">"
    + escape_xml(std::string{text}) + "</text>\n";
}

void Svg::upright(double x, double y, std::string_view text) {
  body_ += "<text" + attribute("x", x) + attribute("y", y)
           + attribute("text-anchor", "middle") + " transform=\"rotate(-90 "
           + coordinate(x) + " " + coordinate(y) + ")\">"
           + escape_xml(std::string{text}) + "</text>\n";
}

std::string Svg::finish(const std::string& description) const {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\""
         + attribute("width", width_) + attribute("height", height_)
         + " viewBox=\"0 0 " + coordinate(width_) + " " + coordinate(height_)
         + "\" role=\"img\" aria-label=\"" + escape_xml(description)
         + "\" font-size=\"" + coordinate(font_size) + "\">\n" + body_
         + "</svg>";
}

} // namespace lab::sweeps::report
