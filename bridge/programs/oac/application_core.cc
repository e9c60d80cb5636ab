#include "bridge/programs/oac/application_core.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <utility>

namespace bridge::programs {
namespace {

constexpr std::string_view kSoftwareId = "The SET Bridge authors, application core, 1.0.0, release";

constexpr std::array<std::string_view, 10> kStatusNames = {
    "OPB_OK",       "OPB_E_ARGUMENT", "OPB_E_STATE",  "OPB_E_ABI",    "OPB_E_MEMORY",
    "OPB_E_CONFIG", "OPB_E_STORAGE",  "OPB_E_LOCKED", "OPB_E_FORKED", "OPB_E_INTERNAL"};

opb_text Text(std::string_view text) { return {text.data(), text.size()}; }

std::string Take(opb_blob& blob) {
  std::string text = blob.data == nullptr ? std::string() : std::string(blob.data, blob.size);
  if (blob.release != nullptr) blob.release(&blob);
  return text;
}

}  // namespace

std::string_view StatusName(opb_status status) {
  const auto index = static_cast<std::size_t>(-static_cast<std::int64_t>(status));
  return index < kStatusNames.size() ? kStatusNames[index] : "unknown status";
}

tl::expected<std::unique_ptr<ApplicationCore>, std::string> ApplicationCore::Load(
    const std::string& module, Log log, Clock clock) {
  void* handle = dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return tl::unexpected(std::string(dlerror()));
  const auto* entry = static_cast<const opb_entry_table*>(dlsym(handle, "opb_entry"));
  if (entry == nullptr) return tl::unexpected(module + ": no opb_entry, so no payment bridge");
  if (entry->abi_major != OPB_ABI_MAJOR || entry->struct_size < sizeof(opb_entry_table)) {
    return tl::unexpected(
        fmt::format("{}: speaks ABI {}, this program {}", module, entry->abi_major, OPB_ABI_MAJOR));
  }
  if (const opb_status status = entry->init(); status != OPB_OK) {
    return tl::unexpected(fmt::format("{}: init: {}", module, StatusName(status)));
  }
  std::unique_ptr<ApplicationCore> core(new ApplicationCore);
  core->entry_ = entry;
  core->log_ = std::move(log);
  core->clock_ = std::move(clock);
  core->host_ = {sizeof(opb_host), OPB_ABI_MAJOR, core.get(), Text(kSoftwareId), Service};
  return core;
}

ApplicationCore::~ApplicationCore() { entry_->deinit(); }

tl::expected<opb_wallet, std::string> ApplicationCore::Open(const std::string& directory,
                                                            opb_role roles,
                                                            std::string_view passphrase) {
  const opb_wallet_config config = {sizeof(opb_wallet_config), roles, directory.c_str(),
                                    Text(passphrase)};
  opb_wallet wallet = 0;
  opb_blob diagnostic{};
  const opb_status status = entry_->open(&host_, &config, &wallet, &diagnostic);
  const std::string why = Take(diagnostic);
  if (status == OPB_OK) return wallet;
  return tl::unexpected(
      fmt::format("{}: {}{}{}", directory, StatusName(status), why.empty() ? "" : ": ", why));
}

void ApplicationCore::Close(opb_wallet wallet) { entry_->close(wallet); }

CoreResult ApplicationCore::Call(opb_wallet wallet, std::string_view request) {
  opb_blob response{};
  const opb_status status = entry_->call(wallet, Text(request), &response);
  std::string document = Take(response);
  if (status == OPB_OK) return document;
  return tl::unexpected(fmt::format("call: {}", StatusName(status)));
}

const void* ApplicationCore::Service(const opb_host* host, const char* id) {
  static constexpr opb_host_log kLog = {Write};
  static constexpr opb_host_clock kClock = {Now};
  if (std::string_view(id) == OPB_HOST_LOG) return &kLog;
  static constexpr opb_host_callback kCallBack = {CalledBack};
  const auto* core = static_cast<const ApplicationCore*>(host->ctx);
  if (std::string_view(id) == OPB_HOST_CALLBACK && core->call_back_) return &kCallBack;
  return std::string_view(id) == OPB_HOST_CLOCK && core->clock_ ? &kClock : nullptr;
}

opb_status ApplicationCore::CalledBack(const opb_host* host, opb_text function, opb_text request,
                                       opb_blob* response) {
  const auto* core = static_cast<const ApplicationCore*>(host->ctx);
  auto answer = core->call_back_({function.data, function.size}, {request.data, request.size});
  if (!answer) return OPB_E_STATE;
  auto* kept = new std::string(std::move(*answer));
  *response = {kept->data(), kept->size(),
               [](opb_blob* self) {
                 delete static_cast<std::string*>(self->owner);
                 *self = {};
               },
               kept};
  return OPB_OK;
}

std::int64_t ApplicationCore::Now(const opb_host* host) {
  return static_cast<const ApplicationCore*>(host->ctx)->clock_();
}

void ApplicationCore::Write(const opb_host* host, std::uint32_t level, opb_text message) {
  const auto* core = static_cast<const ApplicationCore*>(host->ctx);
  if (core->log_) core->log_(level, {message.data, message.size});
}

}  // namespace bridge::programs
