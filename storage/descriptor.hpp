#pragma once

#include <utility>

#include <unistd.h>

namespace lab::storage {

/// An open file that is closed on every way out unless released.
class Descriptor {
public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  explicit operator bool() const { return number_ >= 0; }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

private:
  int number_;
};

} // namespace lab::storage
