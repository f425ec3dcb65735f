#include "storage/export/tidy_subject.hpp"

#include <optional>
#include <utility>

#include "runtime/base/text.hpp"

namespace lab::storage {

namespace {

const std::string* factor_value(const RunRow& run, const std::string& factor) {
  for (const auto& [name, value] : run.factors)
    if (name == factor)
      return &value;
  return nullptr;
}

std::vector<FactorColumn> factor_columns(const std::vector<RunRow>& runs,
                                         std::vector<std::string> names) {
  std::vector<FactorColumn> columns;
  for (auto& name : names) {
    FactorColumn column{std::move(name), true};
    bool any = false;
    for (const auto& run : runs)
      if (const auto* value = factor_value(run, column.name)) {
        any = true;
        column.numeric = column.numeric && finite_number(*value).has_value();
      }
    column.numeric = column.numeric && any;
    columns.push_back(std::move(column));
  }
  return columns;
}

} // namespace

Cell text_or_none(const std::string& text) {
  return text.empty() ? Cell{} : Cell{text};
}
Cell time_or_none(UnixMs at) { return at == 0 ? Cell{} : Cell{at}; }
Cell whole(std::int64_t number) { return number; }

Result<TidySubject> TidySubject::read(Queries& queries,
                                      const ExportOrder& order) {
  TidySubject subject;
  std::vector<std::string> factors;
  if (const auto* sweep = std::get_if<SweepId>(&order.target)) {
    LAB_TRY(auto row, queries.sweep(*sweep));
    subject.name = row.name;
    subject.sweep_name = row.name;
    subject.about = row.about;
    subject.simulated = row.simulated;
    factors = std::move(row.factors);
    RunFilter filter;
    filter.sweep = *sweep;
    LAB_TRY(subject.runs, queries.runs(filter));
    LAB_TRY(subject.strata, queries.strata(*sweep));
  } else {
    LAB_TRY(auto detail, queries.run(std::get<RunId>(order.target)));
    subject.name = detail.row.name;
    subject.simulated = detail.row.simulated;
    for (const auto& [factor, value] : detail.row.factors)
      factors.push_back(factor);
    subject.runs.push_back(std::move(detail.row));
  }
  LAB_TRY(const auto digests, queries.reply_digests(order.target));
  subject.repeated = repeats(subject.runs, digests);
  LAB_TRY(const auto meanings, queries.metric_meanings(order.target));
  for (const auto& meaning : meanings)
    subject.metric_units[meaning.name] = meaning.unit;
  subject.factors = factor_columns(subject.runs, std::move(factors));
  subject.units = order.factor_units;
  for (std::size_t i = 0; i < subject.runs.size(); ++i)
    subject.by_id[subject.runs[i].id] = i;
  return subject;
}

const RunRow* TidySubject::run(RunId id) const {
  const auto found = by_id.find(id);
  return found == by_id.end() ? nullptr : &runs[found->second];
}

Cell TidySubject::stratum_cell(const RunRow& run) const {
  const auto found = strata.find(run.id);
  return found == strata.end() || !found->second ? Cell{}
                                                 : whole(*found->second);
}

bool TidySubject::effective(const RunRow& run) const {
  return run.status == RunStatus::completed && !repeated.contains(run.id);
}

void TidySubject::add_key_columns(std::vector<Column>& columns) const {
  columns.insert(
    columns.end(),
    {{"sweep", ColumnType::text, "", "the sweep that was asked for"},
     {"run_id", ColumnType::text, "", "what determines the run, hashed"},
     {"run", ColumnType::text, "", "its name in the sweep"},
     {"point", ColumnType::text, "", "the combination of factor values"},
     {"replicate", ColumnType::integer, "", "number of the repetition"},
     {"simulated", ColumnType::boolean, "",
      "true: rules answered, no language model was called"}});
  for (const auto& factor : factors) {
    const auto unit = units.find(factor.name);
    columns.push_back(
      {"factor_" + factor.name,
       factor.numeric ? ColumnType::real : ColumnType::text,
       unit == units.end() ? "" : unit->second,
       "value of the factor; none where the design does not use it"});
  }
}

void TidySubject::add_key_cells(Cells& cells, const RunRow& run) const {
  cells.insert(cells.end(), {text_or_none(sweep_name), to_string(run.id),
                             run.name, text_or_none(run.point),
                             run.replicate == 0 ? Cell{} : whole(run.replicate),
                             Cell{run.simulated}});
  for (const auto& factor : factors) {
    const auto* value = factor_value(run, factor.name);
    if (value == nullptr)
      cells.emplace_back();
    else if (factor.numeric)
      cells.emplace_back(*finite_number(*value));
    else
      cells.emplace_back(*value);
  }
}

} // namespace lab::storage
