#include "bridge/calls/instrument_inquiry.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/calls/instrument.h"
#include "bridge/calls/offer.h"
#include "bridge/calls/passphrase.h"
#include "bridge/texts/texts.h"
#include "bridge/translate/brand_id.h"
#include "bridge/translate/iotp_time.h"
#include "db/instrument_log.h"

namespace bridge {
namespace {

using schema::FaultCode;
using schema::Node;
using Value = db::Result<std::optional<std::string>>;

constexpr std::size_t kShownDigits = 4;  // of an account number
constexpr std::size_t kMonthAt = 4;      // in YYYYMM

struct Question {
  const Call& call;
  const InstrumentConfig& instrument;
  std::int64_t number = 0;  // of the recorded payment, 0 is the most recent one
};

Value Expiration(const Question& question) {
  const auto card = question.call.keyring->CardOf(question.instrument.id);
  if (!card) return std::nullopt;
  const std::string_view expiry = (*card)->expiry.view();
  return fmt::format("{}-{}", expiry.substr(0, kMonthAt), expiry.substr(kMonthAt));
}

Value Identifier(const Question& question) {
  const auto card = question.call.keyring->CardOf(question.instrument.id);
  if (!card) return std::nullopt;
  const std::string_view pan = (*card)->pan.view();
  const std::size_t hidden = pan.size() - std::min(kShownDigits, pan.size());
  return std::string(hidden, '*').append(pan.substr(hidden));
}

Value PaymentLimit(const Question& question) {
  std::string text;
  for (const CurrencyLimit& limit : question.instrument.limits) {
    if (!text.empty()) text += ", ";
    text += limit.highest + " " + limit.currency;
  }
  if (text.empty()) return std::nullopt;
  return text;
}

Value LogEntries(const Question& question) {
  auto count = question.call.wallet.store->Read([&](db::Reader& reader) {
    return db::CountInstrumentPayments(reader, question.instrument.id);
  });
  if (!count) return tl::unexpected(count.error());
  return std::to_string(*count);
}

db::Result<std::optional<db::InstrumentPayment>> Recorded(const Question& question) {
  return question.call.wallet.store->Read([&](db::Reader& reader) {
    return db::NthInstrumentPayment(reader, question.instrument.id, question.number);
  });
}

Value PayAmount(const Question& question) {
  auto payment = Recorded(question);
  if (!payment) return tl::unexpected(payment.error());
  if (!*payment || !(*payment)->amount) return std::nullopt;
  return fmt::format("{} {}", *(*payment)->amount, (*payment)->curr_code.value_or(""));
}

Value PayParty(const Question& question) {
  auto payment = Recorded(question);
  if (!payment) return tl::unexpected(payment.error());
  if (!*payment || (*payment)->merchant_name.value_or("").empty()) return std::nullopt;
  return (*payment)->merchant_name;
}

Value PayTime(const Question& question) {
  auto payment = Recorded(question);
  if (!payment) return tl::unexpected(payment.error());
  if (!*payment) return std::nullopt;
  return FormatIotpTime((*payment)->started);
}

struct Property {
  std::string_view type;
  Value (*value)(const Question& question) = nullptr;
  LabelText label;
  bool numbered = false;  // the type goes on with the number of a recorded payment
  bool sealed = false;    // only an unlocked wallet knows it
};

constexpr Property kProperties[] = {
    {"PaymentLimit", PaymentLimit, LabelText::kPaymentLimit, false, false},
    {"Expiration", Expiration, LabelText::kExpiration, false, true},
    {"Identifier", Identifier, LabelText::kIdentifier, false, true},
    {"LogEntries", LogEntries, LabelText::kLogEntries, false, false},
    {"PayAmount", PayAmount, LabelText::kPayAmount, true, false},
    {"PayParty", PayParty, LabelText::kPayParty, true, false},
    {"PayTime", PayTime, LabelText::kPayTime, true, false},
};

// n of PayAmountn; "n may negative" (4.4.2): -n counts back as n does.
std::optional<std::int64_t> NumberOf(std::string_view digits) {
  std::int64_t number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  if (number == std::numeric_limits<std::int64_t>::min()) return std::nullopt;  // has no opposite
  return number < 0 ? -number : number;
}

struct Asked {
  std::string type;
  const Property* property = nullptr;
  std::int64_t number = 0;
};

Asked Read(std::string_view written) {
  const std::string type(written);
  for (const Property& property : kProperties) {
    if (!property.numbered && type == property.type) return {type, &property, 0};
    if (!property.numbered || !type.starts_with(property.type)) continue;
    if (const auto number = NumberOf(written.substr(property.type.size()))) {
      return {type, &property, *number};
    }
  }
  return {type};
}

// The predefined property "all" (RFC 3867, Table 3): what is known of the card and of its last
// payment.
std::vector<Asked> Everything() {
  std::vector<Asked> all;
  for (const Property& property : kProperties) {
    all.push_back({fmt::format("{}{}", property.type, property.numbered ? "0" : ""), &property, 0});
  }
  return all;
}

std::vector<Asked> ReadList(std::string_view list) {
  std::vector<Asked> asked;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    const std::string_view type = list.substr(0, end);
    for (Asked& one : type == "all" ? Everything() : std::vector{Read(type)}) {
      if (one.type.empty() || std::ranges::find(asked, one.type, &Asked::type) != asked.end()) {
        continue;
      }
      asked.push_back(std::move(one));
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return asked;
}

// The ProtocolBrand of the request, which may lack it.
Checked<std::optional<ProtocolBrandId>> Accepted(const Call& call) {
  if (call.request().Child("ProtocolBrand") == nullptr) return std::nullopt;
  auto read = ReadProtocolBrand(call.request(), call.wallet.host);
  if (!read) return tl::unexpected(read.error());
  return *std::move(read);
}

// The instrument that is meant; without PaymentInstrumentId the only one of the brand.
Checked<const InstrumentConfig*> Meant(const Call& call) {
  const std::string_view brand_id = call.request().Value("BrandId");
  const auto accepted = Accepted(call);
  if (!accepted) return tl::unexpected(accepted.error());
  const auto id = call.request().Find("PaymentInstrumentId");
  const InstrumentConfig* found = nullptr;
  bool of_brand = false;
  for (const InstrumentConfig& instrument : call.config().instruments) {
    if (instrument.hidden || (id && instrument.id != *id)) continue;
    if (id) found = &instrument;
    if (CanonicalBrandId(instrument.brand_id) != CanonicalBrandId(brand_id)) continue;
    if (*accepted && !FitsBrand(instrument, brand_id, **accepted)) continue;
    if (of_brand) {
      return Refuse(FaultCode::kAttMissing, call.name(), "PaymentInstrumentId",
                    DetailText::kSeveralInstruments);
    }
    of_brand = true;
    found = &instrument;
  }
  if (of_brand) return found;
  if (id && found == nullptr) {
    return Refuse(FaultCode::kAttValIllegal, call.name(), "PaymentInstrumentId",
                  DetailText::kUnknownInstrument);
  }
  return Refuse(FaultCode::kAttValIllegal, call.name(), "BrandId",
                DetailText::kInstrumentOtherBrand);
}

}  // namespace

Written PaymentInstrumentInquiry(const Call& call) {
  const schema::Element& request = call.request();
  if (auto protocol = CheckProtocolId(request); !protocol) return tl::unexpected(protocol.error());
  auto instrument = Meant(call);
  if (!instrument) return tl::unexpected(instrument.error());
  const auto asked = ReadList(request.Value("PropertyTypeList"));
  if (std::ranges::any_of(asked, [](const Asked& a) { return a.property && a.property->sealed; })) {
    if (auto open = RequireUnlocked(call); !open) return tl::unexpected(open.error());
  }
  const Language language = LanguageOf(request.Value("xml:lang", call.config().language));
  std::string unavailable;
  std::vector<Node> properties;
  for (const auto& [type, property, number] : asked) {
    auto value = property ? property->value({call, **instrument, number}) : Value(std::nullopt);
    if (!value) return tl::unexpected(StorageRefusal(value.error(), call.name()));
    if (!*value) {
      if (!unavailable.empty()) unavailable += ' ';
      unavailable += type;
      continue;
    }
    properties.push_back(Node("PaymentInstrumentProperty")
                             .Set("PropertyType", type)
                             .Set("PropertyValue", **value)
                             .Set("PropertyDesc", Sentence(property->label, language)));
  }
  Node response("PaymentInstrumentInquiryResponse");
  response.Set("xml:lang", Tag(language)).SetIf("UnavailablePropertyList", unavailable);
  for (Node& property : properties) response.Add(std::move(property));
  return Render(call, response);
}

}  // namespace bridge
