// A page of memory for the few octets that open everything else: not swapped, not in a core dump,
// zero in a child of fork().
#ifndef BRIDGE_WALLET_LOCKED_PAGE_H_
#define BRIDGE_WALLET_LOCKED_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace bridge {

class LockedPage {
 public:
  // Takes one page, zeroed.  No address space left: std::bad_alloc.
  LockedPage();
  LockedPage(const LockedPage&) = delete;
  LockedPage& operator=(const LockedPage&) = delete;
  // Wipes before it gives the page back.
  ~LockedPage();

  std::span<std::uint8_t> octets() { return {data_, size_}; }
  std::span<const std::uint8_t> octets() const { return {data_, size_}; }
  // False when the system refused to keep the page in memory (RLIMIT_MEMLOCK): it works all the
  // same, but may reach a swap device.
  bool locked() const { return locked_; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  bool locked_ = false;
};

}  // namespace bridge

#endif  // BRIDGE_WALLET_LOCKED_PAGE_H_
