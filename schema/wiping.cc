#include "schema/wiping.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <xercesc/util/OutOfMemoryException.hpp>

namespace schema {

void* WipingMemoryManager::allocate(XMLSize_t size) {
  if (size > SIZE_MAX - sizeof(Header)) throw xercesc::OutOfMemoryException();
  void* raw = std::malloc(sizeof(Header) + size);
  if (raw == nullptr) throw xercesc::OutOfMemoryException();
  auto* header = new (raw) Header{nullptr, first_, size};
  if (first_ != nullptr) first_->previous = header;
  first_ = header;
  ++live_blocks_;
  live_octets_ += size;
  return header + 1;
}

void WipingMemoryManager::deallocate(void* block) {
  if (block == nullptr) return;
  Header* header = static_cast<Header*>(block) - 1;
  if (header->previous != nullptr) {
    header->previous->next = header->next;
  } else {
    first_ = header->next;
  }
  if (header->next != nullptr) header->next->previous = header->previous;
  --live_blocks_;
  live_octets_ -= header->size;
  wiped_octets_ += header->size;
  explicit_bzero(block, header->size);
  std::free(header);
}

bool WipingMemoryManager::Holds(const void* octets, std::size_t size) const {
  const auto* wanted = static_cast<const unsigned char*>(octets);
  for (const Header* header = first_; header != nullptr; header = header->next) {
    const auto* from = reinterpret_cast<const unsigned char*>(header + 1);
    const auto* to = from + header->size;
    if (std::search(from, to, wanted, wanted + size) != to) return true;
  }
  return false;
}

}  // namespace schema
