// Registered brands that RFC 3538, 8.2.4 does not map to a ProtocolBrandId (E-35): nothing is
// offered or found for them, unless the profile maps them (E-34).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "end_to_end/command.h"
#include "end_to_end/market.h"
#include "end_to_end/verdict.h"

namespace market {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class UnmappedBrand : public testing::TestWithParam<std::string> {
 protected:
  std::string brand() const { return GetParam(); }
  std::string Unmapped() const {
    return "brand.brand_id: \"" + brand() + "\" has no ProtocolBrand";
  }

  // Provisions `wallet` with the merchant's profile, whose one brand has the keys `ids`.
  Ran Provision(const std::string& wallet, const std::string& ids) {
    std::ifstream in(market_.PkiDirectory() + "/merchant.toml");
    const std::string ready{std::istreambuf_iterator<char>(in), {}};
    const std::string profile = market_.PkiDirectory() + "/unmapped.toml";
    std::ofstream(profile) << Replaced(
        ready, "brand_id          = \"VISA\"\nprotocol_brand_id = \"VISA\"\n", ids);
    return SetBridge("provision " + wallet + " " + profile);
  }
  std::vector<std::string> Offered() {
    return Values(
        market_.Ask(Role::kMerchant, market_.Draft(purchase_, &Purchase::FindAcceptedPaymentBrand)),
        "BrandItem", "BrandId");
  }

  Market market_;
  Purchase purchase_ = market_.NewPurchase("1");
};

TEST_P(UnmappedBrand, IsNeitherOfferedNorFound) {
  const Ran refused = Provision(market_.WalletDirectory(Role::kMerchant) + "-2",
                                "brand_id = \"" + brand() + "\"\n");
  EXPECT_NE(refused.status, 0);
  EXPECT_THAT(refused.output, HasSubstr("brand.protocol_brand_id: is missing"));
  EXPECT_THAT(refused.output, HasSubstr(Unmapped()));

  EXPECT_THAT(Offered(), ElementsAre("VISA"));
  const std::string protocol = market_.Draft(purchase_, &Purchase::FindAcceptedPaymentProtocol);
  EXPECT_EQ(
      Verdict(market_, market_.Ask(Role::kMerchant, WithAttribute(protocol, "BrandId", brand()))),
      "AttValIllegal FindAcceptedPaymentProtocol@BrandId");
  ASSERT_FALSE(purchase_.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase_.FindAcceptedPaymentProtocol()->refused);
  const std::string find = market_.Draft(purchase_, &Purchase::FindPaymentInstrument);
  const std::string found = market_.Ask(
      Role::kConsumer,
      WithAttribute(WithAttribute(find, "ProtocolBrandId", brand()), "BrandId", brand()));
  EXPECT_EQ(Verdict(market_, found), "FindPaymentInstrumentResponse");
  EXPECT_THAT(Values(found, "PayInstrument", "Id"), IsEmpty());
}

TEST_P(UnmappedBrand, IsOfferedAsTheProfileMapsIt) {
  market_.CloseWallet(Role::kMerchant);
  const Ran mapped =
      Provision(market_.WalletDirectory(Role::kMerchant),
                "brand_id = \"" + brand() + "\"\nprotocol_brand_id = \"Registrant:Card\"\n");
  EXPECT_EQ(mapped.status, 0) << mapped.output;
  EXPECT_THAT(mapped.output, HasSubstr(Unmapped()));
  market_.OpenWallet(Role::kMerchant);
  EXPECT_THAT(Offered(), ElementsAre(brand()));
  const std::string protocol = market_.Draft(purchase_, &Purchase::FindAcceptedPaymentProtocol);
  const std::string offer =
      market_.Ask(Role::kMerchant, WithAttribute(protocol, "BrandId", brand()));
  EXPECT_THAT(Values(offer, "ProtocolItem", "ProtocolBrandId"), ElementsAre("Registrant:Card"));
}

INSTANTIATE_TEST_SUITE_P(Registered, UnmappedBrand,
                         testing::Values("atCredits", "EZpay", "GeldKarte", "Mondex", "paybox"));

}  // namespace
}  // namespace market
