// What a merchant's wallet refuses while brands are compiled, and what either side refuses as the
// content of a payment or as its receipt; nothing changes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "end_to_end/market.h"
#include "end_to_end/refusals.h"
#include "end_to_end/verdict.h"

namespace market {
namespace {

TEST(BadOrder, AMerchantOffersWhatItsProfileSays) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  const std::string brands = market.Draft(purchase, &Purchase::FindAcceptedPaymentBrand);
  const std::string early = market.Draft(purchase, &Purchase::FindAcceptedPaymentProtocol);
  const std::string b = "FindAcceptedPaymentBrand";
  const std::string p = "FindAcceptedPaymentProtocol";
  const std::string g = "GetPaymentInitializationData";
  ExpectRefusals(
      market, Role::kMerchant,
      {{"no order", WithoutAttribute(brands, "MerchantPayId"),
        "AttMissing " + b + "@MerchantPayId"},
       {"another shop", WithAttribute(brands, "MerchantOrgId", "mall.example"),
        "AttValIllegal " + b + "@MerchantOrgId"},
       {"no shop", WithoutAttribute(brands, "MerchantOrgId"), "AttMissing " + b + "@MerchantOrgId"},
       {"no money", WithAttribute(brands, "CurrCode", "QQQ"), "AttValIllegal " + b + "@CurrCode"},
       // E-105.
       {"a brand before the brands", early, "BusError " + p}});
  ASSERT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  ExpectRefusals(market, Role::kMerchant,
                 {{"no brand", WithoutAttribute(early, "BrandId"), "AttMissing " + p + "@BrandId"},
                  {"a brand nobody has", WithAttribute(early, "BrandId", "Cowries"),
                   "AttValIllegal " + p + "@BrandId"},
                  {"a refund", WithAttribute(early, "PayDirection", "Credit"),
                   "AttValIllegal " + p + "@PayDirection"}});
  ASSERT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  const std::string data = market.Draft(purchase, &Purchase::GetPaymentInitializationData);
  const std::string content = "<OrderPackagedContent Name=\"a\">x</OrderPackagedContent>";
  const std::string twice = Replaced(data, "</" + g + ">", content + content + "</" + g + ">");
  ExpectRefusals(
      market, Role::kMerchant,
      {{"two contents of one Name", twice, "ElContIllegal OrderPackagedContent@Name"},  // E-30
       {"no receiver", WithoutAttribute(data, "ReceiverOrgId"),
        "AttMissing " + g + "@ReceiverOrgId"},
       {"an offer that ends first", WithAttribute(data, "OkTo", "2019-12-31T23:59:59Z"),
        "ElInconsistent " + g + "@OkFrom"},
       {"no PayProtocol data", WithoutElement(data, "PayProtocolPackagedContent"),
        "ElMissing PayProtocolPackagedContent"}});
}

TEST(BadOrder, AnIllFormedContentIsNamed) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const std::string e = "PaySchemePackagedContent";
  for (const Role role : {Role::kConsumer, Role::kPaymentHandler}) {
    const std::string pay_id = role == Role::kConsumer ? "C-1" : "P-1";
    const std::string good = ContinueRequest(pay_id, purchase.preq());
    const std::string element =
        good.substr(good.find("<" + e), good.find("</ContinueProcess") - good.find("<" + e));
    ExpectRefusals(
        market, role,
        {{"no base64", WithContent(good, e, "***"), "ElContIllegal " + e},
         {"half of a quantum", WithContent(good, e, "MAA"), "ElContIllegal " + e},
         {"nothing", WithContent(good, e, ""), "ElContIllegal " + e},
         {"white space", WithContent(good, e, " \n "), "ElContIllegal " + e},
         {"no Transform", WithoutAttribute(good, "Transform"), "AttValIllegal " + e + "@Transform"},
         {"an unknown Transform", WithAttribute(good, "Transform", "ROT13"),
          "AttValIllegal " + e + "@Transform"},
         {"an unknown Content", WithAttribute(good, "Content", "MIME:image/gif"),
          "AttValIllegal " + e + "@Content"},
         {"two messages", Replaced(good, element, element + element), "ElUnexpected " + e},
         {"an attribute of nobody's", With(good, e, "Colour=\"red\""),
          "AttUnexpected " + e + "@Colour"},
         {"another wallet", With(good, "ContinueProcess", "WalletID=\"mallory-1\""),
          "AttValIllegal ContinueProcess@WalletID"}});
  }
}

TEST(BadOrder, AReceiptIsThePResThatTheWalletHolds) {
  Market market;
  Purchase other = market.NewPurchase("1");
  Walk(other);
  Purchase purchase = market.NewPurchase("2");
  WalkToPReq(purchase);
  ASSERT_FALSE(purchase.ContinuePaymentHandler()->refused);
  const std::string early = market.Draft(purchase, &Purchase::CheckPaymentReceipt);
  ExpectRefusals(market, Role::kConsumer, {{"not yet", early, "BusError PackagedContent"}});
  ASSERT_FALSE(purchase.ContinueConsumerPRes()->refused);
  for (const auto step : {&Purchase::CheckPaymentReceipt, &Purchase::ExpandPaymentReceipt}) {
    const std::string good = market.Draft(purchase, step);
    const std::string call = good.find("CheckPaymentReceipt") == std::string::npos
                                 ? "ExpandPaymentReceipt"
                                 : "CheckPaymentReceipt";
    const std::string e = "PackagedContent";
    ExpectRefusals(
        market, Role::kConsumer,
        {{"no Name", WithoutAttribute(good, "Name"), "AttMissing " + e + "@Name"},  // E-91
         {"another Name", WithAttribute(good, "Name", "Receipt"), "AttValIllegal " + e + "@Name"},
         {"the receipt of another payment", WithContent(good, e, other.pres()), "BusError " + e},
         {"garbage", WithContent(good, e, "MAA="), "BusError " + e},
         {"no base64", WithContent(good, e, "***"), "ElContIllegal " + e},
         {"an unknown payment", WithAttribute(good, "PayId", "X-1"),
          "AttValIllegal " + call + "@PayId"}});
    EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, good)), call + "Response");
  }
}

}  // namespace
}  // namespace market
