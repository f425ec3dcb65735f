#pragma once

#include <memory>
#include <utility>

namespace lab {

/// Immutable data that many actors read: handed on by reference within the
/// process, by value across a network. Never null once made by `share`.
template <class T>
class Shared {
public:
  Shared() : ptr_(empty()) {}
  explicit Shared(std::shared_ptr<const T> ptr) : ptr_(std::move(ptr)) {}

  const T& operator*() const { return *ptr_; }
  const T* operator->() const { return ptr_.get(); }
  const std::shared_ptr<const T>& ptr() const { return ptr_; }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, Shared& x) {
    if constexpr (Inspector::reads_state) {
      return f(const_cast<T&>(*x.ptr_));
    } else {
      T value{};
      if (auto error = f(value))
        return error;
      x.ptr_ = std::make_shared<const T>(std::move(value));
      return {};
    }
  }

private:
  static const std::shared_ptr<const T>& empty() {
    static const auto value = std::make_shared<const T>();
    return value;
  }
  std::shared_ptr<const T> ptr_;
};

template <class T>
Shared<T> share(T value) {
  return Shared<T>{std::make_shared<const T>(std::move(value))};
}

} // namespace lab
