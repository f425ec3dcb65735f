#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/base/error.hpp"

namespace lab::storage {

/// A file that gets its name when it is complete: what was there before stays
/// until then, and an unfinished one leaves nothing behind.
class OutFile {
public:
  /// @errors disk_failed
  static Result<OutFile> open(const std::string& path);
  OutFile(OutFile&&) noexcept = default;
  OutFile& operator=(OutFile&&) = delete;
  ~OutFile();

  /// @errors disk_failed
  Result<void> write(std::string_view bytes);
  /// Number of bytes written so far.
  std::int64_t size() const { return size_; }
  /// To the disk, and under its name.
  /// @errors disk_failed
  Result<void> finish();

private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  OutFile(std::string path, std::string temporary,
          std::unique_ptr<std::FILE, Close> file)
    : path_(std::move(path)), temporary_(std::move(temporary)),
      file_(std::move(file)) {}
  tl::unexpected<Error> failed() const;

  std::string path_;
  std::string temporary_;
  std::unique_ptr<std::FILE, Close> file_; // none once finished or moved
  std::int64_t size_ = 0;
};

} // namespace lab::storage
