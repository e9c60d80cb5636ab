#include "bridge/dispatch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "schema/attributes.h"

namespace bridge {
namespace {

// RFC 3867, Table 1 and the element list of the request, with both spellings of E-98.
constexpr std::array<std::string_view, 25> kRequests = {"FindAcceptedPaymentBrand",
                                                        "FindAcceptedPaymentProtocol",
                                                        "GetPaymentInitializationData",
                                                        "InquireAuthChallenge",
                                                        "Authenticate",
                                                        "CheckAuthResponse",
                                                        "FindPaymentInstrument",
                                                        "CheckPaymentPossibility",
                                                        "CheckPaymentPossiblity",
                                                        "StartPaymentConsumer",
                                                        "StartPaymentPaymentHandler",
                                                        "ResumePaymentConsumer",
                                                        "ResumePaymentPaymentHandler",
                                                        "ContinueProcess",
                                                        "ChangeProcessState",
                                                        "RemovePaymentLog",
                                                        "PaymentInstrumentInquiry",
                                                        "InquirePendingPayment",
                                                        "CheckPaymentReceipt",
                                                        "ExpandPaymentReceipt",
                                                        "InquireProcessState",
                                                        "StartPaymentInquiry",
                                                        "InquirePaymentStatus",
                                                        "ManagePaymentSoftware",
                                                        "CallBack"};

TEST(Dispatch, KnowsEveryRequestOfThePaymentApiOnce) {
  std::multiset<std::string_view> rows;
  for (const CallRow& row : Calls()) rows.insert(row.element);
  EXPECT_EQ(rows, std::multiset<std::string_view>(kRequests.begin(), kRequests.end()));
  for (const CallRow& row : Calls()) {
    EXPECT_NE(schema::FindElement(row.element), nullptr) << row.element;
    EXPECT_NE(row.roles, 0U) << row.element;
  }
}

// RFC 3538, 7.1.4 to 7.1.6; interfaces.md, 5.
TEST(Dispatch, NobodyAnswersAuthenticationOrACallBackSentIn) {
  for (const std::string_view name :
       {"InquireAuthChallenge", "Authenticate", "CheckAuthResponse", "CallBack"}) {
    const auto row =
        std::ranges::find_if(Calls(), [&](const CallRow& r) { return r.element == name; });
    EXPECT_EQ(row->answer, nullptr) << name;
  }
}

// interfaces.md, 3, "Passphrase".
TEST(Dispatch, TheCallsThatUseSecretsNeedThePassphrase) {
  const std::set<std::string_view> needed = {"StartPaymentConsumer", "StartPaymentPaymentHandler",
                                             "ContinueProcess",      "StartPaymentInquiry",
                                             "InquirePaymentStatus", "ManagePaymentSoftware"};
  for (const CallRow& row : Calls()) {
    if (row.answer == nullptr) continue;
    EXPECT_EQ(row.passphrase == PassphraseRule::kNeeded, needed.contains(row.element))
        << row.element;
  }
}

}  // namespace
}  // namespace bridge
