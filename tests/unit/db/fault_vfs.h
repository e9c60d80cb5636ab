// A SQLite VFS over the default one that counts writes, syncs, truncations and opens of new files,
// and at the n-th of them fails or kills the process.  For the writing connection only.
#ifndef TESTS_UNIT_DB_FAULT_VFS_H_
#define TESTS_UNIT_DB_FAULT_VFS_H_

#include <cstdint>

namespace db {

enum class Fault : std::uint8_t {
  kNone,
  kFull,     // a write fails with SQLITE_FULL
  kIoError,  // a write fails with SQLITE_IOERR_WRITE
  kSync,     // a sync fails with SQLITE_IOERR_FSYNC
  kRead,     // a read fails with SQLITE_IOERR_READ
  kKill,     // SIGKILL before the operation
};

struct FaultPlan {
  Fault fault = Fault::kNone;
  int after = 0;      // operations of the fault's kind that still succeed
  bool lasts = true;  // every further one fails too
};

// RegisterFaultVfs gives the VFS's name.  Idempotent.
const char* RegisterFaultVfs();
void SetFault(const FaultPlan& plan);
// Operations counted (all kinds but reads) since the last SetFault.
int CountedOperations();
// How often the fault has struck since the last SetFault.
int Struck();

}  // namespace db

#endif  // TESTS_UNIT_DB_FAULT_VFS_H_
