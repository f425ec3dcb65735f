#include "storage/file_batch.hpp"
#include "tests/unit/storage/scratch.hpp"

namespace lab::storage {

namespace {

class FileBatchTest : public testing::ScratchTest {
protected:
  std::size_t count(const std::string& name) const {
    std::size_t found = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator{at(name)})
      ++found;
    return found;
  }

  FileBatch batch;
};

/// Few files are waited for one by one, many together: the result is the same.
TEST_F(FileBatchTest, EveryFileGetsItsNameAndNothingElseStays) {
  for (const int files : {1, 40}) {
    const auto folder = "a" + std::to_string(files);
    for (int i = 0; i < files; ++i)
      ASSERT_TRUE(batch.add(at(folder), {{std::to_string(i), "text"}}));

    EXPECT_FALSE(std::filesystem::exists(at(folder) + "/0"))
      << "no name before the text is on the disk";
    EXPECT_TRUE(batch.finish().empty());

    EXPECT_EQ(count(folder), static_cast<std::size_t>(files));
    EXPECT_EQ(read(at(folder) + "/0"), "text");
  }
}

TEST_F(FileBatchTest, TheLastTextOfANameCounts) {
  ASSERT_TRUE(batch.add(folder(), {{"x", "first, and longer"}}));
  ASSERT_TRUE(batch.add(folder(), {{"x", "second"}}));
  ASSERT_TRUE(batch.finish().empty());
  ASSERT_TRUE(batch.add(folder(), {{"x", "third"}}));

  EXPECT_EQ(read(at("x")), "second");
  ASSERT_TRUE(batch.finish().empty());
  EXPECT_EQ(read(at("x")), "third");
}

TEST_F(FileBatchTest, AFolderThatVanishesHarmsNoOther) {
  for (const int files : {1, 40}) {
    for (int i = 0; i < files; ++i) {
      ASSERT_TRUE(batch.add(at("gone"), {{std::to_string(i), "text"}}));
      ASSERT_TRUE(batch.add(at("kept"), {{std::to_string(i), "text"}}));
    }
    std::filesystem::remove_all(at("gone"));

    const auto failed = batch.finish();

    ASSERT_EQ(failed.size(), 1u);
    EXPECT_EQ(failed.begin()->first, at("gone"));
    EXPECT_EQ(failed.begin()->second.code, Errc::disk_failed);
    EXPECT_EQ(count("kept"), static_cast<std::size_t>(files));
  }
}

TEST_F(FileBatchTest, AFolderThatCannotBeMadeIsAnError) {
  std::ofstream{at("file")} << "x";

  const auto added = batch.add(at("file/below"), {{"x", "text"}});

  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, Errc::disk_failed);
  EXPECT_TRUE(batch.finish().empty());
}

} // namespace

} // namespace lab::storage
