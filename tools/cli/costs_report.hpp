#pragma once

#include <string>
#include <vector>

#include "storage/queries.hpp"

namespace lab::tools {

/// Spending by one or two dimensions. Play money of simulated models stands in
/// rows of its own and is never added to dollars.
struct CostsView {
  std::string subject; // "everything", "sweep demo s-…"
  std::vector<storage::CostBy> by;
  struct Row {
    std::vector<std::string> keys; // one a dimension
    bool play = false;
    storage::Spend spend;
  };
  std::vector<Row> rows;
};

/// Puts rows with equal keys together, real and play money apart.
/// @param rows  by the dimensions of `by` and, last, by model
CostsView costs_view(std::string subject, std::vector<storage::CostBy> by,
                     const std::vector<storage::CostRow>& rows);

std::string costs_text(const CostsView& view);
std::string costs_json(const CostsView& view);

} // namespace lab::tools
