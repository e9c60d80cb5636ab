#include "bridge/calls/offer.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "schema/reader.h"

namespace bridge {
namespace {

struct LimitRow {
  const char* curr_code;
  const char* amount;
  const char* blamed;  // the attribute; "" if the money is fine
};

std::ostream& operator<<(std::ostream& out, const LimitRow& row) {
  return out << row.amount << " " << row.curr_code;
}

class Limits : public testing::TestWithParam<LimitRow> {};

// interfaces.md, 3: both ends included; a currency without an entry has no limit.
TEST_P(Limits, HoldAtBothEnds) {
  const std::vector<std::string> currencies = {"USD", "EUR"};
  const std::vector<CurrencyLimit> limits = {{"USD", "0.01", "2000"}};
  Money money;
  money.amount = GetParam().amount;
  money.curr_code = GetParam().curr_code;
  const auto fault = LimitsViolated(money, currencies, limits, "FindPaymentInstrument");
  EXPECT_EQ(fault ? fault->att_name : "", GetParam().blamed);
  EXPECT_EQ(fault ? fault->element_type : "",
            *GetParam().blamed == 0 ? "" : "FindPaymentInstrument");
}

INSTANTIATE_TEST_SUITE_P(
    Profile, Limits,
    testing::Values(LimitRow{"USD", "0.00", "Amount"}, LimitRow{"USD", "0.01", ""},
                    LimitRow{"USD", "0.02", ""}, LimitRow{"USD", "1999.99", ""},
                    LimitRow{"USD", "2000.00", ""}, LimitRow{"USD", "2000.01", "Amount"},
                    LimitRow{"EUR", "999999", ""}, LimitRow{"JPY", "1", "CurrCode"}));

schema::Document Request(const std::string& call) {
  auto document = schema::Read("<IotpPaymentApiRequest>" + call + "</IotpPaymentApiRequest>");
  EXPECT_TRUE(document);
  return std::move(*document);
}

TEST(ReadProtocolBrand, TakesTheElementAndElseTheAttribute) {
  const auto element = Request(
      "<StartPaymentConsumer ProtocolBrandId=\"VISA:Gold:\"><ProtocolBrand ProtocolId=\"SETv1.0\" "
      "ProtocolBrandId=\"VISA:Gold\"/></StartPaymentConsumer>");
  EXPECT_EQ(ReadProtocolBrand(element.call(), {})->Text(), "VISA:Gold");
  const auto attribute = Request("<StartPaymentConsumer ProtocolBrandId=\"MasterCard\"/>");
  EXPECT_EQ(ReadProtocolBrand(attribute.call(), {})->Text(), "MasterCard");
}

TEST(ReadProtocolBrand, ElementAndAttributeDoNotDisagree) {
  const auto both = Request(
      "<StartPaymentConsumer ProtocolBrandId=\"JCB\"><ProtocolBrand ProtocolId=\"SETv1.0\" "
      "ProtocolBrandId=\"VISA:Gold\"/></StartPaymentConsumer>");
  const auto refused = ReadProtocolBrand(both.call(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().response.code, schema::FaultCode::kAttValIllegal);
  EXPECT_EQ(refused.error().response.locations.at(0).element_type, "StartPaymentConsumer");
}

TEST(ReadProtocolBrand, NamesWhatIsMissingOrIllegal) {
  const auto none = Request("<StartPaymentConsumer/>");
  const auto missing = ReadProtocolBrand(none.call(), {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().response.code, schema::FaultCode::kAttMissing);
  EXPECT_EQ(missing.error().response.locations.at(0).att_name, "ProtocolBrandId");
  const auto bad = Request("<StartPaymentConsumer ProtocolBrandId=\"a:b:c:d\"/>");
  EXPECT_EQ(ReadProtocolBrand(bad.call(), {}).error().response.code,
            schema::FaultCode::kAttValIllegal);
}

TEST(CheckDebit, CreditIsNoSetPayment) {  // E-23
  EXPECT_TRUE(CheckDebit(Request("<FindPaymentInstrument PayDirection=\"Debit\"/>").call()));
  const auto credit = Request("<FindPaymentInstrument PayDirection=\"Credit\"/>");
  EXPECT_EQ(CheckDebit(credit.call()).error().response.locations.at(0).att_name, "PayDirection");
}

}  // namespace
}  // namespace bridge
