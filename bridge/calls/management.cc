#include "bridge/calls/management.h"

#include <opb.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "bridge/calls/offer.h"
#include "bridge/wallet/abandoned_instruments.h"
#include "bridge/wallet/profile.h"
#include "bridge/wallet/stored_wallet.h"
#include "db/instruments.h"
#include "setcore/base64.h"
#include "setcore/crypto/secret.h"

namespace bridge {
namespace {

using schema::FaultCode;
using schema::Node;

constexpr std::string_view kElement = "BrandPackagedContent";
constexpr std::string_view kInstrumentName = "SET:Instrument";
constexpr std::string_view kCommandLine = "set-bridge provision WALLET_DIR PROFILE.toml";

tl::unexpected<Refusal> Illegal(Detail detail) {
  return Refuse(FaultCode::kElContIllegal, kElement, {}, std::move(detail));
}

// The TOML reader's words are those of `set-bridge provision`.
Detail DetailOf(const TomlProblem& problem) {
  return {DetailText::kInstrumentProblem, {{"place", PlaceOf(problem)}, {"cause", problem.text}}};
}

// The text of the one BrandPackagedContent Name="SET:Instrument".
Checked<setcore::SecretOctets> ReadText(const Call& call) {
  const auto elements = call.request().Children(kElement);
  if (elements.size() != 1) {
    return Refuse(elements.empty() ? FaultCode::kElMissing : FaultCode::kElUnexpected, kElement, {},
                  DetailText::kExactlyOne);
  }
  const schema::Element& element = *elements.front();
  if (element.Value("Name") != kInstrumentName) {
    return Refuse(FaultCode::kAttValIllegal, kElement, "Name",
                  {DetailText::kOnlyValue, {{"value", kInstrumentName}}});
  }
  if (element.Value("Transform") != "BASE64") {
    return setcore::SecretOctets(
        {reinterpret_cast<const std::uint8_t*>(element.text.data()), element.text.size()});
  }
  auto decoded = setcore::DecodeBase64(element.text);
  if (!decoded) return Illegal(DetailText::kNotBase64);
  setcore::SecretOctets text{setcore::OctetView(*decoded)};
  setcore::Cleanse(*decoded);
  return text;
}

std::string_view AsText(const setcore::SecretOctets& octets) {
  return {reinterpret_cast<const char*>(octets.view().data()), octets.size()};
}

// An instrument that new payments may use.
const InstrumentConfig* Usable(const WalletConfig& config, std::string_view id) {
  const InstrumentConfig* instrument = config.FindInstrument(id);
  return instrument == nullptr || instrument->hidden ? nullptr : instrument;
}

Checked<void> CheckBrand(const Call& call, std::string_view brand_id) {
  if (CanonicalBrandId(call.request().Value("BrandId")) == CanonicalBrandId(brand_id)) return {};
  return Refuse(FaultCode::kAttValIllegal, call.name(), "BrandId",
                DetailText::kInstrumentOtherBrand);
}

// What is to be done.
struct Plan {
  Profile profile;  // with the one instrument; for Delete with its id alone
  bool removes = false;
};

Checked<Plan> PlanRemoval(const Call& call, const WalletConfig& config, std::string_view text) {
  auto id = ParseInstrumentId(text, kElement);
  if (!id) return Illegal(DetailOf(id.error()));
  const InstrumentConfig* known = Usable(config, *id);
  if (known == nullptr) return Illegal(DetailText::kUnknownInstrument);
  if (auto same = CheckBrand(call, known->brand_id); !same) return tl::unexpected(same.error());
  Plan plan;
  plan.removes = true;
  plan.profile.config.instruments.push_back(*known);
  return plan;
}

Checked<Plan> PlanStorage(const Call& call, const WalletConfig& config, std::string_view text) {
  auto profile = ParseInstrument(text, kElement, config);
  if (!profile) return Illegal(DetailOf(profile.error().front()));
  const InstrumentConfig& given = profile->config.instruments.front();
  if (auto same = CheckBrand(call, given.brand_id); !same) return tl::unexpected(same.error());
  const bool fresh = call.request().Value("Action") == "New";
  if (fresh && config.FindInstrument(given.id) != nullptr) {
    return Illegal(Usable(config, given.id) != nullptr ? DetailText::kInstrumentTaken
                                                       : DetailText::kInstrumentInUse);
  }
  if (!fresh) {
    const InstrumentConfig* known = Usable(config, given.id);
    if (known == nullptr) return Illegal(DetailText::kUnknownInstrument);
    if (auto same = CheckBrand(call, known->brand_id); !same) return tl::unexpected(same.error());
  }
  return Plan{std::move(*profile), false};
}

// An instrument that is hidden and that no pending payment uses does not keep its id.
Checked<void> GiveBackIds(const Call& call) {
  const auto removed = RemoveAbandonedInstruments(*call.wallet.store);
  if (!removed) return tl::unexpected(StorageRefusal(removed.error(), call.name()));
  KeyringSlot& slot = call.wallet.keyring;
  const bool hides = std::ranges::any_of(slot.Take()->config().instruments,
                                         [](const auto& card) { return card.hidden; });
  if (!*removed && !hides) return {};
  auto renewed = slot.Renew();
  if (!renewed) return tl::unexpected(StorageRefusal(renewed.error(), call.name()));
  return {};
}

db::Result<void> Store(db::Transaction& tx, const Plan& plan, const Safe& safe) {
  const InstrumentConfig& instrument = plan.profile.config.instruments.front();
  if (plan.removes) return db::RetireInstrument(tx, instrument.id);
  return StoreInstrument(tx, instrument, plan.profile.instrument_secrets.front(), safe);
}

}  // namespace

Written ManagePaymentSoftware(const Call& call) {
  const schema::Element& request = call.request();
  const auto action = request.Find("Action");
  if (!action || (call.wallet.roles & OPB_ROLE_CONSUMER) == 0) {
    return Refuse(FaultCode::kReqNotSupp, call.name(), {},
                  {DetailText::kCommandLine, {{"command", kCommandLine}}});
  }
  for (const std::string_view attribute : {"BrandId", "ProtocolId"}) {
    if (auto there = RequireAttribute(request, attribute); !there) {
      return tl::unexpected(there.error());
    }
  }
  if (auto protocol = CheckProtocolId(request); !protocol) return tl::unexpected(protocol.error());
  auto text = ReadText(call);
  if (!text) return tl::unexpected(text.error());

  KeyringSlot& slot = call.wallet.keyring;
  std::unique_lock changing(slot.changing());
  if (*action == "New") {
    if (auto done = GiveBackIds(call); !done) return tl::unexpected(done.error());
  }
  const std::shared_ptr<Keyring> keyring = slot.Take();
  auto plan = *action == "Delete" ? PlanRemoval(call, keyring->config(), AsText(*text))
                                  : PlanStorage(call, keyring->config(), AsText(*text));
  if (!plan) return tl::unexpected(plan.error());
  const Safe safe = {[&](std::string_view place, setcore::OctetView secret) {
                       return keyring->SealForConfiguration(place, secret);
                     },
                     [&](std::string_view place, setcore::OctetView sealed) {
                       return keyring->OpenOfConfiguration(place, sealed);
                     }};
  auto written =
      call.wallet.store->Write([&](db::Transaction& tx) { return Store(tx, *plan, safe); });
  if (!written && written.error().kind == db::ErrorKind::kConflict) {
    return Illegal(DetailText::kInstrumentInUse);
  }
  if (!written) return tl::unexpected(StorageRefusal(written.error(), call.name()));
  if (auto renewed = slot.Renew(); !renewed) {
    return tl::unexpected(StorageRefusal(renewed.error(), call.name()));
  }
  changing.unlock();
  for (const TomlProblem& warning : plan->profile.warnings) {
    call.wallet.host.Log(LogLevel::kWarning, ToText(warning));
  }
  return Render(call, Node("ManagePaymentSoftwareResponse")
                          .Set("Action", *action)
                          .Set("WalletID", keyring->config().wallet_id));
}

}  // namespace bridge
