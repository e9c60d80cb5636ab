// Calls on open wallets, one of each role, that live in a temporary directory and know one moment.
// An input is a sequence of requests, each with the octet of its wallet in front and a NUL behind.
// Every answer is a valid response.  An input finds the wallets as they were provisioned: after one
// that changed something they are made anew.
#include <opb.h>

#include <array>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "bridge/host.h"
#include "bridge/runtime.h"
#include "bridge/session.h"
#include "bridge/wallet/profile.h"
#include "bridge/wallet/provision.h"
#include "fuzz/target.h"
#include "fuzz/temporary_directory.h"
#include "schema/reader.h"
#include "unit/setcore/vector_pki.h"

namespace {

using fuzz::Require;

constexpr std::string_view kHead = R"(
language = "en"
[[trust]]
certificate = "root.pem"
)";
constexpr std::string_view kConsumer = R"(
[[instrument]]
id = "visa"
name = "A card"
brand_id = "VISA"
protocol_brand_id = "VISA"
pan = "4000000000000002"
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
currencies = ["USD"]
)";
constexpr std::string_view kMerchant = "payment_handler_org_id = \"pay.example\"\n";
constexpr std::string_view kHandler = R"(
signing_certificate = "merchant-sign.pem"
signing_key = "merchant-sign.key"
exchange_certificate = "merchant-exchange.pem"
exchange_key = "merchant-exchange.key"
gateway_certificate = "gateway-exchange.pem"
gateway = "acquirer"
[[gateway]]
name = "acquirer"
host = "127.0.0.1"
port = 1
transport_id = "shop.example"
)";

struct Kind {
  opb_role role;
  std::string profile;
};

std::array<Kind, 3> Kinds() {
  const std::string head(kHead);
  const std::string organisation = head + std::string(kOrganisation);
  return {{{OPB_ROLE_CONSUMER,
            "wallet_id = \"c\"\nroles = [\"consumer\"]\n" + head + std::string(kConsumer)},
           {OPB_ROLE_MERCHANT,
            "wallet_id = \"m\"\nroles = [\"merchant\"]\n" + organisation + std::string(kMerchant)},
           {OPB_ROLE_PAYMENT_HANDLER, "wallet_id = \"p\"\nroles = [\"payment-handler\"]\n" +
                                          organisation + std::string(kHandler)}}};
}

std::int64_t Now(const opb_host*) { return vectors::kNow * 1000; }
const void* Service(const opb_host*, const char* id) {
  static constexpr opb_host_clock kClock = {Now};
  return std::string_view(id) == OPB_HOST_CLOCK ? &kClock : nullptr;
}
constexpr opb_host kHost = {
    sizeof(opb_host), OPB_ABI_MAJOR, nullptr, {"fuzz, fuzz, 1, 1", 16}, Service};

class Wallets {
 public:
  Wallets() : kinds_(Kinds()) {
    if (!bridge::BuildRuntime()) throw std::runtime_error("no runtime");
    for (std::size_t i = 0; i < kinds_.size(); ++i) Make(i);
  }

  std::string Call(std::size_t wallet, std::string_view request) {
    const auto response = sessions_[wallet]->Call(request);
    Require(response.has_value(), "the store is not lost");
    // Whatever is no query and no refusal has written something.
    if (response->find("<ErrorResponse") == std::string::npos) touched_[wallet] = true;
    return *response;
  }

  // Gives every wallet that an input has changed its first state back.
  void Renew() {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      if (!touched_[i]) continue;
      sessions_[i].reset();
      std::filesystem::remove_all(Path(i));
      std::filesystem::copy(Path(i) + ".first", Path(i));
      Open(i);
    }
  }

 private:
  std::string Path(std::size_t wallet) const {
    return directory_.path() + "/" + std::to_string(wallet);
  }

  void Make(std::size_t wallet) {
    const auto profile =
        bridge::ParseProfile(kinds_[wallet].profile, OPB_VECTORS "/set-1024/pki/profile.toml");
    if (!profile) throw std::runtime_error(bridge::ToText(profile.error().front()));
    bridge::ProvisionOptions options;
    options.now = Now(&kHost);
    if (const auto made = bridge::Provision(Path(wallet) + ".first", *profile, options); !made) {
      throw std::runtime_error(made.error().detail);
    }
    std::filesystem::copy(Path(wallet) + ".first", Path(wallet));
    Open(wallet);
  }

  void Open(std::size_t wallet) {
    auto session =
        bridge::Session::Open(bridge::Host(&kHost), kinds_[wallet].role, Path(wallet), {});
    if (!session) throw std::runtime_error(session.error().diagnostic);
    sessions_[wallet] = *std::move(session);
    touched_[wallet] = false;
  }

  std::array<Kind, 3> kinds_;
  fuzz::TemporaryDirectory directory_;
  std::array<std::unique_ptr<bridge::Session>, 3> sessions_;
  std::array<bool, 3> touched_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr int kMaxCalls = 16;
  static Wallets wallets;
  fuzz::Input input(data, size);
  for (int calls = 0; !input.empty() && calls < kMaxCalls; ++calls) {
    const std::size_t wallet = input.Octet() % 3;
    const std::string_view request = fuzz::Text(input.Until(0));
    const std::string response = wallets.Call(wallet, request);
    Require(schema::ReadResponse(response).has_value(), "an answer is a valid response");
  }
  wallets.Renew();
  return 0;
}
