#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lab::sweeps::report {

// Colours, by what they mean. Okabe and Ito (2008).
inline constexpr std::string_view ink = "#111";
inline constexpr std::string_view faint = "#dcdcdc";
inline constexpr std::string_view muted = "#666";
inline constexpr std::string_view band = "#ececec";
/// For lines and marks that stand side by side; wraps round.
std::string_view series_colour(std::size_t index);

enum class Anchor { start, middle, end };

/// Font size of all drawings, in pixels.
inline constexpr double font_size = 12;

/// About how wide a text is in a sans-serif font, a little too wide rather than
/// too narrow.
double text_width(std::string_view text, double size = font_size);

/// `text` cut to a width, with "…".
std::string fitted(std::string_view text, double width,
                   double size = font_size);

/// Draws one `<svg>` element. Coordinates are pixels, y downwards, written with
/// at most two decimals: the same drawing is the same bytes.
class Svg {
public:
  Svg(double width, double height) : width_(width), height_(height) {}

  void line(double x1, double y1, double x2, double y2,
            std::string_view colour = ink, double stroke = 1,
            bool dashed = false);
  void rect(double x, double y, double width, double height,
            std::string_view fill, std::string_view stroke = "none");
  void circle(double x, double y, double radius, std::string_view fill,
              double opacity = 1);
  /// Open in the middle, so that it can be told from a dot in print.
  void ring(double x, double y, double radius, std::string_view stroke);
  void polyline(const std::vector<std::pair<double, double>>& points,
                std::string_view colour, double stroke = 1.5);
  void polygon(const std::vector<std::pair<double, double>>& points,
               std::string_view fill, double opacity);
  /// @param y  of the baseline
  void text(double x, double y, std::string_view text,
            Anchor anchor = Anchor::start, std::string_view colour = ink,
            bool bold = false, double size = font_size);
  /// Read upwards; `x` is its baseline.
  void upright(double x, double y, std::string_view text);

  /// @param description  for readers who cannot see it
  std::string finish(const std::string& description) const;

private:
  double width_;
  double height_;
  std::string body_;
};

/// "12.5": at most two decimals, no trailing zeros.
std::string coordinate(double value);

} // namespace lab::sweeps::report
