// The door: the one table that this module exports.  Each function checks its arguments, and behind
// the guard hands over to the table of wallets and to the session.  How it fails: opb.h.
#include <opb.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "bridge/blob.h"
#include "bridge/guard.h"
#include "bridge/host.h"
#include "bridge/runtime.h"
#include "bridge/session.h"
#include "bridge/software_id.h"
#include "bridge/translate/brand_id.h"
#include "bridge/wallets.h"

namespace bridge {
namespace {

constexpr opb_role kAllRoles = OPB_ROLE_CONSUMER | OPB_ROLE_MERCHANT | OPB_ROLE_PAYMENT_HANDLER;

// What these structs measured in ABI 1.0.  A host can be newer and send more, never less.
template <class T>
inline constexpr std::size_t kSizeInAbi10 = 0;
template <>
inline constexpr std::size_t kSizeInAbi10<opb_host> = 40;
template <>
inline constexpr std::size_t kSizeInAbi10<opb_wallet_config> = 32;

// Leaked on purpose: hosts call in from atexit, when destructors have run.
WalletTable<Session>& Table() {
  static auto& table = *new WalletTable<Session>;
  return table;
}

// Reads the members that both sides know; those that an older host does not have are zero.
template <class T>
std::optional<T> ReadStruct(const T* given) {
  if (given->struct_size < kSizeInAbi10<T>) return std::nullopt;
  T read{};
  std::memcpy(&read, given, std::min<std::size_t>(given->struct_size, sizeof(T)));
  return read;
}

bool IsText(const opb_text& text) { return text.data != nullptr || text.size == 0; }

std::string_view View(const opb_text& text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

tl::unexpected<OpenFailure> Refuse(opb_status status, std::string diagnostic) {
  return tl::unexpected<OpenFailure>(OpenFailure{status, std::move(diagnostic)});
}

tl::expected<opb_wallet, OpenFailure> OpenWallet(const opb_host* given_host,
                                                 const opb_wallet_config* given_config) {
  const auto host = ReadStruct(given_host);
  if (!host) return Refuse(OPB_E_ABI, "opb_host: struct_size is smaller than that of ABI 1.0");
  if (host->abi_major != OPB_ABI_MAJOR) {
    return Refuse(OPB_E_ABI, "opb_host: abi_major is not the one of this module");
  }
  const auto config = ReadStruct(given_config);
  if (!config) {
    return Refuse(OPB_E_ABI, "opb_wallet_config: struct_size is smaller than that of ABI 1.0");
  }
  if (config->roles == 0 || (config->roles & ~kAllRoles) != 0) {
    return Refuse(OPB_E_ARGUMENT, "opb_wallet_config: roles is not a union of OPB_ROLE_*");
  }
  if (config->path == nullptr) return Refuse(OPB_E_ARGUMENT, "opb_wallet_config: path is null");
  if (!IsText(config->passphrase) || !IsText(host->software_id)) {
    return Refuse(OPB_E_ARGUMENT, "a text with a size has no data");
  }
  auto opening = Table().BeginOpen();
  if (!opening) return Refuse(opening.error(), "init has not been called");
  auto session =
      Session::Open(Host(given_host), config->roles, config->path, View(config->passphrase));
  if (!session) return tl::unexpected<OpenFailure>(std::move(session.error()));
  return opening->Fill(*std::move(session));
}

opb_status Init() {
  return Guarded([] {
    if (!BuildRuntime()) return OPB_E_CONFIG;
    Table().Init();
    return OPB_OK;
  });
}

opb_status Deinit() {
  return Guarded([] { return Table().Deinit(); });
}

opb_status Open(const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                opb_blob* diagnostic) {
  return Guarded([&] {
    auto opened = host == nullptr || config == nullptr || wallet == nullptr
                      ? Refuse(OPB_E_ARGUMENT, "host, config or wallet is null")
                      : OpenWallet(host, config);
    if (opened) {
      *wallet = *opened;
      return OPB_OK;
    }
    if (diagnostic != nullptr) GiveBlob(std::move(opened.error().diagnostic), diagnostic);
    return opened.error().status;
  });
}

opb_status Close(opb_wallet wallet) {
  return Guarded([&] { return Table().Close(wallet); });
}

opb_status Call(opb_wallet wallet, opb_text request, opb_blob* response) {
  if (request.data == nullptr || response == nullptr) return OPB_E_ARGUMENT;
  std::optional<WalletTable<Session>::Use> use;
  return Guarded(
      [&] {
        auto entered = Table().Enter(wallet);
        if (!entered) return entered.error();
        use.emplace(*std::move(entered));
        auto answer = use->session().Call(View(request));
        if (!answer) {
          use->Poison(answer.error());
          return answer.error();
        }
        GiveBlob(*std::move(answer), response);
        return OPB_OK;
      },
      [&] {
        if (use) use->Poison(OPB_E_INTERNAL);
      });
}

const void* GetExtension(const char* /*id*/) { return nullptr; }

}  // namespace
}  // namespace bridge

extern "C" const opb_entry_table opb_entry = {
    .struct_size = sizeof(opb_entry_table),
    .abi_major = OPB_ABI_MAJOR,
    .abi_minor = OPB_ABI_MINOR,
    .roles = bridge::kAllRoles,
    .software_id = bridge::kSoftwareId,
    .protocol_id = bridge::kProtocolId.data(),
    .init = bridge::Init,
    .deinit = bridge::Deinit,
    .open = bridge::Open,
    .close = bridge::Close,
    .call = bridge::Call,
    .get_extension = bridge::GetExtension,
};
