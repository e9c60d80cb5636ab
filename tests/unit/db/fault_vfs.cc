#include "unit/db/fault_vfs.h"

#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <mutex>

namespace db {
namespace {

struct State {
  std::mutex mutex;
  FaultPlan plan;
  int left = 0;
  int counted = 0;
  int struck = 0;
};
State& Shared() {
  static State& state = *new State;
  return state;
}

enum class Operation : std::uint8_t { kRead, kWrite, kSync, kOther };

// The code the operation fails with; SQLITE_OK: go on.
int Judge(Operation operation) {
  State& state = Shared();
  const std::lock_guard lock(state.mutex);
  if (operation != Operation::kRead) ++state.counted;
  int code = SQLITE_OK;
  bool meant = false;
  switch (state.plan.fault) {
    case Fault::kNone:
      return SQLITE_OK;
    case Fault::kFull:
      meant = operation == Operation::kWrite;
      code = SQLITE_FULL;
      break;
    case Fault::kIoError:
      meant = operation == Operation::kWrite;
      code = SQLITE_IOERR_WRITE;
      break;
    case Fault::kSync:
      meant = operation == Operation::kSync;
      code = SQLITE_IOERR_FSYNC;
      break;
    case Fault::kRead:
      meant = operation == Operation::kRead;
      code = SQLITE_IOERR_READ;
      break;
    case Fault::kKill:
      meant = operation != Operation::kRead;
      break;
  }
  if (!meant || state.left-- > 0) return SQLITE_OK;
  if (state.plan.fault == Fault::kKill) kill(getpid(), SIGKILL);
  if (!state.plan.lasts && state.struck > 0) return SQLITE_OK;
  ++state.struck;
  return code;
}

struct File {
  sqlite3_file base;
  sqlite3_file* real;
};
sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real; }

int Close(sqlite3_file* f) { return Real(f)->pMethods->xClose(Real(f)); }
int Read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
  const int code = Judge(Operation::kRead);
  return code != SQLITE_OK ? code : Real(f)->pMethods->xRead(Real(f), to, size, at);
}
int Write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
  const int code = Judge(Operation::kWrite);
  return code != SQLITE_OK ? code : Real(f)->pMethods->xWrite(Real(f), from, size, at);
}
int Truncate(sqlite3_file* f, sqlite3_int64 size) {
  const int code = Judge(Operation::kOther);
  return code != SQLITE_OK ? code : Real(f)->pMethods->xTruncate(Real(f), size);
}
int Sync(sqlite3_file* f, int flags) {
  const int code = Judge(Operation::kSync);
  return code != SQLITE_OK ? code : Real(f)->pMethods->xSync(Real(f), flags);
}
int FileSize(sqlite3_file* f, sqlite3_int64* size) {
  return Real(f)->pMethods->xFileSize(Real(f), size);
}
int Lock(sqlite3_file* f, int level) { return Real(f)->pMethods->xLock(Real(f), level); }
int Unlock(sqlite3_file* f, int level) { return Real(f)->pMethods->xUnlock(Real(f), level); }
int CheckReserved(sqlite3_file* f, int* out) {
  return Real(f)->pMethods->xCheckReservedLock(Real(f), out);
}
int Control(sqlite3_file* f, int op, void* argument) {
  return Real(f)->pMethods->xFileControl(Real(f), op, argument);
}
int SectorSize(sqlite3_file* f) { return Real(f)->pMethods->xSectorSize(Real(f)); }
int Device(sqlite3_file* f) { return Real(f)->pMethods->xDeviceCharacteristics(Real(f)); }
int ShmMap(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return Real(f)->pMethods->xShmMap(Real(f), page, size, extend, out);
}
int ShmLock(sqlite3_file* f, int offset, int n, int flags) {
  return Real(f)->pMethods->xShmLock(Real(f), offset, n, flags);
}
void ShmBarrier(sqlite3_file* f) { Real(f)->pMethods->xShmBarrier(Real(f)); }
int ShmUnmap(sqlite3_file* f, int remove) { return Real(f)->pMethods->xShmUnmap(Real(f), remove); }

constexpr sqlite3_io_methods kMethods = {2,          Close,      Read,    Write,  Truncate,
                                         Sync,       FileSize,   Lock,    Unlock, CheckReserved,
                                         Control,    SectorSize, Device,  ShmMap, ShmLock,
                                         ShmBarrier, ShmUnmap,   nullptr, nullptr};

sqlite3_vfs* Under(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int Open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* out, int flags, int* given) {
  auto* file = reinterpret_cast<File*>(out);
  file->base.pMethods = nullptr;
  file->real = reinterpret_cast<sqlite3_file*>(file + 1);
  const int code = Under(vfs)->xOpen(Under(vfs), name, file->real, flags, given);
  if (code == SQLITE_OK) file->base.pMethods = &kMethods;
  return code;
}

}  // namespace

const char* RegisterFaultVfs() {
  static const char* const kName = [] {
    sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
    auto* vfs = new sqlite3_vfs(*real);
    vfs->zName = "opb-fault";
    vfs->pNext = nullptr;
    vfs->pAppData = real;
    vfs->szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
    vfs->xOpen = Open;
    sqlite3_vfs_register(vfs, 0);
    return vfs->zName;
  }();
  return kName;
}

void SetFault(const FaultPlan& plan) {
  State& state = Shared();
  const std::lock_guard lock(state.mutex);
  state.plan = plan;
  state.left = plan.after;
  state.counted = 0;
  state.struck = 0;
}

int CountedOperations() {
  const std::lock_guard lock(Shared().mutex);
  return Shared().counted;
}

int Struck() {
  const std::lock_guard lock(Shared().mutex);
  return Shared().struck;
}

}  // namespace db
