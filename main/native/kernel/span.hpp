#pragma once
#include <cstddef>
#include <vector>

namespace loam {

/** A view of `size` values that somebody else owns (std::span arrives only with C++20). */
template <class T>
class Span {
 public:
  Span() = default;
  Span(T* data, std::size_t size) : data_(data), size_(size) {}
  template <class U>
  Span(std::vector<U>& values) : data_(values.data()), size_(values.size()) {}
  template <class U>
  Span(const std::vector<U>& values) : data_(values.data()), size_(values.size()) {}

  T* data() const { return data_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) const { return data_[i]; }
  T* begin() const { return data_; }
  T* end() const { return data_ + size_; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace loam
