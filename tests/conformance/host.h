// The judge as a host: one opb_host with its services.  Log and clock are always there; the clock
// stands still until it is moved.
#ifndef TESTS_CONFORMANCE_HOST_H_
#define TESTS_CONFORMANCE_HOST_H_

#include <opb.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "xml.h"

namespace conform {

struct LogLine {
  std::uint32_t level;
  std::string message;
};

class Host {
 public:
  Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  const opb_host* table() const { return &table_; }
  opb_host& mutable_table() { return table_; }

  std::int64_t now_ms() const;
  void SetClock(std::int64_t ms);
  void Advance(std::int64_t ms) { SetClock(now_ms() + ms); }
  std::vector<LogLine> log() const;

  // CallBack service, offered to wallets opened afterwards.  `answer` gets function name and
  // request, and fills the response document.
  using CallBack = std::function<opb_status(std::string_view function, std::string_view request,
                                            std::string& response)>;
  void OfferCallBack(CallBack answer);
  // Services that were asked for, and by a call outside open.
  std::vector<std::string> asked() const;

  // What log writes do besides being kept.
  std::function<void()> on_log = {};

 private:
  static const void* GetService(const opb_host* host, const char* id);
  static void Write(const opb_host* host, std::uint32_t level, opb_text message);
  static std::int64_t Now(const opb_host* host);
  static opb_status Call(const opb_host* host, opb_text function, opb_text request,
                         opb_blob* response);

  opb_host table_;
  mutable std::mutex mutex_;
  std::int64_t now_ms_;
  std::vector<LogLine> log_;
  std::vector<std::string> asked_;
  CallBack callback_;
};

}  // namespace conform

#endif  // TESTS_CONFORMANCE_HOST_H_
