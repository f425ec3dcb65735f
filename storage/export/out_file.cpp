#include "storage/export/out_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <unistd.h>

namespace lab::storage {

Result<OutFile> OutFile::open(const std::string& path) {
  const std::filesystem::path place{path};
  auto temporary =
    (place.parent_path() / ("." + place.filename().string() + ".unfinished"))
      .string();
  std::unique_ptr<std::FILE, Close> file{std::fopen(temporary.c_str(), "wbe")};
  if (!file)
    return fail(Errc::disk_failed, temporary + ": " + std::strerror(errno));
  return OutFile{path, std::move(temporary), std::move(file)};
}

OutFile::~OutFile() {
  if (!file_)
    return;
  file_.reset();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

tl::unexpected<Error> OutFile::failed() const {
  return fail(Errc::disk_failed, path_ + ": " + std::strerror(errno));
}

Result<void> OutFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
    return failed();
  size_ += static_cast<std::int64_t>(bytes.size());
  return {};
}

Result<void> OutFile::finish() {
  if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0)
    return failed();
  std::error_code error;
  std::filesystem::rename(temporary_, path_, error);
  if (error)
    return fail(Errc::disk_failed, path_ + ": " + error.message());
  file_.reset();
  return {};
}

} // namespace lab::storage
