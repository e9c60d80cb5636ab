// Memory that forgets: everything that a parser allocates, and our own scratch space, is
// overwritten before it goes back to the heap, since a Passphrase may have passed through it.
#ifndef SCHEMA_WIPING_H_
#define SCHEMA_WIPING_H_

#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>
#include <xercesc/framework/MemoryManager.hpp>

namespace schema {

// WipingMemoryManager serves one parser; not for two threads at once.  It counts what is out, so
// that a test can tell that a destroyed parser has left nothing behind.
class WipingMemoryManager final : public xercesc::MemoryManager {
 public:
  WipingMemoryManager() = default;
  WipingMemoryManager(const WipingMemoryManager&) = delete;
  WipingMemoryManager& operator=(const WipingMemoryManager&) = delete;

  // allocate throws xercesc::OutOfMemoryException.
  void* allocate(XMLSize_t size) override;
  void deallocate(void* block) override;
  xercesc::MemoryManager* getExceptionMemoryManager() override { return this; }

  std::size_t live_blocks() const { return live_blocks_; }
  std::size_t live_octets() const { return live_octets_; }
  std::size_t wiped_octets() const { return wiped_octets_; }
  // Holds says whether any block that is out contains `octets`.
  bool Holds(const void* octets, std::size_t size) const;

 private:
  struct alignas(std::max_align_t) Header {
    Header* previous;
    Header* next;
    std::size_t size;
  };

  Header* first_ = nullptr;
  std::size_t live_blocks_ = 0;
  std::size_t live_octets_ = 0;
  std::size_t wiped_octets_ = 0;
};

template <class T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <class U>
  explicit WipingAllocator(const WipingAllocator<U>&) {}
  T* allocate(std::size_t n) { return std::allocator<T>().allocate(n); }
  void deallocate(T* block, std::size_t n) {
    explicit_bzero(block, n * sizeof(T));
    std::allocator<T>().deallocate(block, n);
  }
  friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

template <class T>
using WipingVector = std::vector<T, WipingAllocator<T>>;

}  // namespace schema

#endif  // SCHEMA_WIPING_H_
