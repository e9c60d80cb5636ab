// The lease: an exclusive open-file-description lock that makes a store the property of one writer,
// in this process or another.  Fails with kLocked (the detail names the holder's pid), kRefused
// (symbolic link, foreign owner, writable by others) or kFull.
#ifndef DB_LEASE_H_
#define DB_LEASE_H_

#include <sys/types.h>

#include <string>
#include <utility>

#include "db/error.h"

namespace db {

class Lease {
 public:
  // Take creates the file `path` (0600) if need be, locks it and writes this process's pid into it.
  // Never waits.  A second Take on the same file fails with kLocked, in this process too.
  static Result<Lease> Take(const std::string& path);

  // Releases.  In a child of fork() it only closes the child's copy: the lock stays with the parent
  // (opb.h, Fork).
  ~Lease();
  Lease(Lease&& other) noexcept : fd_(std::exchange(other.fd_, -1)), owner_(other.owner_) {}
  Lease& operator=(Lease&&) = delete;

 private:
  Lease(int fd, pid_t owner) : fd_(fd), owner_(owner) {}
  int fd_;
  pid_t owner_;
};

}  // namespace db

#endif  // DB_LEASE_H_
