#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>

#include "runtime/base/json.hpp"
#include "storage/export/table.hpp"
#include "storage/export/thrift.hpp"
#include "tests/unit/storage/scratch.hpp"

namespace lab::storage {

namespace {

using Json = nlohmann::json;

TableShape shape() {
  return {"things",
          "",
          {{"text", ColumnType::text, "", "a text"},
           {"count", ColumnType::integer, "calls", ""},
           {"real", ColumnType::real, "m", ""},
           {"flag", ColumnType::boolean, "", ""},
           {"cost", ColumnType::money, "USD", "exact"},
           {"when", ColumnType::time, "UTC", ""}}};
}

class ExportFiles : public testing::ScratchTest {
protected:
  std::string write(ExportForm form,
                    const std::vector<std::vector<Cell>>& rows) {
    const auto path = at("things." + std::string{to_string(form)});
    auto table = open_table(path, form, shape(), {{"simulated", "true"}});
    EXPECT_TRUE(table);
    for (const auto& row : rows) {
      const auto written = (*table)->row(row);
      EXPECT_TRUE(written) << to_string(written.error());
    }
    EXPECT_FALSE(std::filesystem::exists(path)) << "a name of half a file";
    EXPECT_TRUE((*table)->finish());
    return path;
  }

  /// What a reader of another make finds in a Parquet file.
  static Json parquet(const std::string& path) {
    const auto command = "python3 " LAB_SOURCE_DIR
                         "/tests/unit/storage/read_parquet.py '"
                         + path + "'";
    auto* pipe = ::popen(command.c_str(), "r");
    std::string out;
    std::array<char, 65'536> part{};
    for (std::size_t n = 0;
         (n = std::fread(part.data(), 1, part.size(), pipe)) > 0;)
      out.append(part.data(), n);
    EXPECT_EQ(::pclose(pipe), 0);
    return Json::parse(out, nullptr, false);
  }
};

const std::vector<std::vector<Cell>> rows{
  {std::string{"plain"}, std::int64_t{7}, 0.1, true, Money{12'300'000'000},
   std::int64_t{1'700'000'000'123}},
  {std::string{"a \"b\", c\r\nd"}, std::int64_t{-9'223'372'036'854'775'807},
   1e300, false, Money{-1}, std::int64_t{0}},
  {{}, {}, {}, {}, {}, {}},
  {std::string{},
   std::int64_t{0},
   std::numeric_limits<double>::quiet_NaN(),
   true,
   Money{0},
   {}},
  {std::string{"Zürich \xF0\x9F\x8C\x8A \xFF"}, {}, -0.0, {}, {}, {}},
};

TEST_F(ExportFiles, CsvIsAsRfc4180WantsIt) {
  EXPECT_EQ(read(write(ExportForm::csv, rows)),
            "text,count,real,flag,cost,when\r\n"
            "plain,7,0.1,true,0.0123,2023-11-14T22:13:20.123Z\r\n"
            "\"a \"\"b\"\", c\r\nd\",-9223372036854775807,1e+300,false,"
            "-0.000000000001,1970-01-01T00:00:00.000Z\r\n"
            ",,,,,\r\n"
            "\"\",0,,true,0,\r\n"
            "Zürich \xF0\x9F\x8C\x8A \xEF\xBF\xBD,,-0,,,\r\n");
}

TEST_F(ExportFiles, JsonLinesKeepMoneyExact) {
  const auto text = read(write(ExportForm::jsonl, rows));

  std::istringstream lines{text};
  std::vector<Json> read_rows;
  for (std::string line; std::getline(lines, line);)
    read_rows.push_back(Json::parse(line));
  ASSERT_EQ(read_rows.size(), rows.size());
  EXPECT_EQ(read_rows[0],
            Json::parse(R"({"text":"plain","count":7,"real":0.1,"flag":true,
              "cost":"0.0123","when":"2023-11-14T22:13:20.123Z"})"));
  EXPECT_EQ(read_rows[1]["text"], "a \"b\", c\r\nd");
  EXPECT_EQ(read_rows[1]["cost"], "-0.000000000001");
  EXPECT_TRUE(read_rows[2]["flag"].is_null());
  EXPECT_TRUE(read_rows[3]["real"].is_null());
  EXPECT_EQ(read_rows[3]["text"], "");
}

TEST_F(ExportFiles, AnotherReaderFindsInParquetWhatWasWritten) {
  const auto found = parquet(write(ExportForm::parquet, rows));

  EXPECT_EQ(found["columns"],
            (Json{"text", "count", "real", "flag", "cost", "when"}));
  EXPECT_EQ(found["types"], (Json{"bytes utf8", "int64", "double", "boolean",
                                  "int64 decimal", "int64 timestamp_ms"}));
  EXPECT_EQ(found["units"], (Json{"", "calls", "m", "", "USD", "UTC"}));
  EXPECT_EQ(found["notes"], (Json{{"simulated", "true"}}));
  const Json none;
  EXPECT_EQ(found["rows"],
            (Json{{"plain", 7, 0.1, true, "0.012300000000", 1'700'000'000'123},
                  {"a \"b\", c\r\nd", -9'223'372'036'854'775'807, 1e300, false,
                   "-0.000000000001", 0},
                  {none, none, none, none, none, none},
                  {"", 0, none, true, "0.000000000000", none},
                  {"Zürich \xF0\x9F\x8C\x8A \xEF\xBF\xBD", none, -0.0, none,
                   none, none}}));
}

TEST_F(ExportFiles, ParquetBeginsANewRowGroupBeforeMemoryFills) {
  constexpr std::int64_t count = 150'000;
  std::vector<std::vector<Cell>> many;
  for (std::int64_t i = 0; i < count; ++i)
    many.push_back({std::to_string(i),
                    i % 3 == 0 ? Cell{} : Cell{i},
                    static_cast<double>(i) / 8,
                    i % 5 == 0,
                    Money{i},
                    {}});

  const auto found = parquet(write(ExportForm::parquet, many));

  EXPECT_EQ(found["groups"], (Json{65'536, 65'536, 18'928}));
  ASSERT_EQ(found["rows"].size(), many.size());
  for (const std::int64_t i : {0, 1, 65'535, 65'536, 65'537, 149'999}) {
    const auto& row = found["rows"][static_cast<std::size_t>(i)];
    EXPECT_EQ(row[0], std::to_string(i));
    EXPECT_EQ(row[1], i % 3 == 0 ? Json{} : Json(i));
    EXPECT_EQ(row[2], static_cast<double>(i) / 8);
    EXPECT_EQ(row[3], i % 5 == 0);
  }
}

TEST_F(ExportFiles, AnEmptyTableIsStillATable) {
  EXPECT_EQ(read(write(ExportForm::csv, {})),
            "text,count,real,flag,cost,when\r\n");
  EXPECT_EQ(parquet(write(ExportForm::parquet, {}))["rows"], Json::array());
}

TEST_F(ExportFiles, ParquetRefusesAnAmountThatItsDecimalsCannotHold) {
  auto table = open_table(at("things"), ExportForm::parquet, shape(), {});
  const auto written =
    (*table)->row({{}, {}, {}, {}, Money{1'000'000'000'000'000'000}, {}});

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::invalid_input);
  table->reset();
  EXPECT_TRUE(std::filesystem::is_empty(folder()))
    << "an unfinished file leaves nothing behind";
}

TEST_F(ExportFiles, AFolderThatIsNotThereIsAnErrorOfTheDisk) {
  EXPECT_EQ(
    open_table(at("no/things"), ExportForm::csv, shape(), {}).error().code,
    Errc::disk_failed);
}

// The example of a struct in thrift-compact-protocol.md, worked by hand.
TEST(Thrift, FieldsAreWrittenInTheirCompactForm) {
  ThriftWriter thrift;
  thrift.i32(1, -1);  // delta 1, type 5; zigzag 1
  thrift.i64(3, 300); // delta 2, type 6; zigzag 600 = 0xD8 0x04
  thrift.boolean(4, true);
  thrift.text(30, "ab"); // delta 26: long form
  thrift.i32_list(31, {0, 3});
  thrift.begin_struct(32);
  thrift.boolean(1, false);
  thrift.end();

  EXPECT_EQ(thrift.take(), (std::string{"\x15\x01\x26\xD8\x04\x11\x08\x3C\x02"
                                        "ab\x19\x25\x00\x06\x1C\x12\x00\x00",
                                        19}));
}

} // namespace

} // namespace lab::storage
