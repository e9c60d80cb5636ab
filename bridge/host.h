// The services a host may offer (opb.h), asked for once, inside open, and wrapped so that the rest
// of the house sees functions instead of tables of pointers.
#ifndef BRIDGE_HOST_H_
#define BRIDGE_HOST_H_

#include <opb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bridge {

// opb.host-log/1: levels of opb_host_log.
enum class LogLevel : std::uint8_t { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

// Host is copied freely; it borrows the opb_host, which outlives every wallet opened with it.
// All functions may be called from any thread.  No lock may be held while one of them runs.
class Host {
 public:
  Host() = default;
  // Asks `host` for the services that it knows.  `host` is not null.
  explicit Host(const opb_host* host);

  // Log passes one line on, or drops it when the host keeps no log.  Never a secret.
  void Log(LogLevel level, std::string_view message) const;

  // NowMs is the host's clock (opb.host-clock/1), else the system's, in ms since 1970 UTC.
  std::int64_t NowMs() const;

  bool can_be_called_back() const { return call_back_ != nullptr && call_back_->call != nullptr; }
  // CallBack hands `function`, the host's own word, and a CallBack document to the host
  // (opb.host-callback/1) and gives its answer, as it is; nothing if the host fails.
  std::optional<std::string> CallBack(std::string_view function, std::string_view request) const;

  // The host's own name, "maker, name, version, build" (RFC 3867, 3).
  std::string_view software_id() const;

 private:
  const opb_host* host_ = nullptr;
  const opb_host_log* log_ = nullptr;
  const opb_host_clock* clock_ = nullptr;
  const opb_host_callback* call_back_ = nullptr;
};

}  // namespace bridge

#endif  // BRIDGE_HOST_H_
