#include "host.h"

#include <chrono>
#include <cstdlib>
#include <cstring>

namespace conform {
namespace {

Host& Self(const opb_host* host) { return *static_cast<Host*>(host->ctx); }

void ReleaseText(opb_blob* blob) {
  std::free(const_cast<char*>(blob->data));
  *blob = {nullptr, 0, nullptr, nullptr};
}

std::int64_t SystemNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Host::Host()
    : table_{sizeof(opb_host),
             OPB_ABI_MAJOR,
             this,
             {kHostSoftware.data(), kHostSoftware.size()},
             GetService},
      now_ms_(SystemNow()) {}

std::int64_t Host::now_ms() const {
  const std::lock_guard lock(mutex_);
  return now_ms_;
}

void Host::SetClock(std::int64_t ms) {
  const std::lock_guard lock(mutex_);
  now_ms_ = ms;
}

std::vector<LogLine> Host::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

std::vector<std::string> Host::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

void Host::OfferCallBack(CallBack answer) {
  const std::lock_guard lock(mutex_);
  callback_ = std::move(answer);
}

const void* Host::GetService(const opb_host* host, const char* id) {
  static constexpr opb_host_log kLog = {Write};
  static constexpr opb_host_clock kClock = {Now};
  static constexpr opb_host_callback kCallBack = {Call};
  Host& self = Self(host);
  const std::lock_guard lock(self.mutex_);
  self.asked_.emplace_back(id);
  if (std::strcmp(id, OPB_HOST_LOG) == 0) return &kLog;
  if (std::strcmp(id, OPB_HOST_CLOCK) == 0) return &kClock;
  if (std::strcmp(id, OPB_HOST_CALLBACK) == 0 && self.callback_) return &kCallBack;
  return nullptr;
}

void Host::Write(const opb_host* host, std::uint32_t level, opb_text message) {
  Host& self = Self(host);
  {
    const std::lock_guard lock(self.mutex_);
    self.log_.push_back({level, std::string(message.data, message.size)});
  }
  if (self.on_log) self.on_log();
}

std::int64_t Host::Now(const opb_host* host) { return Self(host).now_ms(); }

opb_status Host::Call(const opb_host* host, opb_text function, opb_text request,
                      opb_blob* response) {
  Host& self = Self(host);
  CallBack answer;
  {
    const std::lock_guard lock(self.mutex_);
    answer = self.callback_;
  }
  std::string text;
  const opb_status status =
      answer({function.data, function.size}, {request.data, request.size}, text);
  if (status != OPB_OK) return status;
  char* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) return OPB_E_MEMORY;
  std::memcpy(copy, text.data(), text.size());
  *response = {copy, text.size(), ReleaseText, nullptr};
  return OPB_OK;
}

}  // namespace conform
