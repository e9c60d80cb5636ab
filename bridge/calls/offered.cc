#include "bridge/calls/offered.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <ranges>
#include <vector>

#include "setcore/crypto/digest.h"

namespace bridge {
namespace {

using schema::FaultCode;

// A ProtocolItem as it stands in a line: its parts, separated by tabs, which no part holds.
struct Item {
  std::string_view brand_id;
  std::string_view protocol_brand_id;
  std::string_view curr_code;
  std::string_view amount;
  std::string_view pay_protocol;  // SHA-256 of the octets, in hex
};

constexpr std::string_view Item::*kParts[] = {&Item::brand_id, &Item::protocol_brand_id,
                                              &Item::curr_code, &Item::amount, &Item::pay_protocol};

std::string Digest(setcore::OctetView octets) {
  return fmt::format("{:02x}", fmt::join(setcore::crypto::Sha256(octets), ""));
}

// The first piece of `text` up to `end`, which goes with it.
std::string_view TakeUpTo(char end, std::string_view& text) {
  const std::size_t length = std::min(text.find(end), text.size());
  const std::string_view piece = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return piece;
}

std::vector<Item> ItemsOf(const db::Payment& payment, std::string_view brand_id) {
  std::vector<Item> items;
  std::string_view lines;
  if (payment.offered_protocols) lines = *payment.offered_protocols;
  while (!lines.empty()) {
    std::string_view line = TakeUpTo('\n', lines);
    Item item;
    for (const auto part : kParts) item.*part = TakeUpTo('\t', line);
    if (item.brand_id == brand_id) items.push_back(item);
  }
  return items;
}

bool Stands(const std::optional<std::string>& lines, std::string_view line) {
  return lines &&
         fmt::format("\n{}\n", *lines).find(fmt::format("\n{}\n", line)) != std::string::npos;
}

void NoteLine(std::optional<std::string>& lines, std::string_view line) {
  if (Stands(lines, line)) return;
  lines = lines ? fmt::format("{}\n{}", *lines, line) : std::string(line);
}

}  // namespace

void NoteBrand(db::Payment& payment, std::string_view brand_id) {
  NoteLine(payment.offered_brands, brand_id);
}

bool WasOffered(const db::Payment& payment, std::string_view brand_id) {
  return Stands(payment.offered_brands, brand_id);
}

void NoteProtocol(db::Payment& payment, std::string_view brand_id,
                  std::string_view protocol_brand_id, const Money& money,
                  setcore::OctetView pay_protocol) {
  NoteLine(payment.offered_protocols,
           fmt::format("{}\t{}\t{}\t{}\t{}", brand_id, protocol_brand_id, money.curr_code,
                       money.amount, Digest(pay_protocol)));
}

Checked<void> CheckCopied(const schema::Element& call, const db::Payment& payment,
                          std::string_view brand_id, const Offer& offer) {
  std::vector<Item> items = ItemsOf(payment, brand_id);
  if (items.empty()) {
    return Refuse(FaultCode::kBusError, call.name, {}, DetailText::kProtocolNotOffered);
  }
  const std::string protocol_brand_id = offer.protocol_brand_id.Text();
  const std::string digest = Digest(offer.pay_protocol);
  struct Copied {
    std::function<bool(const Item&)> holds;
    FaultCode code;
    std::string_view element_type;
    std::string_view att_name;
  };
  const Copied parameters[] = {
      {[&](const Item& item) { return item.protocol_brand_id == protocol_brand_id; },
       FaultCode::kAttValIllegal, call.Child("ProtocolBrand") ? "ProtocolBrand" : call.name,
       "ProtocolBrandId"},
      {[&](const Item& item) { return item.curr_code == offer.money.curr_code; },
       FaultCode::kAttValIllegal, call.name, "CurrCode"},
      {[&](const Item& item) { return item.amount == offer.money.amount; },  // E-16
       FaultCode::kAttValIllegal, call.name, "Amount"},
      {[&](const Item& item) { return item.pay_protocol == digest; }, FaultCode::kElContIllegal,
       "PayProtocolPackagedContent", ""},
  };
  for (const Copied& parameter : parameters) {
    std::erase_if(items, std::not_fn(parameter.holds));
    if (items.empty()) {
      return Refuse(parameter.code, parameter.element_type, parameter.att_name,
                    DetailText::kNotAsOffered);
    }
  }
  return {};
}

}  // namespace bridge
