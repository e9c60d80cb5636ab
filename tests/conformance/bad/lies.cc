#include "lies.h"

#include <chrono>
#include <map>
#include <sstream>

#include "context.h"
#include "set/cardholder.h"
#include "set/identities.h"
#include "set/merchant.h"
#include "set/parties.h"
#include "set/spoils.h"

namespace bad {
namespace {

using conform::set::Value;

std::string AttributeOf(std::string_view request, const std::string& name) {
  const std::string text(request);
  const std::size_t at = FindValue(text, name, 0);
  return at == std::string::npos ? "" : text.substr(at, text.find('"', at) - at);
}

conform::Octets MessageOf(std::string_view request) {
  const auto element = request.find("<PaySchemePackagedContent");
  if (element == std::string_view::npos) return {};
  const auto begin = request.find('>', element) + 1;
  return conform::FromBase64(request.substr(begin, request.find('<', begin) - begin));
}

Value ValueOf(const std::string& text) {
  if (text.starts_with("0x")) return conform::set::FromHex(text.substr(2));
  if (text.starts_with("#")) return std::stoi(text.substr(1));
  return text;
}

void Tell(Value& value, const std::string& field, const std::string& lie) {
  constexpr std::string_view kIds = "transIDs.";
  if (field == "signature") {
    conform::set::FlipSignature(value);
  } else if (lie == "-") {
    value.Remove(field);
  } else if (field.starts_with(kIds)) {  // copied as they are, so that they have to be opened
    Value ids = conform::set::Decode("TransIDs", value.at("transIDs").der());
    ids[field.substr(kIds.size())] = ValueOf(lie);
    value["transIDs"] = ids;
  } else {
    value[field] = ValueOf(lie);
  }
}

}  // namespace

struct Liar::Parties {
  conform::CounterpartyOptions options;
  conform::set::Market market;
  std::map<std::string, conform::set::Spoil> spoil;
  // By the id of the payment.
  std::map<std::string, conform::set::Cardholder> cardholders;
  std::uint64_t merchants = 0;
};

Liar::Liar(const Change& change, const std::filesystem::path& pki) : parties_(new Parties) {
  parties_->options.pki = pki;
  parties_->options.seed = 77;
  parties_->options.now_ms = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  parties_->market = conform::set::ReadMarket(pki);
  std::istringstream types(change.call);
  for (std::string type; std::getline(types, type, ',');) {
    parties_->spoil[type] = [field = change.first, lie = change.second](Value& value) {
      Tell(value, field, lie);
    };
  }
}

Liar::~Liar() { delete parties_; }

std::string Liar::Message(std::string_view request) {
  namespace set = conform::set;
  const auto party = [this](std::uint64_t salt) {
    set::Party out = set::MakeParty(parties_->options, salt);
    out.spoil = parties_->spoil;
    return out;
  };
  conform::Terms terms;
  if (const std::string amount = AttributeOf(request, "Amount"); !amount.empty()) {
    terms.amount = amount;
    terms.curr_code = AttributeOf(request, "CurrCode");
  }
  if (request.find("<StartPaymentConsumer ") != std::string_view::npos) {
    const auto [at, _] = parties_->cardholders.try_emplace(
        AttributeOf(request, "ConsumerPayId"), party(parties_->cardholders.size() + 1),
        parties_->market,
        AttributeOf(request, "PaymentInstrumentId") == conform::kPlainInstrument
            ? set::PlainCard()
            : set::CertifiedCard(),
        set::MakeBargain(terms));
    return conform::Base64(at->second.PInitReq());
  }
  const conform::Octets message = MessageOf(request);
  if (message.empty()) return {};
  const std::string alternative = set::Read(message).alternative;
  if (alternative == "purchaseInitResponse") {
    auto& cardholder = parties_->cardholders.at(AttributeOf(request, "PayId"));
    cardholder.TakePInitRes(message);
    return conform::Base64(cardholder.PReq());
  }
  if (alternative == "purchaseInitRequest") {
    set::Merchant merchant(party(++parties_->merchants + 1000), parties_->market,
                           set::MakeBargain(terms));
    return conform::Base64(merchant.PInitRes(message));
  }
  return {};
}

}  // namespace bad
