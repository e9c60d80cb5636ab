// The CompletionCode that ChangeProcessState brings, and what StatusDesc makes of it (RFC 2801,
// 7.16.2; RFC 3538, 8.11; E-70, E-77, E-81, E-86).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "schema/writer.h"

namespace market {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CompletionCodes : public testing::Test {
 protected:
  // Asks for `state` of a payment of `role` that has just begun.
  std::string Change(Role role, const std::string& state, const std::string& code) {
    Purchase purchase = market_.NewPurchase(std::to_string(++purchases_));
    WalkToPReq(purchase);
    const PurchaseOrder& order = purchase.order();
    const std::string pay_ids[] = {order.consumer_pay_id, order.merchant_pay_id,
                                   order.handler_pay_id};
    pay_id_ = pay_ids[static_cast<int>(role)];
    schema::Node call("ChangeProcessState");
    call.Set("PayId", pay_id_).Set("ProcessState", state);
    if (!code.empty()) call.Set("CompletionCode", code);
    return market_.Ask(role, schema::WriteRequest(call, {"The authors, tests, 1.0.0", {}}));
  }

  Market market_;
  std::string pay_id_;
  int purchases_ = 0;
};

constexpr char kRefused[] = "AttValIllegal ChangeProcessState@CompletionCode";

TEST_F(CompletionCodes, OnesThatNoPaymentHasAreIllegal) {
  for (const char* code : {"Foo", "unspecified", "BackOrdered", "DelivCancelled", "Confirmed", "x-",
                           "x-toolongforacode"}) {
    for (const Role role : {Role::kConsumer, Role::kPaymentHandler}) {
      EXPECT_EQ(Verdict(market_, Change(role, "Failed", code)), kRefused) << code;
      EXPECT_THAT(StateOf(market_, role, pay_id_), testing::StartsWith("InProgress")) << code;
    }
  }
  EXPECT_EQ(Verdict(market_, Change(Role::kMerchant, "Failed", "BackOrdered")), kRefused);
  EXPECT_EQ(StateOf(market_, Role::kMerchant, pay_id_), "InProgress 0");
}

TEST_F(CompletionCodes, AreIgnoredUnlessThePaymentFails) {  // E-86
  EXPECT_THAT(Change(Role::kConsumer, "Suspended", "Foo"), HasSubstr("ProcessState=\"Suspended\""));
}

TEST_F(CompletionCodes, DecideWhatStatusDescSays) {
  constexpr char kEnded[] = "The payment was ended before it was completed.";
  constexpr char kByConsumer[] = "The consumer has cancelled the payment.";
  constexpr char kByHandler[] = "The payment handler has cancelled the payment.";
  constexpr char kByMerchant[] = "The merchant has ended the order.";
  constexpr char kLate[] = "The payment was given up: the other side did not answer in time.";
  const struct {
    Role role;
    const char* code;
    const char* recorded;
    const char* sentence;
  } rows[] = {
      {Role::kConsumer, "", "Unspecified", kEnded},
      {Role::kConsumer, "Unspecified", "Unspecified", kEnded},
      {Role::kConsumer, "AuthError", "AuthError", kEnded},
      {Role::kConsumer, "InsuffFunds", "InsuffFunds", kEnded},
      {Role::kConsumer, "InstBrandInvalid", "InstBrandInvalid", kEnded},
      {Role::kConsumer, "ConsCancelled", "ConsCancelled", kByConsumer},
      {Role::kConsumer, "PaymtCancelled", "PaymtCancelled", kByHandler},
      {Role::kConsumer, "MerchCancelled", "MerchCancelled", kByMerchant},
      {Role::kConsumer, "TimedOutRcvr", "TimedOutRcvr", kLate},
      // RFC 2801, 12.2: the bridge does not know what its user means by it.
      {Role::kConsumer, "x-acme.1", "Unspecified", kEnded},
      {Role::kConsumer, "X-Acme", "Unspecified", kEnded},
      {Role::kPaymentHandler, "", "Unspecified", kEnded},
      {Role::kPaymentHandler, "BadInstrument", "BadInstrument", kEnded},
      {Role::kPaymentHandler, "ConsCancelled", "ConsCancelled", kByConsumer},
      {Role::kPaymentHandler, "PaymtCancelled", "PaymtCancelled", kByHandler},
      {Role::kMerchant, "", "Unspecified", kByMerchant},
      {Role::kMerchant, "MerchCancelled", "MerchCancelled", kByMerchant},
      {Role::kMerchant, "ConsCancelled", "ConsCancelled", kByConsumer},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(Change(row.role, "Failed", row.code),
                AllOf(HasSubstr(std::string("CompletionCode=\"") + row.recorded + "\""),
                      HasSubstr(std::string("StatusDesc=\"") + row.sentence + "\"")))
        << row.code;
  }
}

}  // namespace
}  // namespace market
