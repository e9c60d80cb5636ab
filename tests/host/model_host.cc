#include "host/model_host.h"

#include <dlfcn.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace host {
namespace {

ModelHost& Self(const opb_host* host) { return *static_cast<ModelHost*>(host->ctx); }

constexpr std::size_t kTableSizeInAbi10 = 80;

}  // namespace

Module::Module(const std::string& path) {
  handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle_ == nullptr) throw std::runtime_error(dlerror());
  entry_ = static_cast<const opb_entry_table*>(dlsym(handle_, "opb_entry"));
  if (entry_ == nullptr || entry_->abi_major != OPB_ABI_MAJOR ||
      entry_->struct_size < kTableSizeInAbi10) {
    dlclose(handle_);
    throw std::runtime_error(path + " is no payment bridge of ABI 1");
  }
}

Module::~Module() { dlclose(handle_); }

ModelHost::ModelHost(const std::string& module_path, Services services)
    : services_(std::move(services)),
      module_(module_path),
      host_{sizeof(opb_host),
            OPB_ABI_MAJOR,
            this,
            {services_.software_id.data(), services_.software_id.size()},
            GetService},
      now_ms_(services_.clock_ms.value_or(0)) {
  const opb_status status = entry().init();
  if (status != OPB_OK) throw std::runtime_error("init: " + std::to_string(status));
}

ModelHost::~ModelHost() {
  for (const opb_wallet wallet : wallets_) entry().close(wallet);
  entry().deinit();
}

Opened ModelHost::TryOpen(const std::string& directory, opb_role roles,
                          std::string_view passphrase) {
  const opb_wallet_config config = {
      sizeof(opb_wallet_config), roles, directory.c_str(), {passphrase.data(), passphrase.size()}};
  Opened opened;
  Blob diagnostic;
  opened.status = entry().open(&host_, &config, &opened.wallet, diagnostic.out());
  opened.diagnostic = diagnostic.text();
  if (opened.status == OPB_OK) {
    const std::lock_guard lock(mutex_);
    wallets_.push_back(opened.wallet);
  }
  return opened;
}

opb_wallet ModelHost::Open(const std::string& directory, opb_role roles,
                           std::string_view passphrase) {
  const Opened opened = TryOpen(directory, roles, passphrase);
  if (opened.status != OPB_OK) {
    throw std::runtime_error("open " + directory + ": " + std::to_string(opened.status) + " " +
                             opened.diagnostic);
  }
  return opened.wallet;
}

opb_status ModelHost::Close(opb_wallet wallet) {
  const opb_status status = entry().close(wallet);
  if (status == OPB_OK) {
    const std::lock_guard lock(mutex_);
    wallets_.erase(std::remove(wallets_.begin(), wallets_.end(), wallet), wallets_.end());
  }
  return status;
}

Answer ModelHost::TryCall(opb_wallet wallet, std::string_view request) {
  Blob response;
  Answer answer;
  answer.status = entry().call(wallet, {request.data(), request.size()}, response.out());
  answer.document = response.text();
  return answer;
}

std::string ModelHost::Call(opb_wallet wallet, std::string_view request) {
  Answer answer = TryCall(wallet, request);
  if (answer.status != OPB_OK) throw std::runtime_error("call: " + std::to_string(answer.status));
  return std::move(answer.document);
}

std::vector<LogLine> ModelHost::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

const void* ModelHost::GetService(const opb_host* host, const char* id) {
  static constexpr opb_host_log kLog = {Write};
  static constexpr opb_host_clock kClock = {Now};
  const std::string_view name = id;
  if (name == OPB_HOST_LOG && Self(host).services_.log) return &kLog;
  if (name == OPB_HOST_CLOCK && Self(host).services_.clock_ms) return &kClock;
  return nullptr;
}

void ModelHost::Write(const opb_host* host, std::uint32_t level, opb_text message) {
  ModelHost& self = Self(host);
  const std::lock_guard lock(self.mutex_);
  self.log_.push_back({level, std::string(message.data, message.size)});
}

std::int64_t ModelHost::Now(const opb_host* host) { return Self(host).now_ms_; }

}  // namespace host
