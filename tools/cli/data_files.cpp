#include "tools/cli/data_files.hpp"

#include <filesystem>
#include <utility>

#include "storage/export/junit_file.hpp"
#include "storage/export/out_file.hpp"
#include "sweeps/report/report.hpp"
#include "tools/cli/report_reader.hpp"

namespace lab::tools {

namespace {

Result<std::string> write_file(const std::string& folder,
                               const std::string& name,
                               const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return fail(Errc::disk_failed, folder + ": " + error.message());
  auto path = (std::filesystem::path{folder} / name).string();
  LAB_TRY(auto file, storage::OutFile::open(path));
  LAB_CHECKED(file.write(text));
  LAB_CHECKED(file.finish());
  return path;
}

/// Nothing for what is no table.
std::optional<storage::ExportForm> form_of(sweeps::ExportFormat format) {
  switch (format) {
  case sweeps::ExportFormat::csv:
    return storage::ExportForm::csv;
  case sweeps::ExportFormat::jsonl:
    return storage::ExportForm::jsonl;
  case sweeps::ExportFormat::parquet:
    return storage::ExportForm::parquet;
  case sweeps::ExportFormat::junit:
    return std::nullopt;
  }
  return std::nullopt;
}

Outcome<std::string> write_junit(storage::Queries& tables, SweepId sweep,
                                 const std::string& name,
                                 const std::string& folder) {
  storage::RunFilter filter;
  filter.sweep = sweep;
  const auto runs = tables.runs(filter);
  if (!runs)
    return give_up(runs.error(), "the export");
  auto written =
    write_file(folder, "junit.xml", storage::junit_file(name, *runs));
  if (!written)
    return give_up(written.error(), "the export");
  return std::move(*written);
}

} // namespace

Outcome<std::vector<std::string>>
write_report(storage::Queries& tables, SweepId sweep,
             std::optional<sweeps::Manifest> manifest,
             const std::string& folder,
             std::optional<std::int32_t> only_stratum) {
  const auto input =
    read_report(tables, sweep, std::move(manifest), only_stratum);
  if (!input)
    return give_up(input.error(), "the report");
  const auto document = sweeps::report::report(*input);
  std::vector<std::string> paths;
  for (const auto& [name, content] :
       {std::pair{"report.md", sweeps::report::to_markdown(document)},
        std::pair{"report.html", sweeps::report::to_html(document)}}) {
    auto written = write_file(folder, name, content);
    if (!written)
      return give_up(written.error(), "the report");
    paths.push_back(std::move(*written));
  }
  return paths;
}

Outcome<std::vector<storage::ExportedTable>>
write_tables(storage::Queries& tables, storage::ExportOrder order,
             const std::optional<sweeps::Manifest>& manifest) {
  if (manifest)
    for (const auto& factor : manifest->factors)
      order.factor_units[factor.name] = factor.unit;
  auto written = storage::export_tables(tables, order);
  if (!written)
    return give_up(written.error(), "the export");
  return std::move(*written);
}

Outcome<std::vector<std::string>>
write_wanted_files(const Context& context, const sweeps::Manifest& manifest,
                   const std::string& folder) {
  const auto& wanted = manifest.output_rules;
  std::vector<std::string> paths;
  if (!wanted.report && wanted.exports.empty())
    return paths;
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  const auto sweep = sweep_id_of(manifest.name);
  if (wanted.report) {
    auto written = write_report(*tables, sweep, manifest, folder);
    if (!written)
      return written;
    paths = std::move(*written);
  }
  for (const auto format : wanted.exports) {
    const auto form = form_of(format);
    const auto data = (std::filesystem::path{folder} / "export").string();
    if (!form) {
      auto written = write_junit(*tables, sweep, manifest.name, data);
      if (!written)
        return pass_on(written);
      paths.push_back(std::move(*written));
      continue;
    }
    storage::ExportOrder order;
    order.target = sweep;
    order.form = *form;
    order.tables = {storage::TidyTable::runs, storage::TidyTable::metrics,
                    storage::TidyTable::calls};
    order.folder = data;
    const auto written = write_tables(*tables, std::move(order), manifest);
    if (!written)
      return give_up(written.error());
    for (const auto& table : *written)
      paths.push_back(table.file);
  }
  return paths;
}

} // namespace lab::tools
