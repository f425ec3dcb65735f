#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/seed.hpp"
#include "sweeps/planner/manifest.hpp"
#include "sweeps/planner/point_order.hpp"

namespace lab::sweeps {

/// The stretches of a design's blocks, in order. Within a block the first leaf
/// whose order means something gives the rows.
std::vector<Stretch> stretches_of(const Design& design);

/// The models that a point's factors name, as one text: what points that run
/// together under `by-model` have in common.
std::string model_choice(const Manifest& manifest, const DesignPoint& point);

/// The execution order of a long plan, run by run, in constant memory: whole
/// random blocks, each with every point once. Under `by-model` a block is
/// walked once for each choice of models; the choices are met on the first
/// walk, and every second block goes through them backwards, so that the model
/// that is loaded goes on.
class RunWalk {
public:
  struct Step {
    std::int64_t point = 0;     // index in the design
    std::int32_t replicate = 0; // index
  };

  /// The manifest is kept by reference.
  explicit RunWalk(const Manifest& manifest);

  std::optional<Step> next();

private:
  bool begin_block();
  bool begin_choice();
  bool is_wanted(std::int64_t point);

  const Manifest& manifest_;
  std::vector<Stretch> stretches_;
  Seed seed_;
  std::optional<PointWalk> walk_;
  std::int32_t block_ = 0;
  std::vector<std::string> choices_; // of models, as they were met
  std::size_t choice_ = 0;           // that is walked; counts from 0 a block
};

} // namespace lab::sweeps
