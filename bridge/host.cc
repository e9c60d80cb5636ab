#include "bridge/host.h"

#include <chrono>

namespace bridge {

Host::Host(const opb_host* host) : host_(host) {
  if (host->get_service == nullptr) return;
  log_ = static_cast<const opb_host_log*>(host->get_service(host, OPB_HOST_LOG));
  clock_ = static_cast<const opb_host_clock*>(host->get_service(host, OPB_HOST_CLOCK));
  call_back_ = static_cast<const opb_host_callback*>(host->get_service(host, OPB_HOST_CALLBACK));
}

void Host::Log(LogLevel level, std::string_view message) const {
  if (log_ == nullptr || log_->write == nullptr) return;
  log_->write(host_, static_cast<std::uint32_t>(level), opb_text{message.data(), message.size()});
}

std::int64_t Host::NowMs() const {
  if (clock_ != nullptr && clock_->now != nullptr) return clock_->now(host_);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::optional<std::string> Host::CallBack(std::string_view function,
                                          std::string_view request) const {
  opb_blob response{};
  const opb_status status = call_back_->call(host_, {function.data(), function.size()},
                                             {request.data(), request.size()}, &response);
  if (status != OPB_OK) return std::nullopt;
  std::string answer;
  if (response.data != nullptr) answer.assign(response.data, response.size);
  if (response.release != nullptr) response.release(&response);
  return answer;
}

std::string_view Host::software_id() const {
  if (host_ == nullptr || host_->software_id.data == nullptr) return {};
  return {host_->software_id.data, host_->software_id.size};
}

}  // namespace bridge
