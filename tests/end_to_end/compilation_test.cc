// What a merchant offers and what a consumer can pay with (RFC
// 3538, 7.1, 7.2, 8.2, 8.3).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "schema/reader.h"
#include "setcore/base64.h"

namespace market {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kSecondBrand = R"(
[[brand]]
brand_id = "JCB"
protocol_brand_id = "JCB"
name = "JCB"
logo_url = "https://shop.example/jcb.gif"
narrative = "Doppelte Punkte"
payment_handler_org_id = "till.example"
currencies = ["JPY"]
limits = { JPY = ["1", "500000"] }
)";

class Compilation : public testing::Test {
 protected:
  static Options TwoBrands() {
    Options options;
    options.edit_merchant = [](std::string text) {
      return Replaced(text + std::string(kSecondBrand), "language  = \"en\"", "language  = \"de\"");
    };
    return options;
  }
  std::string Ask(const std::string &request) { return market_.Ask(Role::kMerchant, request); }
  static std::string Money(const std::string &request, const std::string &currency,
                           const std::string &amount) {
    return WithAttribute(WithAttribute(request, "CurrCode", currency), "Amount", amount);
  }
  std::string Brands() { return market_.Draft(purchase_, &Purchase::FindAcceptedPaymentBrand); }
  std::string Protocol() {
    return market_.Draft(purchase_, &Purchase::FindAcceptedPaymentProtocol);
  }

  Market market_{TwoBrands()};
  Purchase purchase_ = market_.NewPurchase("1");
};

TEST_F(Compilation, OffersTheBrandsThatTakeTheMoney) {
  const auto offered = [&](const std::string &currency, const std::string &amount) {
    return Values(Ask(Money(Brands(), currency, amount)), "BrandItem", "BrandId");
  };
  EXPECT_THAT(offered("USD", "157.53"), ElementsAre("VISA"));
  EXPECT_THAT(offered("JPY", "500000"), testing::Contains("JCB"));
  EXPECT_THAT(offered("JPY", "500001"), Not(testing::Contains("JCB")));
  EXPECT_THAT(offered("XOF", "1000"), IsEmpty());
  EXPECT_THAT(
      Values(Ask(WithAttribute(Brands(), "PayDirection", "Credit")), "BrandItem", "BrandId"),
      IsEmpty());
}

TEST_F(Compilation, ABrandHasItsOwnProtocolItem) {
  const std::string jcb = WithAttribute(Money(Protocol(), "JPY", "1000"), "BrandId", "JCB");
  EXPECT_EQ(Verdict(market_, Ask(jcb)), "BusError FindAcceptedPaymentProtocol");
  Ask(Money(Brands(), "USD", "157.53"));  // JCB does not take dollars
  EXPECT_EQ(Verdict(market_, Ask(jcb)), "BusError FindAcceptedPaymentProtocol");
  Ask(Money(Brands(), "JPY", "1000"));
  const std::string response = Ask(jcb);
  const auto document = schema::ReadResponse(response);
  const auto *item = document->call().Child("ProtocolItem");
  ASSERT_NE(item, nullptr) << response;
  EXPECT_EQ(item->Value("ProtocolId"), "SETv1.0");
  EXPECT_EQ(item->Value("ProtocolBrandId"), "JCB");
  EXPECT_EQ(item->Value("xml:lang"), "de");
  EXPECT_THAT(std::string(item->Value("ProtocolName")), HasSubstr("Version 1.0"));
  EXPECT_EQ(item->Child("CurrencyAmount")->Value("Amount"), "1000");
  EXPECT_EQ(item->Child("CurrencyAmount")->Value("CurrCode"), "JPY");
  EXPECT_EQ(item->Child("Brand")->Value("BrandId"), "JCB");
  EXPECT_EQ(item->Children("ProtocolBrand").size(), 1U);  // E-106
  EXPECT_EQ(document->call().Child("BrandItem")->Value("BrandNarrative"), "Doppelte Punkte");
}

TEST_F(Compilation, TheOrderPassesAndEachReceiverGetsItsOwnData) {
  ASSERT_FALSE(purchase_.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase_.FindAcceptedPaymentProtocol()->refused);
  const std::string draft = market_.Draft(purchase_, &Purchase::GetPaymentInitializationData);
  const std::string end = "</GetPaymentInitializationData>";
  const auto with_detail = [&](const std::string &base64) {
    return Replaced(draft, end,
                    "<MerchantData Name=\"SET:SaleDetail\" Transform=\"BASE64\">" + base64 +
                        "</MerchantData>" + end);
  };
  const std::string data = "TradingRoleDataPackagedContent";
  const std::string plain = Ask(draft);
  EXPECT_THAT(Values(plain, data, "Name"), ElementsAre("Payment:SET-OD"));
  EXPECT_EQ(ContentOf(plain, "OrderPackagedContent"), purchase_.order().order);
  EXPECT_THAT(plain, HasSubstr("OkFrom=\"" + purchase_.order().ok_from));
  EXPECT_THAT(plain, HasSubstr("OkTo=\"" + purchase_.order().ok_to));
  const std::string both = Ask(with_detail("MAaDBEFCQ0Q="));
  EXPECT_THAT(Values(both, data, "Name"), ElementsAre("Payment:SET-OD", "Payment:SET-SaleDetail"));
  EXPECT_THAT(both, HasSubstr("MAaDBEFCQ0Q="));
  EXPECT_EQ(Verdict(market_, Ask(with_detail("MAE="))), "ElContIllegal MerchantData");
  EXPECT_EQ(Verdict(market_, Ask(with_detail("%"))), "ElContIllegal MerchantData");
  EXPECT_THAT(Values(Ask(WithAttribute(draft, "ReceiverOrgId", "post.example")), data, "Name"),
              IsEmpty());
  EXPECT_EQ(Verdict(market_, Ask(WithAttribute(Money(draft, "JPY", "1000"), "BrandId", "JCB"))),
            "BusError GetPaymentInitializationData");
}

// RFC 3538, 7.1.3 and RFC 3867, 4.1.3: what stands in the Brand List is copied.
TEST_F(Compilation, TheInitializationCopiesWhatWasOffered) {
  Purchase other = market_.NewPurchase("2");
  ASSERT_FALSE(other.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(other.FindAcceptedPaymentProtocol()->refused);
  const std::string kContent = "PayProtocolPackagedContent";
  const std::string foreign = ContentOf(other.last_response(), kContent);

  const std::string call = "GetPaymentInitializationData";
  ASSERT_FALSE(purchase_.FindAcceptedPaymentBrand()->refused);
  const std::string early = market_.Draft(other, &Purchase::GetPaymentInitializationData);
  EXPECT_EQ(Verdict(market_, Ask(WithAttribute(early, "MerchantPayId", "M-1"))),
            "BusError " + call);
  ASSERT_FALSE(purchase_.FindAcceptedPaymentProtocol()->refused);
  const std::string draft = market_.Draft(purchase_, &Purchase::GetPaymentInitializationData);
  const std::string before = Ledger(market_, Role::kMerchant);
  const struct {
    std::string request;
    std::string verdict;
  } rows[] = {
      {WithAttribute(draft, "ProtocolBrandId", "JCB:Gold"),
       "AttValIllegal ProtocolBrand@ProtocolBrandId"},
      {WithAttribute(draft, "ProtocolBrandId", "VISA:Gold"),
       "AttValIllegal ProtocolBrand@ProtocolBrandId"},
      {WithAttribute(draft, "CurrCode", "EUR"), "AttValIllegal " + call + "@CurrCode"},
      {WithAttribute(draft, "Amount", "157.54"), "AttValIllegal " + call + "@Amount"},
      {WithAttribute(draft, "Amount", "157.530"), "AttValIllegal " + call + "@Amount"},  // E-16
      {WithContent(draft, kContent, "AAAA"), "ElContIllegal " + kContent},
      {WithContent(draft, kContent, foreign), "ElContIllegal " + kContent},
  };
  for (const auto &row : rows) {
    EXPECT_EQ(Verdict(market_, Ask(row.request)), row.verdict) << row.request;
  }
  const std::string twice =
      Replaced(draft, "<" + kContent,
               "<" + kContent + " Transform=\"BASE64\">AAAA</" + kContent + "><" + kContent);
  EXPECT_EQ(Verdict(market_, Ask(twice)), "ElUnexpected " + kContent);
  EXPECT_EQ(Ledger(market_, Role::kMerchant), before);
  EXPECT_EQ(Verdict(market_, Ask(draft)), call + "Response");
}

// A Brand List may name a brand at several prices, each with its own LID-M; the payment has that of
// the one which was chosen.
TEST_F(Compilation, OfSeveralOffersEachMayBeChosen) {
  const auto initiation = [](const std::string &request, const std::string &lid_m) {
    const std::string call = "FindAcceptedPaymentProtocol";
    const std::string text = "SET-LID-M: " + lid_m + "\r\n";
    const setcore::Octets octets(text.begin(), text.end());
    const std::string data = "<MerchantData Name=\"SET:Initiation\" Transform=\"BASE64\">" +
                             setcore::EncodeBase64(octets) + "</MerchantData>";
    const std::size_t end = request.find("/>", request.find('<' + call));
    return request.substr(0, end) + ">" + data + "</" + call + ">" + request.substr(end + 2);
  };
  const std::string kContent = "PayProtocolPackagedContent";
  ASSERT_FALSE(purchase_.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase_.FindAcceptedPaymentProtocol()->refused);
  const std::string ask = Protocol();
  const std::string first = ContentOf(Ask(initiation(ask, "A1A1")), kContent);
  const std::string second =
      ContentOf(Ask(initiation(WithAttribute(ask, "Amount", "150.00"), "B2B2")), kContent);
  ASSERT_NE(first, second);
  const std::string draft = market_.Draft(purchase_, &Purchase::GetPaymentInitializationData);
  const auto choose = [&](const std::string &amount, const std::string &content) {
    return Verdict(market_,
                   Ask(WithContent(WithAttribute(draft, "Amount", amount), kContent, content)));
  };
  EXPECT_EQ(choose("157.53", second), "ElContIllegal " + kContent);
  EXPECT_EQ(choose("150.00", first), "ElContIllegal " + kContent);
  const auto lid_m = [&] {
    return Query(market_.WalletDb(Role::kMerchant),
                 "SELECT hex(lid_m) FROM payment WHERE pay_id = 'M-1'")[0][0];
  };
  EXPECT_EQ(choose("157.53", first), "GetPaymentInitializationDataResponse");
  EXPECT_EQ(lid_m(), "A1A1");
  EXPECT_EQ(choose("150.00", second), "GetPaymentInitializationDataResponse");
  EXPECT_EQ(lid_m(), "B2B2");
}

TEST(TradingRoleData, TheSaleDetailGoesIntoTheSale) {
  Options options;
  options.edit_handler = [](std::string text) { return text + "\n[policy]\ncapture_now = true\n"; };
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  ASSERT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  ASSERT_FALSE(purchase.GetPaymentInitializationData()->refused);
  ASSERT_FALSE(purchase.FindPaymentInstrument()->refused);
  ASSERT_FALSE(purchase.StartPaymentConsumer()->refused);
  const std::string draft = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  const std::string first = "<TradingRoleDataPackagedContent ";
  const auto with = [&](const std::string &name, const std::string &base64) {
    return Replaced(draft, first,
                    first + "Name=\"" + name + "\" Transform=\"BASE64\">" + base64 +
                        "</TradingRoleDataPackagedContent>" + first);
  };
  const auto ask = [&](const std::string &request) {
    return Verdict(market, market.Ask(Role::kPaymentHandler, request));
  };
  const std::string element = "TradingRoleDataPackagedContent";
  EXPECT_EQ(ask(with("Payment:SET-SaleDetail", "MAE=")), "ElContIllegal " + element);
  EXPECT_EQ(ask(with("SET-SaleDetail", "MAA=")), "AttValIllegal " + element + "@Name");
  EXPECT_EQ(ask(Replaced(with("Payment:SET-SaleDetail", "MAA="), "Payment:SET-SaleDetail",
                         "Payment:SET-OD")),
            "AttValIllegal " + element + "@Transform");
  EXPECT_EQ(ask(WithAttribute(with("Payment:Loyalty", "MAA="), "PaymentHandlerPayId", "P-2")),
            "StartPaymentPaymentHandlerResponse Continue, with PInitRes");
  EXPECT_THAT(market.log(), testing::Contains(HasSubstr("Payment:Loyalty is ignored")));
  const std::string started =
      market.Ask(Role::kPaymentHandler, with("Payment:SET-SaleDetail", "MAaDBEFCQ0Q="));
  const std::string preq = market.Ask(
      Role::kConsumer, ContinueRequest("C-1", ContentOf(started, "PaySchemePackagedContent")));
  EXPECT_EQ(ask(ContinueRequest("P-1", ContentOf(preq, "PaySchemePackagedContent"))),
            "ContinueProcessResponse End, with PRes success");
}

// RFC 3538, 6.1.2: the merchant offers two brands, the consumer selects one and tells the merchant,
// and only then does the merchant's GetPaymentInitializationData come, with what the selection
// carried (7.1.3).
TEST(BrandDependent, TheConsumerSelectsBeforeTheMerchantInitializes) {
  Options options;
  options.edit_merchant = [](std::string text) {
    return text + Replaced(Replaced(std::string(kSecondBrand), "[\"JPY\"]", "[\"JPY\", \"USD\"]"),
                           "limits = { JPY", "limits = { USD = [\"1\", \"5000\"], JPY");
  };
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  const auto of_jcb = [](const std::string &draft) {
    return WithAttribute(WithAttribute(draft, "ProtocolBrandId", "JCB"), "BrandId", "JCB");
  };

  // Merchant: the TPO message offers both brands.
  ASSERT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  EXPECT_THAT(Values(purchase.last_response(), "BrandItem", "BrandId"), ElementsAre("VISA", "JCB"));
  ASSERT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  const std::string other = market.Ask(
      Role::kMerchant, WithAttribute(market.Draft(purchase, &Purchase::FindAcceptedPaymentProtocol),
                                     "BrandId", "JCB"));
  EXPECT_THAT(Values(other, "ProtocolItem", "ProtocolBrandId"), ElementsAre("JCB"));

  // Consumer: there is a card for one of them; the TPO Selection message names it.
  const std::string cards =
      market.Ask(Role::kConsumer, of_jcb(market.Draft(purchase, &Purchase::FindPaymentInstrument)));
  EXPECT_EQ(Verdict(market, cards), "FindPaymentInstrumentResponse");
  EXPECT_THAT(Values(cards, "PayInstrument", "Id"), IsEmpty());
  ASSERT_FALSE(purchase.FindPaymentInstrument()->refused);
  EXPECT_THAT(Values(purchase.last_response(), "PayInstrument", "Id"), Not(IsEmpty()));
  ASSERT_FALSE(purchase.CheckPaymentPossibility()->refused);

  // Merchant: the Offer Response. SET/IOTP has no use for what the selection carries.
  const std::string draft = market.Draft(purchase, &Purchase::GetPaymentInitializationData);
  std::string selected;
  for (const char *element :
       {"BrandSelBrandInfoPackagedContent", "BrandSelProtocolAmountInfoPackagedContent",
        "BrandSelCurrencyAmountInfoPackagedContent"}) {
    selected += std::string("<") + element + " Name=\"Selected\">points 7</" + element + ">";
  }
  const auto with_selection = [&](const std::string &request) {
    const std::size_t end = request.find("</OrderPackagedContent>") + 23;
    return request.substr(0, end) + selected + request.substr(end);
  };
  const std::string offered = market.Ask(Role::kMerchant, with_selection(draft));
  EXPECT_EQ(Verdict(market, offered), "GetPaymentInitializationDataResponse");
  EXPECT_EQ(ContentOf(offered, "OrderPackagedContent"), purchase.order().order);
  ASSERT_FALSE(purchase.GetPaymentInitializationData()->refused);
  EXPECT_EQ(purchase.last_response(), offered);

  // From here on as in the brand independent purchase.
  for (const auto step : {&Purchase::StartPaymentConsumer, &Purchase::StartPaymentPaymentHandler,
                          &Purchase::ContinueConsumerPInitRes, &Purchase::ContinuePaymentHandler,
                          &Purchase::ContinueConsumerPRes, &Purchase::CheckPaymentReceipt}) {
    const auto result = (purchase.*step)();
    ASSERT_TRUE(result) << result.error();
    ASSERT_FALSE(result->refused) << purchase.last_response();
  }
  ASSERT_FALSE(purchase.ChangeProcessState(Role::kConsumer, "CompletedOk")->refused);
  EXPECT_EQ(StateOf(market, Role::kConsumer, purchase), "CompletedOk 100");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "CompletedOk 100");
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

// RFC 3538, 6.2: of a Value Exchange, SET makes the first payment; the second PayId is a Credit and
// goes another way (E-23, E-113).
TEST(CashAdvance, TheSetLegIsPaidAndTheOtherIsRefused) {
  Market market;
  Purchase advance = market.NewPurchase("1");
  Purchase cash = market.NewPurchase("2");
  const auto credit = [](const std::string &draft) {
    return WithAttribute(draft, "PayDirection", "Credit");
  };
  EXPECT_THAT(Values(market.Ask(Role::kMerchant,
                                credit(market.Draft(cash, &Purchase::FindAcceptedPaymentBrand))),
                     "BrandItem", "BrandId"),
              IsEmpty());
  Walk(advance);
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, advance), "CompletedOk 100");
  ASSERT_FALSE(cash.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(cash.FindAcceptedPaymentProtocol()->refused);
  ASSERT_FALSE(cash.GetPaymentInitializationData()->refused);
  ASSERT_FALSE(cash.FindPaymentInstrument()->refused);
  struct Leg {
    Role role;
    std::string call;
    Purchase::Result (Purchase::*step)();
  };
  const Leg legs[] = {
      {Role::kMerchant, "FindAcceptedPaymentProtocol", &Purchase::FindAcceptedPaymentProtocol},
      {Role::kMerchant, "GetPaymentInitializationData", &Purchase::GetPaymentInitializationData},
      {Role::kConsumer, "FindPaymentInstrument", &Purchase::FindPaymentInstrument},
      {Role::kConsumer, "CheckPaymentPossibility", &Purchase::CheckPaymentPossibility},
      {Role::kConsumer, "StartPaymentConsumer", &Purchase::StartPaymentConsumer},
      {Role::kPaymentHandler, "StartPaymentPaymentHandler", &Purchase::StartPaymentPaymentHandler},
  };
  for (const Leg &leg : legs) {
    EXPECT_EQ(Verdict(market, market.Ask(leg.role, credit(market.Draft(cash, leg.step)))),
              "AttValIllegal " + leg.call + "@PayDirection");
  }
}

// The example of RFC 3538, 8.3.2.
TEST(BrandSelection, PrimaryDualAndPromotionalBrandsMatchAsTheExampleSays) {
  Options options;
  options.brand = "MasterCard";
  options.edit_consumer = [](std::string text) {
    const auto card = [](const std::string &id, const std::string &brand,
                         const std::string &protocol_brand) {
      return "\n[[instrument]]\nid = \"" + id + "\"\nname = \"" + id + "\"\nbrand_id = \"" + brand +
             "\"\nprotocol_brand_id = \"" + protocol_brand +
             "\"\npan = \"5500000000000004\"\nexpiry = \"203912\"\n";
    };
    return text + card("2", "MasterCard", "MasterCard::UC") +
           card("3", "MasterCard", "MasterCard::WallMart") + card("4", "VISA", "VISA::UC");
  };
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  ASSERT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  const std::string find = market.Draft(purchase, &Purchase::FindPaymentInstrument);
  const auto found = [&](const std::string &protocol_brand) {
    return Values(
        market.Ask(Role::kConsumer, WithAttribute(find, "ProtocolBrandId", protocol_brand)),
        "PayInstrument", "Id");
  };
  auto primary = found("MasterCard");
  ASSERT_GE(primary.size(), 3U);
  EXPECT_EQ(primary[primary.size() - 2], "2");
  EXPECT_EQ(primary.back(), "3");
  EXPECT_THAT(found("MasterCard::UC"), ElementsAre("2"));
  EXPECT_THAT(found("MasterCard:Gold"), IsEmpty());
  EXPECT_THAT(found("mastercard::WallMart"), ElementsAre("3"));  // E-38
  const std::string check = market.Draft(purchase, &Purchase::CheckPaymentPossibility);
  const std::string dual = WithAttribute(WithAttribute(check, "ProtocolBrandId", "MasterCard::UC"),
                                         "PaymentInstrumentId", "2");
  // E-40: no certificate shows the PCN, and the payment handler would refuse the PReq.
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, dual)),
            "AttValIllegal CheckPaymentPossibility@PaymentInstrumentId");
  const std::string start = market.Draft(purchase, &Purchase::StartPaymentConsumer);
  EXPECT_EQ(
      Verdict(market,
              market.Ask(Role::kConsumer,
                         WithAttribute(WithAttribute(start, "ProtocolBrandId", "MasterCard::UC"),
                                       "PaymentInstrumentId", "2"))),
      "AttValIllegal StartPaymentConsumer@PaymentInstrumentId");
  EXPECT_EQ(
      Verdict(market, market.Ask(Role::kConsumer, WithAttribute(dual, "PaymentInstrumentId", "3"))),
      "AttValIllegal CheckPaymentPossibility@BrandId");
  const std::string possible = WithAttribute(dual, "ProtocolBrandId", "MasterCard");
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, possible)),
            "CheckPaymentPossibilityResponse");
  std::string misspelt = possible;
  for (std::size_t at; (at = misspelt.find("CheckPaymentPossibility")) != std::string::npos;) {
    misspelt.replace(at, 23, "CheckPaymentPossiblity");
  }
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, misspelt)),
            "CheckPaymentPossiblityResponse");
}

// A card without certificate of a promotional brand pays what its handler can check.
TEST(BrandSelection, ACardWithoutCertificatePaysTheOffersOfItsProduct) {
  const auto with = [](std::string_view from, std::string_view to) {
    return [from, to](std::string text) {
      const std::size_t at = text.rfind(from);
      return text.replace(at, from.size(), to);
    };
  };
  Options options;
  options.edit_consumer =
      with("protocol_brand_id = \"VISA\"", "protocol_brand_id = \"VISA:Gold:UC\"");
  options.edit_merchant = options.edit_handler =
      with("protocol_brand_id = \"VISA\"", "protocol_brand_id = \"VISA:Gold\"");
  Market market(options);
  PurchaseOrder order;
  order.protocol_brand_id = "VISA:Gold";
  order.instrument = market.world().pki.brands.front().unsigned_instrument;
  Purchase purchase = market.NewPurchase("1", order);
  Walk(purchase);
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "CompletedOk 100");
}

}  // namespace
}  // namespace market
