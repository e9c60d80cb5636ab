// The counterparties of ../counterparty.h over the parties of this folder.
#include "set/parties.h"

#include <algorithm>

#include "counterparty.h"
#include "set/acquirer.h"
#include "set/cardholder.h"
#include "set/gateway.h"
#include "set/identities.h"
#include "set/merchant.h"

namespace conform {
namespace set {

Party MakeParty(const CounterpartyOptions& options, std::uint64_t salt) {
  Party party;
  party.dice = SeededDice(options.seed * 16 + salt);
  party.now_ms = options.now_ms;
  return party;
}

namespace {

// InstallRecurData of a field line (set-initiation.md, 3).
Value InstallRecur(const std::string& line) {
  const std::string value = line.substr(line.find(' ') + 1);
  Value out;
  if (line.starts_with("SET-InstallTotalTrans:")) {
    out["installRecurInd.installTotalTrans"] = std::stoi(value);
  } else {
    out["installRecurInd.recurring.recurringFrequency"] = std::stoi(value);
    out["installRecurInd.recurring.recurringExpiry"] =
        value.substr(value.find(' ') + 1) + "000000Z";
  }
  return out;
}

}  // namespace

Bargain MakeBargain(const Terms& terms) {
  Bargain bargain;
  bargain.brand = terms.brand;
  const std::string od = OrderHash({{"", terms.order}});
  bargain.od.assign(od.begin(), od.end());
  bargain.purch_amt = PurchAmt(terms.curr_code, terms.amount);
  bargain.lid_m = FromHex(kLidMHex);
  bargain.has_install_recur = !terms.initiation.empty();
  if (bargain.has_install_recur) bargain.install_recur = InstallRecur(terms.initiation);
  return bargain;
}

bool CarriesInstallRecur(const Value& holder, const Bargain& bargain) {
  if (!holder.Has("installRecurData")) return !bargain.has_install_recur;
  const Octets& found = holder.at("installRecurData").der();
  const Octets wanted = Encode("InstallRecurData", bargain.install_recur);
  return std::equal(found.begin() + 1, found.end(), wanted.begin() + 1, wanted.end());
}

Card CertifiedCard() {
  Card card;
  card.pan = kPan;
  card.expiry = kExpiry;
  card.card_secret = FromHex(kCardSecretHex);
  card.pan_secret = FromHex(kPanSecretHex);
  return card;
}

Card PlainCard() {
  Card card;
  card.certified = false;
  card.pan = kPlainPan;
  card.expiry = kExpiry;
  return card;
}

Card CardOf(const Octets& preq) {
  return Read(preq).body().alternative() == "pReqDualSigned" ? CertifiedCard() : PlainCard();
}

Gateway::Options GatewayOptions(const CounterpartyOptions& options) {
  Gateway::Options out;
  out.port = options.gateway_port;
  out.transport_id = kTransportId;
  out.shared_secret = FromHex(kSharedSecretHex);
  out.foreign = ReadIdentity(options.pki, "other-gateway-sign");
  return out;
}

}  // namespace set

namespace {

class TheCardholder : public CardholderPeer {
 public:
  TheCardholder(const CounterpartyOptions& options, const Terms& terms)
      : market_(set::ReadMarket(options.pki)),
        cardholder_(set::MakeParty(options, 1), market_, set::CertifiedCard(),
                    set::MakeBargain(terms)) {}

  Octets PInitReq() override { return cardholder_.PInitReq(); }
  Octets PReq(const Octets& pinitres) override {
    cardholder_.TakePInitRes(pinitres);
    return cardholder_.PReq();
  }
  Octets PReqUnsigned(const Octets& pinitres) override {
    cardholder_.UseCard(set::PlainCard());
    return PReq(pinitres);
  }
  Octets InqReq() override { return cardholder_.InqReq(); }
  std::string PResFault(const Octets& pres) override {
    try {
      if (set::Read(pres).alternative == "inquiryResponse") {
        cardholder_.TakeInqRes(pres);
      } else {
        cardholder_.TakePRes(pres);
      }
      return {};
    } catch (const set::Malformed& fault) {
      return fault.what();
    }
  }

 private:
  set::Market market_;
  set::Cardholder cardholder_;
};

class TheMerchant : public MerchantPeer {
 public:
  TheMerchant(const CounterpartyOptions& options, const Terms& terms)
      : market_(set::ReadMarket(options.pki)),
        merchant_(set::MakeParty(options, 2), market_, set::MakeBargain(terms)) {}

  Octets PInitRes(const Octets& pinitreq) override { return merchant_.PInitRes(pinitreq); }
  Octets PRes(const Octets& preq, Issuer issuer) override {
    merchant_.TakePReq(preq, set::CardOf(preq));
    return merchant_.PRes(4, Code(issuer));
  }
  Octets InqRes(const Octets& inqreq, Issuer issuer) override {
    merchant_.TakeInqReq(inqreq);
    return merchant_.InqRes(4, Code(issuer));
  }

 private:
  static int Code(Issuer issuer) { return issuer == Issuer::kApproves ? 0 : 2; }

  set::Market market_;
  set::Merchant merchant_;
};

class TheGateway : public GatewayPeer {
 public:
  TheGateway(const CounterpartyOptions& options, Issuer issuer)
      : market_(set::ReadMarket(options.pki)),
        gateway_(set::GatewayOptions(options), set::Acquirer(set::MakeParty(options, 3), market_)) {
    SetIssuer(issuer);
  }

  void SetIssuer(Issuer issuer) override {
    gateway_.Always(issuer == Issuer::kApproves   ? set::Manner::kApprove
                    : issuer == Issuer::kDeclines ? set::Manner::kDecline
                                                  : set::Manner::kSilent);
  }
  int connections() const override { return gateway_.connections(); }
  std::vector<Octets> requests() const override { return gateway_.requests(); }

 private:
  set::Market market_;
  set::Gateway gateway_;
};

}  // namespace

std::unique_ptr<CardholderPeer> MakeCardholder(const CounterpartyOptions& options,
                                               const Terms& terms) {
  return std::make_unique<TheCardholder>(options, terms);
}

std::unique_ptr<MerchantPeer> MakeMerchant(const CounterpartyOptions& options, const Terms& terms) {
  return std::make_unique<TheMerchant>(options, terms);
}

std::unique_ptr<GatewayPeer> MakeGateway(const CounterpartyOptions& options, Issuer issuer) {
  return std::make_unique<TheGateway>(options, issuer);
}

std::string OrderHash(const std::string& order) { return set::OrderHash({{"", order}}); }

}  // namespace conform
