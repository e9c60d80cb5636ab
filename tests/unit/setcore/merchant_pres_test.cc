#include <gtest/gtest.h>

#include "setcore/messages/purchase_response.h"
#include "setcore/messages/receive.h"
#include "unit/setcore/merchant_fixture.h"

namespace setcore {
namespace {

class MerchantPRes : public MerchantTest {
 protected:
  Result<ComposedPRes> Compose(const std::optional<AuthOutcome>& outcome) {
    Pattern random;
    return ComposePRes(Now(random), keys_, terms_, Message("09-preq-dualsigned"), outcome);
  }
  static msg::PResPayload PayloadOf(const Octets& message) {
    const auto received =
        vectors::Must(Receive<msg::SignedData>(message, msg::MessageType::kPRes, std::nullopt));
    const auto data =
        vectors::Must(der::Decode<msg::PResData>(received.message.content_info.content->der));
    return data.p_res_payload_seq.items.at(0);
  }
  AuthOutcome Approved() const {
    AuthOutcome outcome;
    outcome.auth_amt = terms_.purch_amt;
    outcome.auth_date = vectors::kNow;
    return outcome;
  }
};

TEST_P(MerchantPRes, TheApprovedVectorComesOutBitForBit) {
  Pattern random;
  const auto outcome = vectors::Must(
      CheckAuthRes(Now(random), keys_, trust_, Message("10-authreq"), Message("11-authres")));
  const auto made = Compose(outcome);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->message, Message("12-pres"));
  EXPECT_TRUE(made->facts.success);
  EXPECT_EQ(made->facts.field, "AuthCode");
  EXPECT_EQ(made->facts.name, "approved");
  EXPECT_EQ(made->facts.value, 0);
  EXPECT_EQ(made->facts.ratio, (Octets{0x80, 0x00, 0x01}));
  EXPECT_EQ(made->facts.date, vectors::kNow);
}

TEST_P(MerchantPRes, TheDeclinedVectorComesOutBitForBit) {
  Pattern random;
  const auto outcome =
      vectors::Must(CheckAuthRes(Now(random), keys_, trust_, Message("19-declined", "AuthReq."),
                                 Message("19-declined", "AuthRes.")));
  const auto made =
      ComposePRes(Now(random), keys_, unsigned_terms_, Message("18-preq-unsigned"), outcome);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->message, Message("19-declined", "PRes."));
  EXPECT_FALSE(made->facts.success);
  EXPECT_EQ(made->facts.name, "declined");
  EXPECT_EQ(made->facts.value, 2);
}

TEST_P(MerchantPRes, WithoutAnOutcomeTheOrderIsRejected) {
  AuthOutcome error;
  error.authorized_or_refused = false;
  for (const auto& outcome : {std::optional<AuthOutcome>(), std::optional<AuthOutcome>(error)}) {
    const auto made = Compose(outcome);
    ASSERT_TRUE(made);
    EXPECT_FALSE(made->facts.success);
    EXPECT_EQ(made->facts.field, "CompletionCode");
    EXPECT_EQ(made->facts.name, "orderRejected");
    const auto payload = PayloadOf(made->message);
    EXPECT_EQ(payload.completion_code, msg::CompletionCode::kOrderRejected);
    EXPECT_FALSE(payload.results);
  }
}

TEST_P(MerchantPRes, ACaptureIsTheFurthestStage) {
  AuthOutcome outcome = Approved();
  outcome.cap_code = 0;
  outcome.cap_amt = terms_.purch_amt;
  const auto made = Compose(outcome);
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->facts.success);
  EXPECT_EQ(made->facts.field, "CapCode");
  const auto payload = PayloadOf(made->message);
  EXPECT_EQ(payload.completion_code, msg::CompletionCode::kCapturePerformed);
  EXPECT_EQ(payload.results->auth_status->auth_code, msg::AuthCode::kApproved);
  EXPECT_EQ(payload.results->cap_status->cap_ratio, payload.results->auth_status->auth_ratio);

  outcome.cap_code = static_cast<int>(msg::CapCode::kAuthExpired);
  const auto refused = Compose(outcome);
  ASSERT_TRUE(refused);
  EXPECT_TRUE(refused->facts.success);
  EXPECT_EQ(refused->facts.field, "AuthCode");
  EXPECT_EQ(PayloadOf(refused->message).completion_code,
            msg::CompletionCode::kAuthorizationPerformed);
  EXPECT_FALSE(PayloadOf(refused->message).results->cap_status);
}

TEST_P(MerchantPRes, EveryAuthCodeButApprovedIsARefusal) {
  for (int code = 0; code <= 16; ++code) {
    AuthOutcome outcome = Approved();
    outcome.auth_code = code;
    const auto made = Compose(outcome);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->facts.success, code == 0);
    EXPECT_EQ(made->facts.value, code);
  }
  AuthOutcome unknown = Approved();
  unknown.auth_code = 17;
  EXPECT_FALSE(Compose(unknown));
}

TEST_P(MerchantPRes, ThePartThatWasAuthorizedIsARatio) {
  AuthOutcome outcome = Approved();
  terms_.purch_amt = {840, 1000, -2};
  outcome.auth_amt = {840, 5, 0};  // half of 10.00
  const auto half = Compose(outcome);
  ASSERT_TRUE(half);
  EXPECT_EQ(half->facts.ratio, (Octets{0x80, 0xFF, 0x01}));
  outcome.auth_amt.currency = 978;
  EXPECT_EQ(Compose(outcome)->facts.ratio, (Octets{0x80, 0x00, 0x01}));
}

TEST_P(MerchantPRes, AnAmountOfZeroHasNoMeaningfulRatio) {
  AuthOutcome outcome = Approved();
  terms_.purch_amt = outcome.auth_amt = {840, 0, -2};
  const auto made = Compose(outcome);
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->facts.success);
  EXPECT_EQ(made->facts.name, "meaninglessRatio");
  const auto payload = PayloadOf(made->message);
  ASSERT_TRUE(payload.results);
  EXPECT_TRUE(payload.results->auth_status->auth_ratio.contents.empty());
}

TEST_P(MerchantPRes, WhatTheAcquirerSaysToTheCardholderIsCopied) {
  AuthOutcome outcome = Approved();
  msg::CurrConv conversion;
  conversion.card_curr = 978;
  outcome.curr_conv = der::MustEncode(conversion);
  outcome.acq_card_msg = File("11-authres").Hex("acq.EncryptedData");
  const auto made = Compose(outcome);
  ASSERT_TRUE(made);
  const auto results = *PayloadOf(made->message).results;
  EXPECT_EQ(results.acq_card_msg->der, *outcome.acq_card_msg);
  EXPECT_EQ(results.auth_status->curr_conv, conversion);
}

INSTANTIATE_TEST_SUITE_P(KeySizes, MerchantPRes, testing::Values("set-1024", "set-2048"),
                         [](const auto& info) { return info.param.substr(4); });

}  // namespace
}  // namespace setcore
