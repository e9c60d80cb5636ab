#include "setcore/order.h"

#include <gtest/gtest.h>

#include "setcore/asn1/codec.h"
#include "setcore/messages/purchase_request.h"
#include "unit/setcore/vector_pki.h"

namespace setcore {
namespace {

PurchaseTerms TermsOf(const vectors::File& file) {
  PurchaseTerms terms;
  const std::string od = file.Text("od");
  terms.od.assign(od.begin(), od.end());
  terms.purch_amt = {static_cast<std::uint16_t>(file.Int("purchAmt.currency")),
                     static_cast<std::uint64_t>(file.Int("purchAmt.amount")),
                     static_cast<std::int32_t>(file.Int("purchAmt.amtExp10"))};
  return terms;
}

msg::Nonce Salt(const vectors::File& file) {
  msg::Nonce salt{};
  const Octets octets = file.Hex("odSalt");
  std::copy(octets.begin(), octets.end(), salt.begin());
  return salt;
}

class Order : public testing::TestWithParam<std::string> {
 protected:
  const vectors::File file_ = vectors::Read(OPB_VECTORS "/" + GetParam() + "/03-hodinput-hod.txt");
};

TEST_P(Order, TheVectorComesOutBitForBit) {
  EXPECT_EQ(HodInput(TermsOf(file_), Salt(file_), std::nullopt), file_.Hex("HODInput.der"));
}

TEST_P(Order, AgreementsStandInTheHash) {
  PurchaseTerms terms = TermsOf(file_);
  const auto read = [&] {
    return vectors::Must(
        der::Decode<msg::HODInput>(vectors::Must(HodInput(terms, Salt(file_), std::nullopt))));
  };
  EXPECT_FALSE(read().install_recur_data);
  terms.install_total_trans = 12;
  EXPECT_EQ(std::get<0>(read().install_recur_data->install_recur_ind), 12);
  terms.install_total_trans.reset();
  terms.recurring = initiation::Recurring{31, vectors::kNow};
  const auto recurring = std::get<1>(read().install_recur_data->install_recur_ind);
  EXPECT_EQ(recurring.recurring_frequency, 31);
  EXPECT_EQ(recurring.recurring_expiry.value, vectors::kNow);
  EXPECT_FALSE(read().od_extensions);
}

TEST_P(Order, TermsThatSetCannotSayAreRefused) {
  PurchaseTerms terms = TermsOf(file_);
  terms.install_total_trans = 1;
  EXPECT_FALSE(HodInput(terms, Salt(file_), std::nullopt));
  terms = TermsOf(file_);
  terms.purch_amt.currency = 0;
  EXPECT_FALSE(HodInput(terms, Salt(file_), std::nullopt));
}

INSTANTIATE_TEST_SUITE_P(KeySizes, Order, testing::Values("set-1024", "set-2048"),
                         [](const auto& info) { return info.param.substr(4); });

TEST(OrderAmount, BothFormsSayTheSame) {
  for (const initiation::PurchAmt& value :
       {initiation::PurchAmt{840, 12950, -2}, initiation::PurchAmt{1, 0, 18},
        initiation::PurchAmt{999, initiation::kMaxAmount, -18}}) {
    EXPECT_EQ(PurchAmtOf(AmountOf(value)), value);
  }
}

TEST(OrderAmount, AmountsOutsideOurLimitsAreNotTaken) {
  msg::CurrencyAmount amount = AmountOf({840, initiation::kMaxAmount, 18});
  EXPECT_TRUE(PurchAmtOf(amount));
  amount.amt_exp10 = 19;
  EXPECT_FALSE(PurchAmtOf(amount));
  amount.amt_exp10 = -18;
  EXPECT_TRUE(PurchAmtOf(amount));
  amount.amt_exp10 = -19;
  EXPECT_FALSE(PurchAmtOf(amount));
  amount.amt_exp10 = 0;
  amount.amount = static_cast<std::int64_t>(initiation::kMaxAmount) - 1;
  EXPECT_TRUE(PurchAmtOf(amount));
  amount.amount = static_cast<std::int64_t>(initiation::kMaxAmount) + 1;
  EXPECT_FALSE(PurchAmtOf(amount));
}

}  // namespace
}  // namespace setcore
