#include "bridge/wallet/locked_page.h"

#include <sys/mman.h>
#include <unistd.h>

#include <new>

#include "setcore/crypto/secret.h"

namespace bridge {

LockedPage::LockedPage() : size_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
  void* page = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::bad_alloc();
  data_ = static_cast<std::uint8_t*>(page);
  locked_ = mlock(page, size_) == 0;
  madvise(page, size_, MADV_DONTDUMP);
  madvise(page, size_, MADV_WIPEONFORK);
}

LockedPage::~LockedPage() {
  setcore::Cleanse(octets());
  munmap(data_, size_);
}

}  // namespace bridge
