// Requests that are good XML and say what cannot be: attributes, identifiers, brands, money, dates,
// contents.  Each is refused by name, and neither payment nor journal changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "bridge/texts/texts.h"
#include "end_to_end/market.h"
#include "end_to_end/refusals.h"
#include "end_to_end/verdict.h"
#include "schema/reader.h"

namespace market {
namespace {

constexpr char kScheme[] = "PaySchemePackagedContent";
constexpr char kProtocol[] = "PayProtocolPackagedContent";
constexpr char kTradingRole[] = "TradingRoleDataPackagedContent";

constexpr char kLimits[] = "limits = { USD = [\"1\", \"200\"] }\n";

// What StartPaymentConsumer and StartPaymentPaymentHandler refuse alike.
std::vector<BadInput> CommonRows(const std::string& good, const std::string& call) {
  const auto with = [&](const char* name, const char* value) {
    return WithAttribute(good, name, value);
  };
  return {
      {"no PayDirection", WithoutAttribute(good, "PayDirection"),
       "AttMissing " + call + "@PayDirection"},
      {"a refund", with("PayDirection", "Credit"), "AttValIllegal " + call + "@PayDirection"},
      {"no direction", with("PayDirection", "Sideways"), "AttValIllegal " + call + "@PayDirection"},
      {"no Amount", WithoutAttribute(good, "Amount"), "AttMissing " + call + "@Amount"},
      {"an empty Amount", with("Amount", ""), "AttValIllegal " + call + "@Amount"},
      {"a negative Amount", with("Amount", "-1"), "AttValIllegal " + call + "@Amount"},
      {"a decimal comma", with("Amount", "157,53"), "AttValIllegal " + call + "@Amount"},
      {"an Amount SET cannot carry", with("Amount", "99999999999999999999"),
       "AttValIllegal " + call + "@Amount"},
      {"less than the limits", with("Amount", "0.99"), "AttValIllegal " + call + "@Amount"},
      {"more than the limits", with("Amount", "200.01"), "AttValIllegal " + call + "@Amount"},
      {"an IOTP currency", with("CurrCodeType", "IOTP"), "AttValIllegal " + call + "@CurrCodeType"},
      {"no currency of ISO 4217", with("CurrCode", "QQQ"), "AttValIllegal " + call + "@CurrCode"},
      {"a currency that is not accepted", with("CurrCode", "GBP"),
       "AttValIllegal " + call + "@CurrCode"},
      {"another version of SET", with("ProtocolId", "SETv2.0"),
       "AttValIllegal " + call + "@ProtocolId"},
      {"a brand nobody has", with("BrandId", "Cowries"), "AttValIllegal " + call + "@BrandId"},
      {"four parts of a brand", with("ProtocolBrandId", "SET:MasterCard::WalMart"),
       "AttValIllegal ProtocolBrand@ProtocolBrandId"},
      {"an attribute of nobody's", With(good, call, "Colour=\"red\""),
       "AttUnexpected " + call + "@Colour"},
      {"another wallet", With(good, call, "WalletID=\"mallory-1\""),
       "AttValIllegal " + call + "@WalletID"},
      {"another wallet, spelled WalletId", With(good, call, "WalletId=\"mallory-1\""),
       "AttValIllegal " + call + "@WalletID"},
      {"OkFrom is no time", with("OkFrom", "tomorrow"), "AttValIllegal " + call + "@OkFrom"},
      {"OkFrom does not exist", with("OkFrom", "2020-02-30T00:00:00Z"),
       "AttValIllegal " + call + "@OkFrom"},
      {"the offer ends before it begins", with("OkTo", "2019-12-31T23:59:59Z"),
       "ElInconsistent " + call + "@OkFrom"},
      {"PayProtocol data without base64", WithContent(good, kProtocol, "***"),
       std::string("ElContIllegal ") + kProtocol},
      {"PayProtocol data without Transform",
       Replaced(good, " Transform=\"BASE64\"", " Transform=\"NONE\""),
       std::string("AttValIllegal ") + kProtocol + "@Transform"},
      {"no PayProtocol data", WithoutElement(good, kProtocol),
       std::string("ElMissing ") + kProtocol},
  };
}

TEST(BadRequest, StartPaymentConsumerRefusesByName) {
  Options options;
  options.edit_consumer = [](std::string text) {
    return Replaced(std::move(text), "[[instrument]]\n",
                    "[[instrument]]\ncurrencies = [\"USD\"]\n" + std::string(kLimits));
  };
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  WalkToStart(purchase);
  const std::string good = market.Draft(purchase, &Purchase::StartPaymentConsumer);
  const std::string call = "StartPaymentConsumer";
  ExpectRefusals(market, Role::kConsumer, CommonRows(good, call));
  ExpectRefusals(market, Role::kConsumer,
                 {{"no ConsumerPayId", WithoutAttribute(good, "ConsumerPayId"),
                   "AttMissing " + call + "@ConsumerPayId"},
                  {"an unknown card", WithAttribute(good, "PaymentInstrumentId", "none"),
                   "AttValIllegal " + call + "@PaymentInstrumentId"},
                  {"a product the card is not", WithAttribute(good, "ProtocolBrandId", "VISA:Gold"),
                   "AttValIllegal " + call + "@BrandId"}});
  // Each reason to refuse is told before the payment starts, in the same words.
  const std::string asked = market.Draft(purchase, &Purchase::CheckPaymentPossibility);
  for (const std::string check : {"CheckPaymentPossibility", "CheckPaymentPossiblity"}) {
    std::string possible = asked;
    if (check == "CheckPaymentPossiblity") {
      possible = Replaced(possible, "<CheckPaymentPossibility", "<" + check);
      possible = Replaced(possible, "</CheckPaymentPossibility", "</" + check);
    }
    const auto with = [&](const char* name, const char* value) {
      return WithAttribute(possible, name, value);
    };
    ExpectRefusals(
        market, Role::kConsumer,
        {{"too much", with("Amount", "200.01"), "AttValIllegal " + check + "@Amount"},
         {"a currency", with("CurrCode", "GBP"), "AttValIllegal " + check + "@CurrCode"},
         {"a product", with("ProtocolBrandId", "VISA:Gold"), "AttValIllegal " + check + "@BrandId"},
         {"an unknown card", with("PaymentInstrumentId", "none"),
          "AttValIllegal " + check + "@PaymentInstrumentId"}});
    EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, possible)), check + "Response");
  }
}

TEST(BadRequest, StartPaymentPaymentHandlerRefusesByName) {
  Options options;
  options.edit_handler = [](std::string text) {
    return Replaced(std::move(text), "[[brand]]\n", "[[brand]]\n" + std::string(kLimits));
  };
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  WalkToStart(purchase);
  ASSERT_FALSE(purchase.StartPaymentConsumer()->refused);
  const std::string good = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  const std::string call = "StartPaymentPaymentHandler";
  ExpectRefusals(market, Role::kPaymentHandler, CommonRows(good, call));
  ExpectRefusals(
      market, Role::kPaymentHandler,
      {{"no PaymentHandlerPayId", WithoutAttribute(good, "PaymentHandlerPayId"),
        "AttMissing " + call + "@PaymentHandlerPayId"},
       {"another shop", WithAttribute(good, "MerchantOrgId", "mall.example"),
        "AttValIllegal " + call + "@MerchantOrgId"},
       {"a product that is not accepted", WithAttribute(good, "ProtocolBrandId", "JCB"),
        "AttValIllegal ProtocolBrand@ProtocolBrandId"},
       {"no Payment:SET-OD", WithoutElement(good, kTradingRole),
        std::string("ElMissing ") + kTradingRole},
       {"TradingRoleData of another payment", Replaced(good, "Payment:SET-OD", "Payment:Other"),
        std::string("ElMissing ") + kTradingRole},
       {"TradingRoleData for a delivery handler",
        Replaced(good, "Payment:SET-OD", "Delivery:SET-OD"),
        std::string("AttValIllegal ") + kTradingRole + "@Name"},
       {"an order hash that is none", WithContent(good, kTradingRole, "c2hvcnQ="),
        std::string("ElContIllegal ") + kTradingRole},
       {"no SET message", WithoutElement(good, kScheme), std::string("ElMissing ") + kScheme},
       {"no base64", WithContent(good, kScheme, "***"), std::string("ElContIllegal ") + kScheme},
       {"an empty message", WithContent(good, kScheme, ""),
        std::string("ElContIllegal ") + kScheme}});
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "absent");
}

// Whether ErrorDesc of a refusal is in `language` all through: its sentence, and no part of an
// English detail behind it.
void ExpectToldIn(bridge::Language language, const std::string& what, const std::string& answer) {
  using bridge::DetailText;
  const auto document = schema::ReadResponse(answer);
  ASSERT_TRUE(document) << what;
  const schema::Element& error = document->call();
  ASSERT_EQ(error.name, "ErrorResponse") << what;
  EXPECT_EQ(error.Value("xml:lang"), bridge::Tag(language)) << what;
  const std::string said(error.Value("ErrorDesc"));
  int code = 0;
  while (schema::Name(static_cast<schema::FaultCode>(code)) != error.Value("ErrorCode")) ++code;
  EXPECT_THAT(said, testing::StartsWith(std::string(
                        bridge::Sentence(static_cast<schema::FaultCode>(code), language))));
  EXPECT_THAT(said, testing::Not(testing::HasSubstr("{"))) << "an argument is missing";
  for (std::size_t i = 1; i < bridge::kDetailTexts; ++i) {
    std::string_view english =
        bridge::Sentence(static_cast<DetailText>(i), bridge::Language::kEnglish);
    while (!english.empty()) {
      const std::string piece(english.substr(0, english.find('{')));
      if (std::ranges::count(piece, ' ') > 1) {
        EXPECT_THAT(said, testing::Not(testing::HasSubstr(piece))) << what;
      }
      english.remove_prefix(std::min(english.find('}'), english.size() - 1) + 1);
    }
  }
}

bridge::programs::Edit Speaking(const std::string& tag) {
  return [tag](std::string text) {
    return Replaced(std::move(text), "language  = \"en\"", "language  = \"" + tag + "\"");
  };
}

TEST(BadRequest, RefusalsAreToldInTheLanguageOfTheWallet) {
  using bridge::Language;
  Options options;
  options.edit_consumer = Speaking("de-CH");
  options.edit_merchant = Speaking("fr");
  options.edit_handler = Speaking("ja");
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  const std::string brands = market.Draft(purchase, &Purchase::FindAcceptedPaymentBrand);
  WalkToStart(purchase);
  const auto expect = [&](Role role, Language language, const std::string& what,
                          const std::string& request) {
    ExpectToldIn(language, what, market.Ask(role, request));
  };
  expect(Role::kMerchant, Language::kFrench, "CurrCode", WithAttribute(brands, "CurrCode", "QQQ"));
  expect(Role::kMerchant, Language::kFrench, "not XML", brands + "<");
  expect(Role::kMerchant, Language::kFrench, "an encoding",
         Replaced(brands, "encoding=\"UTF-8\"", "encoding=\"UTF-16\""));
  const auto rows = [&](Role role, Language language, const std::string& good,
                        const std::string& call) {
    for (const BadInput& row : CommonRows(good, call)) {
      // Without limits in the profile these are no refusals.
      if (row.what.find("limits") != std::string::npos) continue;
      if (row.what == "a currency that is not accepted") continue;
      expect(role, language, row.what, row.request);
    }
  };
  const std::string consumer = market.Draft(purchase, &Purchase::StartPaymentConsumer);
  rows(Role::kConsumer, Language::kGerman, consumer, "StartPaymentConsumer");
  const std::string german =
      market.Ask(Role::kConsumer, WithAttribute(consumer, "PaymentInstrumentId", "none"));
  EXPECT_THAT(german, testing::HasSubstr("\"Der Wert eines Attributs ist unzul\xC3\xA4ssig. (diese "
                                         "Wallet hat kein solches Zahlungsmittel)\""));
  // The operator reads the same in English.
  EXPECT_THAT(market.log(),
              testing::Contains(testing::ContainsRegex(
                  "^1:refused: AttValIllegal .instrument.cc:[0-9]+ UnknownInstrument., "
                  "StartPaymentConsumer "
                  "PaymentInstrumentId: this wallet has no such payment instrument$")));
  ASSERT_FALSE(purchase.StartPaymentConsumer()->refused);
  const std::string handler = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  rows(Role::kPaymentHandler, Language::kJapanese, handler, "StartPaymentPaymentHandler");
  ASSERT_FALSE(purchase.StartPaymentPaymentHandler()->refused);
  const auto preq = purchase.ContinueConsumerPInitRes();
  ASSERT_FALSE(preq->refused);

  // What setcore and the operating system say stands in a frame of the language.
  const std::string authorize = market.Draft(purchase, &Purchase::ContinuePaymentHandler);
  market.StopGateway();
  const std::string unreachable = market.Ask(Role::kPaymentHandler, authorize);
  ExpectToldIn(Language::kJapanese, "no gateway", unreachable);
  EXPECT_THAT(unreachable, testing::HasSubstr("\xE3\x81\xAB\xE6\x8E\xA5\xE7\xB6\x9A"));  // に接続
  market.StartGateway();
  const std::string broken =
      market.Ask(Role::kPaymentHandler, WithContent(authorize, kScheme, "MAMCAQA="));
  ExpectToldIn(Language::kJapanese, "no SET message", broken);
}

// E-116, with the clock that the host gives.
TEST(BadRequest, AnOfferIsTakenInItsTimeOnly) {
  Market market;
  PurchaseOrder order;
  order.ok_from = "2020-01-01T00:00:00Z";
  order.ok_to = "2035-12-31T23:59:59Z";
  Purchase purchase = market.NewPurchase("1", order);
  WalkToStart(purchase);
  const std::string good = market.Draft(purchase, &Purchase::StartPaymentConsumer);
  constexpr std::int64_t kYear = std::int64_t{365} * 86400 * 1000;
  market.SetClockAhead(20 * kYear);
  market.Ask(Role::kConsumer, good);  // after it goes what keep_days keeps no longer
  ExpectRefusals(market, Role::kConsumer,
                 {{"too late", good, "ValueTooSmall StartPaymentConsumer@OkTo"}});
  market.SetClockAhead(-20 * kYear);
  ExpectRefusals(market, Role::kConsumer,
                 {{"too early", good, "ValueTooLarge StartPaymentConsumer@OkFrom"}});
  market.SetClockAhead(0);
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, good)),
            "StartPaymentConsumerResponse Continue, with PInitReq");
}

// The card's certificate is made for two years, the card for three.
TEST(BadRequest, AnExpiredCardPaysNothing) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToStart(purchase);
  const std::string start = market.Draft(purchase, &Purchase::StartPaymentConsumer);
  const std::string check = market.Draft(purchase, &Purchase::CheckPaymentPossibility);
  PurchaseOrder plain;
  plain.instrument = market.world().pki.brands.front().unsigned_instrument;
  Purchase without = market.NewPurchase("2", plain);
  WalkToStart(without);
  const std::string plain_start = market.Draft(without, &Purchase::StartPaymentConsumer);
  // RFC 3538, 7.2.1: those "which the Consumer can use".
  const std::string find = market.Draft(purchase, &Purchase::FindPaymentInstrument);
  const auto expect_listed = [&](bool signing, bool plain_card) {
    const std::string listed = market.Ask(Role::kConsumer, find);
    const auto& brand = market.world().pki.brands.front();
    const auto stands = [&](const std::string& id) {
      return listed.find("Id=\"" + id + "\"") != std::string::npos;
    };
    EXPECT_EQ(stands(brand.instrument), signing);
    EXPECT_EQ(stands(brand.unsigned_instrument), plain_card);
  };
  constexpr std::int64_t kDay = std::int64_t{86400} * 1000;
  expect_listed(true, true);
  market.SetClockAhead(-365 * kDay);
  expect_listed(false, true);
  market.SetClockAhead((2 * 365 + 1) * kDay);
  expect_listed(false, true);
  ExpectRefusals(market, Role::kConsumer,
                 {{"certificate", start, "AttValIllegal StartPaymentConsumer@PaymentInstrumentId"},
                  {"check", check, "AttValIllegal CheckPaymentPossibility@PaymentInstrumentId"}});
  market.SetClockAhead(4 * 366 * kDay);
  expect_listed(false, false);
  ExpectRefusals(market, Role::kConsumer,
                 {{"card", plain_start, "AttValIllegal StartPaymentConsumer@PaymentInstrumentId"}});
}

TEST(BadRequest, AKnownPaymentIsNotStartedAgainWithOtherInputs) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToStart(purchase);
  const std::string consumer = market.Draft(purchase, &Purchase::StartPaymentConsumer);
  ASSERT_FALSE(purchase.StartPaymentConsumer()->refused);
  const std::string handler = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  ASSERT_FALSE(purchase.StartPaymentPaymentHandler()->refused);
  ExpectRefusals(market, Role::kConsumer,
                 {{"another amount", WithAttribute(consumer, "Amount", "157.54"),
                   "AttValIllegal StartPaymentConsumer@ConsumerPayId"}});
  ExpectRefusals(market, Role::kPaymentHandler,
                 {{"another amount", WithAttribute(handler, "Amount", "157.54"),
                   "AttValIllegal StartPaymentPaymentHandler@PaymentHandlerPayId"}});
}

TEST(BadRequest, APaymentThatIsNotHereIsNotFound) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const auto about = [](const std::string& call, const std::string& attributes) {
    return "<IotpPaymentApiRequest><" + call + " " + attributes + "/></IotpPaymentApiRequest>";
  };
  const std::string preq = purchase.preq();
  for (const Role role : {Role::kConsumer, Role::kPaymentHandler}) {
    ExpectRefusals(
        market, role,
        {{"ContinueProcess", ContinueRequest("X-1", preq), "AttValIllegal ContinueProcess@PayId"},
         {"no PayId", WithoutAttribute(ContinueRequest("X-1", preq), "PayId"),
          "AttMissing ContinueProcess@PayId"},
         {"inquiry", about("InquireProcessState", "PayId=\"X-1\""),
          "AttValIllegal InquireProcessState@PayId"},
         {"change", about("ChangeProcessState", "PayId=\"X-1\" ProcessState=\"Failed\""),
          "AttValIllegal ChangeProcessState@PayId"},
         {"a state that is none",
          about("ChangeProcessState", "PayId=\"X-1\" ProcessState=\"Paid\""),
          "AttValIllegal ChangeProcessState@ProcessState"},
         {"receipt",
          Replaced(Replaced(ContinueRequest("X-1", preq, "PRes"), "ContinueProcess",
                            "CheckPaymentReceipt"),
                   "ContinueProcess", "CheckPaymentReceipt"),
          "XmlNotValid CheckPaymentReceipt"}});
  }
}

// A PayId is unique in a wallet over all roles (interfaces, 5).
TEST(BadRequest, APayIdOfAnotherRoleIsRefused) {
  Options options;
  options.handler_is_merchant = true;
  options.edit_handler = [](std::string text) {
    return Replaced(
        Replaced(std::move(text), "[\"payment-handler\"]", "[\"payment-handler\", \"merchant\"]"),
        "bins ", "payment_handler_org_id = \"pay.example\"\nbins ");
  };
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const std::string find = market.Draft(purchase, &Purchase::FindAcceptedPaymentBrand);
  const std::string start = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  EXPECT_EQ(Verdict(market,
                    market.Ask(Role::kPaymentHandler, WithAttribute(find, "MerchantPayId", "M-2"))),
            "FindAcceptedPaymentBrandResponse");
  ExpectRefusals(market, Role::kPaymentHandler,
                 {{"a payment as an order", WithAttribute(find, "MerchantPayId", "P-1"),
                   "AttValIllegal FindAcceptedPaymentBrand@MerchantPayId"},
                  {"an order as a payment", WithAttribute(start, "PaymentHandlerPayId", "M-2"),
                   "AttValIllegal StartPaymentPaymentHandler@PaymentHandlerPayId"},
                  {"an order continued", ContinueRequest("M-2", purchase.preq()),
                   "AttValIllegal ContinueProcess@PayId"}});
  // What belongs to a role that the wallet is not open for is left alone.
  market.CloseWallet(Role::kPaymentHandler);
  market.OpenWallet(Role::kPaymentHandler, OPB_ROLE_MERCHANT);
  const auto about = [](const std::string& call) {
    return "<IotpPaymentApiRequest><" + call + "/></IotpPaymentApiRequest>";
  };
  ExpectRefusals(
      market, Role::kPaymentHandler,
      {{"a payment continued", ContinueRequest("P-1", purchase.preq()),
        "ReqNotSupp ContinueProcess"},
       {"a payment cancelled", about("ChangeProcessState PayId=\"P-1\" ProcessState=\"Failed\""),
        "AttValIllegal ChangeProcessState@PayId"},
       {"a payment looked at", about("InquireProcessState PayId=\"P-1\""),
        "AttValIllegal InquireProcessState@PayId"},
       {"a payment removed", about("RemovePaymentLog PayId=\"P-1\""),
        "AttValIllegal RemovePaymentLog@PayId"}});
}

TEST(BadRequest, ABusyWalletStartsNothingMore) {
  Options options;
  const Edit one_pending = [](std::string text) { return text + "\n[policy]\nmax_pending = 1\n"; };
  options.edit_consumer = options.edit_handler = one_pending;
  Market market(options);
  Purchase first = market.NewPurchase("1");
  WalkToPReq(first);
  Purchase second = market.NewPurchase("2");
  WalkToStart(second);
  ExpectRefusals(market, Role::kConsumer,
                 {{"consumer", market.Draft(second, &Purchase::StartPaymentConsumer),
                   "SystemBusy StartPaymentConsumer, again in 30 s"}});
  const std::string start = WithAttribute(
      market.Draft(first, &Purchase::StartPaymentPaymentHandler), "PaymentHandlerPayId", "P-2");
  ExpectRefusals(market, Role::kPaymentHandler,
                 {{"handler", start, "SystemBusy StartPaymentPaymentHandler, again in 30 s"}});
  ASSERT_FALSE(first.ContinuePaymentHandler()->refused);
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, start)),
            "StartPaymentPaymentHandlerResponse Continue, with PInitRes");
}

TEST(BadRequest, AMessageAboveTheLimitIsTooLarge) {
  Options options;
  options.edit_handler = [](std::string text) {
    return text + "\n[policy]\nmax_message_bytes = 16384\n";
  };
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const auto padded = [&](std::size_t size) {
    std::string text = ContinueRequest("P-1", purchase.preq());
    return text + std::string(size - text.size(), ' ');
  };
  ExpectRefusals(market, Role::kPaymentHandler,
                 {{"one octet above", padded(16385), "MsgTooLarge IotpPaymentApiRequest"}});
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, padded(16384))),
            "ContinueProcessResponse End, with PRes approved");
}

}  // namespace
}  // namespace market
