// Small values that people and programs write: amounts, brands, base64, times, order hashes.  The
// first octet chooses; parts of a value are separated by NUL.
#include <string>
#include <string_view>

#include "bridge/translate/brand_id.h"
#include "bridge/translate/initiation_data.h"
#include "bridge/translate/iotp_time.h"
#include "bridge/translate/money.h"
#include "bridge/translate/order_hash.h"
#include "bridge/translate/packaged_content.h"
#include "fuzz/target.h"
#include "setcore/base64.h"
#include "setcore/initiation/purch_amt.h"

namespace {

using namespace bridge;
using fuzz::Input;
using fuzz::Require;

std::string Next(Input& input) { return std::string(fuzz::Text(input.Until(0))); }

void CheckMoney(Input input) {
  const std::string type = Next(input);
  const std::string code = Next(input);
  const std::string amount = Next(input);
  const auto value = ToPurchAmt(type, code, amount);
  if (!value) {
    Require(!value.error().att_name.empty(), "a refused amount names its attribute");
    return;
  }
  Require(IsAmount(amount), "what has a value is an amount");
  Require(CurrencyCode(value->currency).has_value(), "a currency has a code");
  const std::string text = AmountText(*value);
  const auto again = ToPurchAmt(type, code, text);
  Require(again && CompareAmounts(text, amount) == 0, "an amount written is the same amount");
  Require(CompareAmounts(amount, text) == 0, "equal both ways");
  const auto parsed =
      setcore::initiation::ParsePurchAmt(setcore::initiation::FormatPurchAmt(*value));
  Require(parsed == *value, "SET-PurchAmt written and read: the same");
}

void CheckAmounts(Input input) {
  const std::string left = Next(input);
  const std::string right = Next(input);
  if (const auto purch_amt = setcore::initiation::ParsePurchAmt(left)) {
    Require(setcore::initiation::ParsePurchAmt(setcore::initiation::FormatPurchAmt(*purch_amt)) ==
                purch_amt,
            "SET-PurchAmt read, written and read: the same");
    static_cast<void>(AmountText(*purch_amt));
  }
  if (!IsAmount(left)) return;
  Require(CompareAmounts(left, left) == 0, "an amount equals itself");
  if (IsAmount(right)) {
    const auto order = CompareAmounts(left, right);
    Require(0 <=> order == CompareAmounts(right, left), "amounts compare both ways");
  }
  const setcore::OctetView ratio = input.rest();
  const auto scaled = ReceiptAmount(left, setcore::Octets(ratio.begin(), ratio.end()));
  if (scaled) Require(!scaled->empty(), "a receipt has an amount");
}

void CheckBrands(Input input) {
  const std::string text = Next(input);
  const std::string other = Next(input);
  static_cast<void>(CanonicalBrandId(text));
  if (const auto mapped = DefaultProtocolBrandId(text)) {
    Require(ParseProtocolBrandId(*mapped).has_value(), "a default brand is a brand");
  }
  const auto id = ParseProtocolBrandId(text);
  if (!id) return;
  const auto again = ParseProtocolBrandId(id->id.Text());
  Require(again && again->id == id->id && !again->trailing_colons, "a brand written: the same");
  Require(Matches(id->id, id->id), "a brand matches itself");
  if (const auto own = ParseProtocolBrandId(other)) static_cast<void>(Matches(id->id, own->id));
  static_cast<void>(MatchesCertificate(id->id, other, {}));
}

void CheckBase64(Input input) {
  const std::string_view text = fuzz::Text(input.rest());
  Require(setcore::DecodeBase64(setcore::EncodeBase64(input.rest())) ==
              setcore::Octets(input.rest().begin(), input.rest().end()),
          "encode, decode: the same");
  const auto octets = setcore::DecodeBase64(text);
  if (!octets) return;
  std::string tight(text);
  std::erase_if(tight, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  Require(setcore::EncodeBase64(*octets) == tight, "one spelling only");
}

void CheckTimes(Input input) {
  const std::string from = Next(input);
  const std::string to = Next(input);
  static_cast<void>(CheckValidity(from, to, 1768478400000, "StartPaymentConsumer"));
  const auto ms = ParseIotpTime(from);
  if (!ms) return;
  const std::string written = FormatIotpTime(*ms);
  Require(ParseIotpTime(written) == ms, "a time written: the same");
}

void CheckOrder(Input input) {
  std::vector<OrderContent> contents;
  while (!input.empty() && contents.size() < 16) {
    OrderContent content;
    if ((input.Octet() & 1) != 0) content.name = Next(input);
    content.data = Next(input);
    contents.push_back(std::move(content));
  }
  static_cast<void>(HasDuplicateNames(contents));
  const std::string hash = OrderHash(contents);
  Require(IsOrderHash(hash), "an order hash has its form");
  const auto read = ReadSetOd(MakeSetOd(hash), "StartPaymentPaymentHandler");
  Require(read && *read == hash, "an order hash packed and unpacked: the same");
}

void CheckContent(Input input) {
  PackagedContent packaged;
  packaged.content = Next(input);
  packaged.transform = Next(input);
  packaged.data = std::string(fuzz::Text(input.rest()));
  static_cast<void>(ReadSetOd(packaged, "StartPaymentPaymentHandler"));
  if (const auto octets = ReadSetContent(packaged, "ContinueProcess")) {
    const auto again = ReadSetContent(MakeSetContent(*octets), "ContinueProcess");
    Require(again && *again == *octets, "a message packed and unpacked: the same");
  }
  // The 1st Initiation from what the merchant announced.
  IotpTerms terms;
  terms.protocol_id = kProtocolId;
  terms.protocol_brand_id = {"VISA", "", ""};
  terms.purch_amt = {840, 15753, -2};
  terms.order_hash = "K8kQ0yr3ZrA1m5uPq8Xl9pDqTZk=";
  const setcore::Octets own(20, 1);
  const auto announced = MakePayProtocol(own, &packaged, "MerchantData");
  const setcore::Octets raw(packaged.data.begin(), packaged.data.end());
  static_cast<void>(BuildInitiation(raw, terms));
  if (!announced) return;
  const auto lid_m = AnnouncedLidM(*announced);
  Require(lid_m.has_value(), "the merchant announces a LID-M");
  if (const auto initiation = BuildInitiation(*announced, terms)) {
    Require(initiation->lid_m == lid_m, "the LID-M announced is the LID-M read");
  }
}

constexpr void (*kValues[])(Input) = {CheckMoney, CheckAmounts, CheckBrands, CheckBase64,
                                      CheckTimes, CheckOrder,   CheckContent};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::size_t value = input.Octet() % std::size(kValues);
  kValues[value](input);
  return 0;
}
