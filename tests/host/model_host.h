// ModelHost: an IOTP Application Core as far as a bridge can see one.  It loads a module by its
// path with dlopen, knows it only through opb.h, and offers it a log and, if wanted, a clock that
// stands still until it is moved.  What fails in a way that no test expects throws
// std::runtime_error.
#ifndef TESTS_HOST_MODEL_HOST_H_
#define TESTS_HOST_MODEL_HOST_H_

#include <opb.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace host {

// Module keeps a module loaded.  Each load is a dlopen of its own.
class Module {
 public:
  // RTLD_NOW | RTLD_LOCAL, as opb.h advises.
  explicit Module(const std::string& path);
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  ~Module();

  const opb_entry_table& entry() const { return *entry_; }

 private:
  void* handle_ = nullptr;
  const opb_entry_table* entry_ = nullptr;
};

// Blob owns an opb_blob and releases it.
class Blob {
 public:
  Blob() = default;
  Blob(const Blob&) = delete;
  Blob& operator=(const Blob&) = delete;
  ~Blob() { Release(); }

  opb_blob* out() { return &blob_; }
  const opb_blob& get() const { return blob_; }
  std::string text() const {
    return blob_.data == nullptr ? "" : std::string(blob_.data, blob_.size);
  }
  void Release() {
    if (blob_.release != nullptr) blob_.release(&blob_);
  }

 private:
  opb_blob blob_ = {nullptr, 0, nullptr, nullptr};
};

// What call gave: a document exactly if the status is OPB_OK.
struct Answer {
  opb_status status = OPB_E_INTERNAL;
  std::string document;
};

// What open gave: a token exactly if the status is OPB_OK, else a line for people.
struct Opened {
  opb_status status = OPB_E_INTERNAL;
  opb_wallet wallet = 0;
  std::string diagnostic;
};

struct LogLine {
  std::uint32_t level = 0;
  std::string message;
};

struct Services {
  bool log = true;
  std::optional<std::int64_t> clock_ms;  // where the clock stands at first; nothing: no clock
  std::string software_id = "SET Bridge tests, model host, 1, 1";
};

// Any thread may call any function.
class ModelHost {
 public:
  // Loads the module and calls init.
  explicit ModelHost(const std::string& module_path, Services services = {});
  ModelHost(const ModelHost&) = delete;
  ModelHost& operator=(const ModelHost&) = delete;
  // Closes what is still open, calls deinit and unloads.
  ~ModelHost();

  const opb_entry_table& entry() const { return module_.entry(); }
  const opb_host* host() const { return &host_; }

  Opened TryOpen(const std::string& directory, opb_role roles, std::string_view passphrase = {});
  // Open throws unless the wallet opens; the message holds status and diagnostic.
  opb_wallet Open(const std::string& directory, opb_role roles, std::string_view passphrase = {});
  opb_status Close(opb_wallet wallet);

  Answer TryCall(opb_wallet wallet, std::string_view request);
  // Call throws unless there is a document.
  std::string Call(opb_wallet wallet, std::string_view request);

  void SetClockMs(std::int64_t now_ms) { now_ms_ = now_ms; }
  void AdvanceClockMs(std::int64_t ms) { now_ms_ += ms; }

  std::vector<LogLine> log() const;

 private:
  static const void* GetService(const opb_host* host, const char* id);
  static void Write(const opb_host* host, std::uint32_t level, opb_text message);
  static std::int64_t Now(const opb_host* host);

  Services services_;
  Module module_;
  opb_host host_;
  std::atomic<std::int64_t> now_ms_ = 0;
  mutable std::mutex mutex_;
  std::vector<LogLine> log_;         // guarded by mutex_
  std::vector<opb_wallet> wallets_;  // guarded by mutex_
};

}  // namespace host

#endif  // TESTS_HOST_MODEL_HOST_H_
