#include "fuzz/call_sequence/wallets.h"

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "bridge/blob.h"
#include "bridge/host.h"
#include "bridge/runtime.h"
#include "bridge/wallet/profile.h"
#include "bridge/wallet/provision.h"
#include "fuzz/target.h"
#include "unit/setcore/vector_pki.h"

namespace call_sequence {
namespace {

namespace fs = std::filesystem;
using fuzz::Require;

constexpr std::string_view kHead = R"(
language = "en"
[[trust]]
certificate = "root.pem"
)";
constexpr std::string_view kInstruments = R"(
[[instrument]]
id = "signed"
name = "A card with certificate"
brand_id = "VISA"
protocol_brand_id = "VISA"
pan = "4000000000000002"
expiry = "203012"
certificate = "cardholder.pem"
private_key = "cardholder.key"
card_secret = "8dc932b92afc87e6a6a5d213d9c4f3c88c672b37"
pan_secret = "130dfd5182ee25e4bff008ecd03b6b2eb1ec05dc"
[[instrument]]
id = "plain"
name = "A card without certificate"
brand_id = "VISA"
protocol_brand_id = "VISA"
pan = "4000000000000028"
expiry = "203012"
)";
constexpr std::string_view kOrganisation = R"(
[organisation]
org_id = "shop.example"
merchant_id = "00012345"
[[brand]]
brand_id = "VISA"
protocol_brand_id = "VISA"
name = "Visa"
logo_url = "https://shop.example/visa.gif"
currencies = ["USD", "JPY"]
)";
constexpr std::string_view kMerchantKeys = "payment_handler_org_id = \"pay.example\"\n";
constexpr std::string_view kHandlerKeys = R"(
signing_certificate = "merchant-sign.pem"
signing_key = "merchant-sign.key"
exchange_certificate = "merchant-exchange.pem"
exchange_key = "merchant-exchange.key"
gateway_certificate = "gateway-exchange.pem"
gateway = "acquirer"
[[gateway]]
name = "acquirer"
host = "192.0.2.1"
port = 1
transport_id = "shop.example"
[policy]
capture_now = )";
constexpr std::uint64_t kScryptN = 1024;

std::string Named(std::string_view name, std::string_view role) {
  return "wallet_id = \"" + std::string(name) + "\"\nroles = [\"" + std::string(role) + "\"]\n" +
         std::string(kHead);
}

std::string Profile(std::size_t wallet) {
  const std::string organisation(kOrganisation);
  const std::string instruments(kInstruments);
  const std::string handler(kHandlerKeys);
  switch (wallet) {
    case kMerchant:
      return Named("m", "merchant") + organisation + std::string(kMerchantKeys);
    case kConsumer:
      return Named("c", "consumer") + instruments;
    case kLockedConsumer:
      return Named("d", "consumer") + instruments;
    case kHandler:
      return Named("p", "payment-handler") + organisation + handler + "false\n";
    default:
      return Named("q", "payment-handler") + organisation + handler + "true\n";
  }
}

opb_role Flag(std::size_t wallet) {
  switch (RoleOf(wallet)) {
    case Role::kMerchant:
      return OPB_ROLE_MERCHANT;
    case Role::kConsumer:
      return OPB_ROLE_CONSUMER;
    default:
      return OPB_ROLE_PAYMENT_HANDLER;
  }
}

void Copy(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  fs::copy(from, to);
}

}  // namespace

void RequireNoSecret(std::string_view text) {
  for (const std::string_view secret : {kPassphrase, kWrongPassphrase, kPan, kPlainPan}) {
    Require(text.find(secret) == std::string_view::npos, "no secret gets out");
  }
}

Wallets::Wallets()
    : now_ms_(vectors::kNow * 1000), first_(dice_, now_ms_), second_(dice_, now_ms_) {
  if (auto built = bridge::BuildRuntime(); !built) throw std::runtime_error(built.error());
  host_ = {sizeof(opb_host), OPB_ABI_MAJOR, this, {"fuzz, fuzz, 1, 1", 16}, Service};
  for (std::size_t wallet = 0; wallet < kWallets; ++wallet) Make(wallet);
}

Wallets::~Wallets() {
  for (std::size_t wallet = 0; wallet < kWallets; ++wallet) Close(wallet);
}

const void* Wallets::Service(const opb_host*, const char* id) {
  static constexpr opb_host_clock kClock = {
      [](const opb_host* host) { return static_cast<const Wallets*>(host->ctx)->now_ms_; }};
  static constexpr opb_host_log kLog = {[](const opb_host*, std::uint32_t, opb_text line) {
    RequireNoSecret({line.data, line.size});
  }};
  static constexpr opb_host_callback kCallBack = {
      [](const opb_host* host, opb_text, opb_text request, opb_blob* response) -> opb_status {
        RequireNoSecret({request.data, request.size});
        constexpr std::string_view kGoOn =
            "<IotpPaymentApiResponse><CallBackResponse/></IotpPaymentApiResponse>";
        constexpr std::string_view kCancel =
            "<IotpPaymentApiResponse><CallBackResponse CompletionCode=\"ConsCancelled\"/>"
            "</IotpPaymentApiResponse>";
        const HostMood mood = static_cast<const Wallets*>(host->ctx)->host_mood_;
        if (mood == HostMood::kFails) return OPB_E_INTERNAL;
        const std::string_view answer = mood == HostMood::kCancels         ? kCancel
                                        : mood == HostMood::kTalksNonsense ? "<nonsense>"
                                                                           : kGoOn;
        bridge::GiveBlob(std::string(answer), response);
        return OPB_OK;
      }};
  const std::string_view name = id;
  if (name == OPB_HOST_CLOCK) return &kClock;
  if (name == OPB_HOST_LOG) return &kLog;
  return name == OPB_HOST_CALLBACK ? &kCallBack : nullptr;
}

std::string Wallets::path(std::size_t wallet) const {
  return directory_.path() + "/" + std::to_string(wallet);
}

void Wallets::Make(std::size_t wallet) {
  const auto profile =
      bridge::ParseProfile(Profile(wallet), OPB_VECTORS "/set-1024/pki/profile.toml");
  if (!profile) throw std::runtime_error(ToText(profile.error().front()));
  bridge::ProvisionOptions options;
  if (wallet == kLockedConsumer) options.passphrase = kPassphrase;
  options.scrypt_n = kScryptN;
  options.now = now_ms_;
  const auto made = bridge::Provision(path(wallet) + ".first", *profile, options);
  if (!made) throw std::runtime_error(made.error().detail);
  Copy(path(wallet) + ".first", path(wallet));
}

void Wallets::Open(std::size_t wallet) {
  used_[wallet] = true;
  systems_[wallet] = std::make_unique<TurnSystem>(acquirer(wallet), dice_);
  auto session = bridge::Session::Open(bridge::Host(&host_), Flag(wallet), path(wallet), {},
                                       *systems_[wallet]);
  if (!session) std::fprintf(stderr, "%s\n", session.error().diagnostic.c_str());
  Require(session.has_value(), "a wallet opens");
  sessions_[wallet] = *std::move(session);
}

void Wallets::Close(std::size_t wallet) {
  if (!is_open(wallet)) return;
  systems_[wallet]->BeginClosing();
  sessions_[wallet].reset();
  systems_[wallet].reset();
}

void Wallets::Reopen(std::size_t wallet) {
  Close(wallet);
  Open(wallet);
}

void Wallets::TakeSnapshot(std::size_t wallet) { Copy(path(wallet), path(wallet) + ".crashed"); }

void Wallets::Crash(std::size_t wallet) {
  Close(wallet);
  Copy(path(wallet) + ".crashed", path(wallet));
  Open(wallet);
}

std::string Wallets::Call(std::size_t wallet, std::string_view request) {
  if (!is_open(wallet)) Open(wallet);
  auto response = sessions_[wallet]->Call(request);
  Require(response.has_value(), "the store is not lost");
  return *std::move(response);
}

void Wallets::Reset() {
  for (std::size_t wallet = 0; wallet < kWallets; ++wallet) {
    Close(wallet);
    if (std::exchange(used_[wallet], false)) Copy(path(wallet) + ".first", path(wallet));
  }
  first_.Reset();
  second_.Reset();
  dice_.Reset();
  host_mood_ = HostMood::kGoesOn;
  now_ms_ = vectors::kNow * 1000;
}

}  // namespace call_sequence
