// Memory that is freed at once: what an evaluation makes lives until the whole evaluation is dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace wcheck::machine {

// Thrown when an evaluation meets one of its limits; nothing of Python can catch it.
struct LimitReached {
  const char* what;
};

class Arena {
 public:
  // No destructor runs for what is made here.
  template <typename T, typename... Args>
  T* New(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (Take(sizeof(T))) T(std::forward<Args>(args)...);
  }
  template <typename T>
  T* Array(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count > kMaxArray / sizeof(T)) throw LimitReached{"memory"};
    return static_cast<T*>(Take(count * sizeof(T)));
  }
  void* Take(size_t bytes) {
    bytes = (bytes + 15) & ~size_t{15};
    if (bytes > left_) Refill(bytes);
    std::byte* taken = next_;
    next_ += bytes;
    left_ -= bytes;
    return taken;
  }
  // Makes what was taken last larger where it lies; false if something was taken since, or if there
  // is no room.
  bool Extend(void* taken, size_t bytes, size_t wanted) {
    bytes = (bytes + 15) & ~size_t{15};
    wanted = (wanted + 15) & ~size_t{15};
    if (static_cast<std::byte*>(taken) + bytes != next_ || wanted - bytes > left_) return false;
    next_ += wanted - bytes;
    left_ -= wanted - bytes;
    return true;
  }

  // Bytes of all blocks, and how many there may be before LimitReached is thrown.
  size_t used() const { return used_; }
  void set_limit(size_t limit) { limit_ = limit; }

 private:
  static constexpr size_t kBlock = size_t{1} << 20;
  static constexpr size_t kMaxArray = size_t{1} << 30;

  void Refill(size_t bytes) {
    const size_t size = bytes > kBlock ? bytes : kBlock;
    if (used_ + size > limit_) throw LimitReached{"memory"};
    blocks_.emplace_back(new std::byte[size]);
    used_ += size;
    next_ = blocks_.back().get();
    left_ = size;
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* next_ = nullptr;
  size_t left_ = 0;
  size_t used_ = 0;
  size_t limit_ = SIZE_MAX;
};

// A list whose storage is an arena's.
template <typename T>
struct Sequence {
  T* data = nullptr;
  uint32_t size = 0;
  uint32_t capacity = 0;

  T* begin() const { return data; }
  T* end() const { return data + size; }
  T& operator[](size_t i) const { return data[i]; }
  T& back() const { return data[size - 1]; }
  bool empty() const { return size == 0; }

  void Reserve(Arena& arena, size_t wanted) {
    if (wanted <= capacity) return;
    size_t larger = capacity < 4 ? 4 : size_t{capacity} * 2;
    if (larger < wanted) larger = wanted;
    if (larger > UINT32_MAX) throw LimitReached{"memory"};
    if (capacity != 0 && arena.Extend(data, capacity * sizeof(T), larger * sizeof(T))) {
      capacity = static_cast<uint32_t>(larger);
      return;
    }
    T* moved = arena.Array<T>(larger);
    if (size != 0) std::memcpy(static_cast<void*>(moved), data, size * sizeof(T));
    data = moved;
    capacity = static_cast<uint32_t>(larger);
  }
  void Push(Arena& arena, const T& value) {
    T copy = value;
    Reserve(arena, size_t{size} + 1);
    data[size++] = copy;
  }
};

}  // namespace wcheck::machine
