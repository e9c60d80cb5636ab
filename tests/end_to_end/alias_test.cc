// What the errata let be written in a second way is taken by the module as the first one is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "schema/writer.h"
#include "setcore/base64.h"

namespace market {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPassphrase = "open sesame";

// The steps of a purchase before the consumer's PReq, in their order.
struct Step {
  Purchase::Result (Purchase::*take)();
  Role role;
};
constexpr Step kSteps[] = {
    {&Purchase::FindAcceptedPaymentBrand, Role::kMerchant},
    {&Purchase::FindAcceptedPaymentProtocol, Role::kMerchant},
    {&Purchase::GetPaymentInitializationData, Role::kMerchant},
    {&Purchase::FindPaymentInstrument, Role::kConsumer},
    {&Purchase::CheckPaymentPossibility, Role::kConsumer},
    {&Purchase::StartPaymentConsumer, Role::kConsumer},
    {&Purchase::StartPaymentPaymentHandler, Role::kPaymentHandler},
    {&Purchase::ContinueConsumerPInitRes, Role::kConsumer},
};

enum StepName { kBrand, kProtocol, kData, kInstrument, kPossible, kStart, kHandler, kPInitRes };

std::string Setting(const std::string& request, const std::string& element,
                    const std::string& attribute, const std::string& value) {
  if (request.find(" " + attribute + "=\"") != std::string::npos) {
    return WithAttribute(request, attribute, value);
  }
  return With(request, element, attribute + "=\"" + value + "\"");
}

// `request` with one more line in its PayProtocol data.
std::string WithField(const std::string& request, const std::string& line) {
  constexpr const char* kElement = "PayProtocolPackagedContent";
  auto fields = setcore::DecodeBase64(ContentOf(request, kElement)).value();
  const std::string more = line + "\r\n";
  fields.insert(fields.begin(), more.begin(), more.end());
  return WithContent(request, kElement, setcore::EncodeBase64(fields));
}

enum class How : std::uint8_t { kAttribute, kField, kText };

struct Alias {
  const char* erratum;
  StepName step;
  How how;
  std::string name;   // the attribute, the field's line, or what is replaced
  std::string value;  // of the attribute, or by what it is replaced
  std::string verdict;
};

// The names of the errata are those of the rows; a row whose value is wrong shows that the alias is
// not merely overlooked.
const std::vector<Alias>& Aliases() {
  static const auto& rows = *new std::vector<Alias>{
      {"E-13", kBrand, How::kAttribute, "CurrCodeType", "ISO-4217-A",
       "FindAcceptedPaymentBrandResponse"},
      {"E-13", kProtocol, How::kAttribute, "CurrCodeType", "ISO5217-A",
       "FindAcceptedPaymentProtocolResponse"},
      {"E-13", kInstrument, How::kAttribute, "CurrCodeType", "ISO-4217-A",
       "FindPaymentInstrumentResponse"},
      {"E-15", kStart, How::kField, "SET-Amount: 840 15753 -2", "",
       "StartPaymentConsumerResponse Continue, with PInitReq"},
      {"E-15", kStart, How::kField, "SET-Amount: much", "",
       "EncapProtErr PayProtocolPackagedContent, with Initiation Response"},
      {"E-36", kData, How::kAttribute, "ProtocolBrandId",
       "VISA:", "GetPaymentInitializationDataResponse"},
      {"E-36", kInstrument, How::kAttribute, "ProtocolBrandId",
       "VISA::", "FindPaymentInstrumentResponse"},
      {"E-36", kPossible, How::kAttribute, "ProtocolBrandId",
       "VISA:", "CheckPaymentPossibilityResponse"},
      {"E-36", kStart, How::kAttribute, "ProtocolBrandId",
       "VISA:", "StartPaymentConsumerResponse Continue, with PInitReq"},
      {"E-36", kHandler, How::kAttribute, "ProtocolBrandId",
       "VISA:", "StartPaymentPaymentHandlerResponse Continue, with PInitRes"},
      {"E-36", kHandler, How::kAttribute, "ProtocolBrandId",
       "::", "AttValIllegal ProtocolBrand@ProtocolBrandId"},
      {"E-45", kStart, How::kField, "SET-InstallTotalTrance: 12", "",
       "StartPaymentConsumerResponse Continue, with PInitReq"},
      {"E-45", kStart, How::kField, "SET-InstallTotalTrance: dozen", "",
       "EncapProtErr PayProtocolPackagedContent, with Initiation Response"},
      {"E-46", kStart, How::kField, "SET-Service-URL: http://shop.example/set", "",
       "StartPaymentConsumerResponse Continue, with PInitReq"},
      {"E-48", kPInitRes, How::kAttribute, "Content", "MIME",
       "ContinueProcessResponse Continue, with PReq"},
      {"E-48", kPInitRes, How::kAttribute, "Content", "MIME:application/set-payment",
       "ContinueProcessResponse Continue, with PReq"},
      {"E-48", kStart, How::kAttribute, "Content", "MIME:application/set-payment-initiation",
       "StartPaymentConsumerResponse Continue, with PInitReq"},
      {"E-98", kStart, How::kText, "<StartPaymentConsumer ",
       "<StartPaymentConsumer WalletId=\"alice-1\" ",
       "StartPaymentConsumerResponse Continue, with PInitReq"},
      {"E-98", kStart, How::kText, "<StartPaymentConsumer ",
       "<StartPaymentConsumer WalletId=\"bob\" ", "AttValIllegal StartPaymentConsumer@WalletID"},
      {"E-98", kStart, How::kText, "<StartPaymentConsumer ",
       "<StartPaymentConsumer PassPhrase=\"open sesame\" ",
       "StartPaymentConsumerResponse Continue, with PInitReq"},
      {"E-98", kStart, How::kText, "<StartPaymentConsumer ",
       "<StartPaymentConsumer passphrase=\"wrong\" ",
       "AttValIllegal StartPaymentConsumer@Passphrase"},
      {"E-99", kBrand, How::kText,
       "ContentSoftwareID=", "ContentSoftwareId=", "FindAcceptedPaymentBrandResponse"},
  };
  return rows;
}

class Aliased : public testing::Test {
 protected:
  static Options LockedConsumer() {
    Options options;
    options.passphrases[Role::kConsumer] = kPassphrase;
    return options;
  }
  // The request of `step` of a new purchase; the steps before it are taken.
  std::string RequestOf(Market& market, StepName step) {
    Purchase purchase = market.NewPurchase(std::to_string(++purchases_));
    for (int i = 0; i < step; ++i) EXPECT_FALSE((purchase.*kSteps[i].take)()->refused);
    return market.Draft(purchase, kSteps[step].take);
  }
  std::string Take(Market& market, const Alias& alias) {
    std::string request = RequestOf(market, alias.step);
    switch (alias.how) {
      case How::kAttribute:
        request = Setting(request, "PaySchemePackagedContent", alias.name, alias.value);
        break;
      case How::kField:
        request = WithField(request, alias.name);
        break;
      case How::kText:
        request = Replaced(request, alias.name, alias.value);
        break;
    }
    return Verdict(market, market.Ask(kSteps[alias.step].role, request));
  }
  std::string Change(Market& market, const Purchase& purchase, const std::string& state,
                     const std::string& code = {}) {
    schema::Node call("ChangeProcessState");
    call.Set("PayId", purchase.order().consumer_pay_id).Set("ProcessState", state);
    call.SetIf("CompletionCode", code);
    const std::string answer =
        market.Ask(Role::kConsumer, schema::WriteRequest(call, {"The authors, tests, 1.0.0", {}}));
    EXPECT_EQ(Verdict(market, answer), "ChangeProcessStateResponse") << state;
    const auto row = Query(market.WalletDb(Role::kConsumer),
                           "SELECT ProcessState, CompletionCode FROM payments WHERE PayId = '" +
                               purchase.order().consumer_pay_id + "'")
                         .at(0);
    return row[1].empty() ? row[0] : row[0] + " " + row[1];
  }
  int purchases_ = 0;
};

TEST_F(Aliased, RequestsAreTakenAsTheStrictOnesAre) {
  Market market(LockedConsumer());
  // The first request of a locked wallet carries the passphrase.
  ASSERT_EQ(Take(market, {"", kStart, How::kText, "<StartPaymentConsumer ",
                          "<StartPaymentConsumer Passphrase=\"open sesame\" ", ""}),
            "StartPaymentConsumerResponse Continue, with PInitReq");
  for (const Alias& alias : Aliases()) {
    EXPECT_EQ(Take(market, alias), alias.verdict)
        << alias.erratum << " " << alias.name << " " << alias.value;
  }
}

TEST_F(Aliased, BrandsOfNicosAreTakenInEverySpelling) {  // E-33
  Options options;
  options.brand = "NICOS";
  Market market(options);
  const Alias rows[] = {
      {"E-33", kProtocol, How::kAttribute, "BrandId", "MICOS",
       "FindAcceptedPaymentProtocolResponse"},
      {"E-33", kData, How::kAttribute, "BrandId", "Nicos", "GetPaymentInitializationDataResponse"},
      {"E-33", kInstrument, How::kAttribute, "BrandId", "MICOS", "FindPaymentInstrumentResponse"},
      {"E-33", kStart, How::kAttribute, "BrandId", "Nicos",
       "StartPaymentConsumerResponse Continue, with PInitReq"},
      {"E-33", kHandler, How::kAttribute, "BrandId", "MICOS",
       "StartPaymentPaymentHandlerResponse Continue, with PInitRes"},
  };
  for (const Alias& alias : rows) {
    EXPECT_EQ(Take(market, alias), alias.verdict) << alias.value << " " << alias.step;
  }
}

TEST_F(Aliased, ColonsAtTheEndOfABrandAreDroppedWithAWarning) {  // E-36
  Market market;
  const auto warning = Contains(HasSubstr("ProtocolBrandId ends in a colon"));
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, RequestOf(market, kStart))),
            "StartPaymentConsumerResponse Continue, with PInitReq");
  EXPECT_THAT(market.log(), Not(warning));
  Take(market, {"", kStart, How::kAttribute, "ProtocolBrandId", "VISA:", ""});
  EXPECT_THAT(market.log(), warning);
  EXPECT_THAT(
      Query(market.WalletDb(Role::kConsumer), "SELECT DISTINCT ProtocolBrandId FROM payments"),
      testing::ElementsAre(testing::ElementsAre("VISA")));
}

TEST_F(Aliased, ProcessStatesAreThoseOfRfc3538Too) {  // E-72
  Market market;
  const struct {
    const char* written;
    const char* state;
  } rows[] = {{"Suspend", "Suspended"},
              {"suspended", "Suspended"},
              {"failed", "Failed Unspecified"},
              {"InProgress", "InProgress"},
              {"processerror", "ProcessError"}};
  for (const auto& row : rows) {
    Purchase purchase = market.NewPurchase(row.written);
    WalkToPReq(purchase);
    EXPECT_EQ(Change(market, purchase, row.written), row.state) << row.written;
  }
  Purchase paid = market.NewPurchase("paid");
  WalkToPReq(paid);
  ASSERT_FALSE(paid.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(paid.ContinueConsumerPRes()->refused);
  EXPECT_EQ(Change(market, paid, "CompletedOK"), "CompletedOk");
}

TEST_F(Aliased, CompletionCodesAreThoseOfRfc2801) {  // E-81, E-85
  Market market;
  Purchase declined = market.NewPurchase("1");
  WalkToPReq(declined);
  EXPECT_EQ(Change(market, declined, "Failed", "PaymentDecl"), "Failed Unspecified");
  Purchase cancelled = market.NewPurchase("2");
  WalkToPReq(cancelled);
  EXPECT_EQ(Change(market, cancelled, "Failed", "PaymCancelled"), "Failed PaymtCancelled");
}

TEST_F(Aliased, CheckPaymentPossiblityIsAnsweredAsItIsAsked) {  // M 2
  Market market;
  std::string request = RequestOf(market, kPossible);
  for (int i = 0; i < 2; ++i) request = Replaced(request, "Possibility", "Possiblity");
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, request)),
            "CheckPaymentPossiblityResponse");
}

}  // namespace
}  // namespace market
