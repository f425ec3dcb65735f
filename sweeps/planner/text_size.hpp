#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/scenario_spec.hpp"

namespace lab::sweeps {

/// How long a text is. Bytes that are no ASCII count apart: they may become
/// several tokens each.
struct TextSize {
  double bytes = 0;
  double non_ascii = 0; // of them

  TextSize& operator+=(const TextSize& other) {
    bytes += other.bytes;
    non_ascii += other.non_ascii;
    return *this;
  }
  friend TextSize operator+(TextSize a, const TextSize& b) { return a += b; }
  friend TextSize operator*(const TextSize& a, double times) {
    return {a.bytes * times, a.non_ascii * times};
  }
  friend TextSize operator+(const TextSize& a, double bytes) {
    return {a.bytes + bytes, a.non_ascii};
  }
};

TextSize size_of(std::string_view text);
/// `text` without blanks around it, with `label` bytes around it; nothing of a
/// text that is empty.
TextSize labelled(const std::string& text, double label);

/// The system message that makes a participant who it is.
/// @source measured: prompt_size_test.cpp
TextSize persona_size(const ScenarioSpec& scenario, const ParticipantSpec& own);

} // namespace lab::sweeps
