#include "sweeps/analysis/design_tables.hpp"

#include <algorithm>

namespace lab::sweeps {

MorrisRows morris_rows(const DesignGroup& group, const PointNumbers& numbers) {
  MorrisRows made;
  auto& table = made.table;
  const auto& leaf = group.points();
  table.factors = leaf.factors().size();
  table.replicates = numbers.replicates();
  table.trajectory_rows = table.factors + 1;
  table.values.resize(static_cast<std::size_t>(leaf.size()) * table.replicates);
  for (std::int64_t p = 0; p < leaf.size(); ++p) {
    for (const double x : leaf.unit(p))
      table.coordinates.push_back(x);
    if (!numbers.fill(group.index(p),
                      table.values.data()
                        + static_cast<std::size_t>(p) * table.replicates))
      ++made.absent;
  }
  return made;
}

SaltelliRows saltelli_rows(const DesignGroup& group,
                           const PointNumbers& numbers) {
  SaltelliRows made;
  auto& table = made.table;
  const auto& leaf = group.points();
  table.factors = leaf.factors().size();
  table.replicates = numbers.replicates();
  std::int64_t samples = 0;
  bool second = false;
  for (std::int64_t p = 0; p < leaf.size(); ++p) {
    const auto place = std::get<SaltelliPlace>(leaf.place(p));
    samples = std::max<std::int64_t>(samples, place.sample + 1);
    second = second || place.row == SaltelliRow::ba;
  }
  table.base = static_cast<std::size_t>(samples);
  const auto size = table.base * table.replicates;
  table.a.resize(size);
  table.b.resize(size);
  table.ab.resize(size * table.factors);
  if (second)
    table.ba.resize(size * table.factors);
  for (std::int64_t p = 0; p < leaf.size(); ++p) {
    const auto place = std::get<SaltelliPlace>(leaf.place(p));
    const auto j = static_cast<std::size_t>(place.sample);
    if (place.batch >= 0) {
      table.batch.resize(table.base);
      table.batch[j] = static_cast<std::size_t>(place.batch);
    }
    std::optional<double>* slots = nullptr;
    if (place.row == SaltelliRow::a || place.row == SaltelliRow::b)
      slots = (place.row == SaltelliRow::a ? table.a : table.b).data()
              + j * table.replicates;
    else
      slots = (place.row == SaltelliRow::ab ? table.ab : table.ba).data()
              + (j * table.factors + static_cast<std::size_t>(place.swapped))
                  * table.replicates;
    if (!numbers.fill(group.index(p), slots))
      ++made.absent;
  }
  return made;
}

} // namespace lab::sweeps
