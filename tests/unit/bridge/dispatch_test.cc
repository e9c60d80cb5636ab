#include "bridge/dispatch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "schema/attributes.h"

namespace bridge {
namespace {

// RFC 3867, Table 1, and the element list of the request, with both spellings of E-98; who plays
// what of it here: RFC 3538, 7.1 to 7.5; interfaces.md, 5.  A locked wallet answers what needs no
// secret, whatever a request brings (interfaces.md, 3, "Passphrase").
enum class Answers { kNever, kLocked, kUnlocked };

struct Expected {
  std::string_view element;
  opb_role roles;
  Answers answers;
};

constexpr opb_role kC = OPB_ROLE_CONSUMER;
constexpr opb_role kM = OPB_ROLE_MERCHANT;
constexpr opb_role kP = OPB_ROLE_PAYMENT_HANDLER;

constexpr Expected kExpected[] = {
    {"FindAcceptedPaymentBrand", kM, Answers::kLocked},
    {"FindAcceptedPaymentProtocol", kM, Answers::kLocked},
    {"GetPaymentInitializationData", kM, Answers::kLocked},
    {"InquireAuthChallenge", kC | kM | kP, Answers::kNever},
    {"Authenticate", kC | kM | kP, Answers::kNever},
    {"CheckAuthResponse", kC | kM | kP, Answers::kNever},
    {"FindPaymentInstrument", kC, Answers::kLocked},
    {"CheckPaymentPossibility", kC, Answers::kLocked},
    {"CheckPaymentPossiblity", kC, Answers::kLocked},
    {"StartPaymentConsumer", kC, Answers::kUnlocked},
    {"StartPaymentPaymentHandler", kP, Answers::kUnlocked},
    {"ResumePaymentConsumer", kC, Answers::kLocked},
    {"ResumePaymentPaymentHandler", kP, Answers::kLocked},
    {"ContinueProcess", kC | kP, Answers::kUnlocked},
    {"ChangeProcessState", kC | kM | kP, Answers::kLocked},
    {"RemovePaymentLog", kC | kM | kP, Answers::kLocked},
    {"PaymentInstrumentInquiry", kC, Answers::kLocked},
    {"InquirePendingPayment", kC | kP, Answers::kLocked},
    {"CheckPaymentReceipt", kC | kP, Answers::kLocked},
    {"ExpandPaymentReceipt", kC | kP, Answers::kLocked},
    {"InquireProcessState", kC | kM | kP, Answers::kLocked},
    {"StartPaymentInquiry", kC, Answers::kUnlocked},
    {"InquirePaymentStatus", kP, Answers::kUnlocked},
    {"ManagePaymentSoftware", kC | kM | kP, Answers::kUnlocked},
    {"CallBack", kC | kM | kP, Answers::kNever},
};

TEST(Dispatch, KnowsEveryRequestOfThePaymentApiOnce) {
  std::multiset<std::string_view> rows, expected;
  for (const CallRow& row : Calls()) rows.insert(row.element);
  for (const Expected& call : kExpected) expected.insert(call.element);
  EXPECT_EQ(rows, expected);
}

TEST(Dispatch, EveryCallIsAnsweredByItsRolesAndAsksForThePassphraseWhereItUsesSecrets) {
  for (const Expected& call : kExpected) {
    SCOPED_TRACE(call.element);
    EXPECT_NE(schema::FindElement(call.element), nullptr);
    const auto row = std::ranges::find(Calls(), call.element, &CallRow::element);
    ASSERT_NE(row, Calls().end());
    EXPECT_EQ(row->roles, call.roles);
    EXPECT_EQ(row->answer == nullptr, call.answers == Answers::kNever);
    EXPECT_EQ(row->passphrase == PassphraseRule::kNeeded, call.answers == Answers::kUnlocked);
  }
}

}  // namespace
}  // namespace bridge
