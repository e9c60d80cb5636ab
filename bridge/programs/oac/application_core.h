// ApplicationCore: an IOTP Application Core as far as a bridge sees one.  It loads a module by its
// path and knows it through opb.h alone; wallets are opened and asked by their tokens.
#ifndef BRIDGE_PROGRAMS_OAC_APPLICATION_CORE_H_
#define BRIDGE_PROGRAMS_OAC_APPLICATION_CORE_H_

#include <opb.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace bridge::programs {

// What went wrong between core and module, in a sentence for people.
using CoreResult = tl::expected<std::string, std::string>;

class ApplicationCore {
 public:
  // A line of the module's log; level as in opb.host-log/1.
  using Log = std::function<void(std::uint32_t level, std::string_view line)>;

  // The time that the module is to believe, in ms since 1970 UTC; from any thread.
  using Clock = std::function<std::int64_t()>;

  // Load does dlopen, checks the table and calls init.  Without a clock the module asks the system.
  static tl::expected<std::unique_ptr<ApplicationCore>, std::string> Load(const std::string& module,
                                                                          Log log,
                                                                          Clock clock = {});
  // What the host answers when a bridge calls it back (opb.host-callback/1): a document, or nothing
  // for a failure.  From any thread.
  using CallBack = std::function<std::optional<std::string>(std::string_view function,
                                                            std::string_view request)>;

  ApplicationCore(const ApplicationCore&) = delete;
  ApplicationCore& operator=(const ApplicationCore&) = delete;
  // Wallets that are opened from now on may call back.
  void Serve(CallBack call_back) { call_back_ = std::move(call_back); }
  // Every wallet must be closed.
  ~ApplicationCore();

  // Open gives a token; the passphrase may be empty.
  tl::expected<opb_wallet, std::string> Open(const std::string& directory, opb_role roles,
                                             std::string_view passphrase);
  void Close(opb_wallet wallet);

  // Call gives the response document.
  CoreResult Call(opb_wallet wallet, std::string_view request);

 private:
  ApplicationCore() = default;
  static const void* Service(const opb_host* host, const char* id);
  static std::int64_t Now(const opb_host* host);
  static void Write(const opb_host* host, std::uint32_t level, opb_text message);
  static opb_status CalledBack(const opb_host* host, opb_text function, opb_text request,
                               opb_blob* response);

  const opb_entry_table* entry_ = nullptr;
  opb_host host_{};
  Log log_;
  Clock clock_;
  CallBack call_back_;
};

// StatusName spells an opb_status, for example "OPB_E_LOCKED".
std::string_view StatusName(opb_status status);

}  // namespace bridge::programs

#endif  // BRIDGE_PROGRAMS_OAC_APPLICATION_CORE_H_
