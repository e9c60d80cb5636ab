// InqReq and InqRes: those of the vectors, and every check of set-processing.md, 6, with a message
// that fails it.
#include "setcore/messages/inquiry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

#include "setcore/cardholder.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/messages/receive.h"
#include "setcore/pki/certificate_maker.h"
#include "setcore/receipt.h"
#include "unit/setcore/merchant_fixture.h"

namespace setcore {
namespace {

using msg::MessageType;
using vectors::Must;

constexpr std::string_view kSoftware = "setpeer 1.0";

// Both sides of the inquiries of the vectors.
class InquiryTest : public MerchantTest {
 protected:
  Result<ComposedPRes> Answer(const PurchaseRecord& record, OctetView inqreq) {
    Pattern random;
    return ComposeInqRes(Now(random), keys_, trust_, kSoftware, record, inqreq);
  }
  Result<PResFacts> Check(OctetView inqres) {
    Pattern random;
    return CheckInqRes(Now(random), trust_, pinitres_, inqreq_, inqres);
  }
  PurchaseRecord Record() const { return {pinitres_, preq_, pres_}; }
  static ErrorCode CodeOf(const auto& result) { return result ? ErrorCode{} : result.error().code; }

  msg::InqReqData Question() const {
    return Must(der::Decode<msg::InqReqData>(File("13-inqreq-signed").Hex("InqReqData")));
  }
  // The InqReq that asks `data`; `signer` null: unsigned.
  Octets Ask(const msg::InqReqData& data, const pki::CertifiedKey* signer) const {
    msg::InqReq request;
    if (signer != nullptr) {
      request.value =
          treatments::Sign({signer->key, signer->chain}, oid::kInqReqData, Must(der::Encode(data)));
    } else {
      request.value = data;
    }
    return Must(Wrap(MakeHeader(vectors::kNow, "test", data.rrpid, IdsOf(data.trans_ids.value)),
                     MessageType::kInqReq, Must(der::Encode(request))));
  }
  // The InqRes of the vector, changed and signed again by `signer`.
  Octets Tell(const std::function<void(msg::PResData&)>& change,
              const pki::CertifiedKey& signer) const {
    auto data = Must(der::Decode<msg::PResData>(File("14-inqres").Hex("PResData")));
    data.trans_ids.der.clear();
    change(data);
    const auto signed_data =
        treatments::Sign({signer.key, signer.chain}, oid::kPResData, Must(der::Encode(data)));
    return Must(Wrap(MakeHeader(vectors::kNow, "test", data.rrpid, IdsOf(data.trans_ids.value)),
                     MessageType::kInqRes, Must(der::Encode(signed_data))));
  }
  // A cardholder whom the merchant trusts just as well.
  pki::CertifiedKey OtherCardholder() {
    auto root = pki::RootProfile("US", "Test", "Root");
    auto bca = pki::AuthorityProfile(pki::kBca, "US", "VISA", "", "Brand CA");
    auto cca = pki::AuthorityProfile(pki::kCca, "US", "VISA", "Bank", "Cardholder CA");
    auto card = pki::CardholderProfile("US", "VISA", "Bank", "somebody else");
    std::uint64_t serial = 100;
    for (auto* profile : {&root, &bca, &cca, &card}) {
      profile->serial = serial++;
      profile->not_before = vectors::kNow - 1;
      profile->not_after = vectors::kNow + 1;
    }
    auto key = Must(crypto::RsaPrivateKey::Generate(1024));
    const auto r = Must(pki::MakeCertificate(root, key.public_key(), {key}));
    const auto b = Must(pki::MakeCertificate(bca, key.public_key(), {key, r.get()}));
    const auto c = Must(pki::MakeCertificate(cca, key.public_key(), {key, b.get()}));
    const auto leaf = Must(pki::MakeCertificate(card, key.public_key(), {key, c.get()}));
    if (!trust_.AddRoot(r->der())) throw std::runtime_error("root refused");
    return {std::move(key), {leaf, c, b, r}};
  }
  Card SignedCard() const {
    return {"4000000000000002", "203012", secret_, secret_, &cardholder_.key, cardholder_.chain};
  }

  pki::CertifiedKey cardholder_ = vectors::KeyOf(set_, "cardholder");
  Octets secret_ = Octets(20, 0);
  Octets pinitres_ = Message("02-pinitres");
  Octets preq_ = Message("09-preq-dualsigned");
  Octets pres_ = Message("12-pres");
  Octets inqreq_ = Message("13-inqreq-signed");
};

using InquiryVectors = InquiryTest;
INSTANTIATE_TEST_SUITE_P(Sets, InquiryVectors, testing::Values("set-1024", "set-2048"),
                         [](const auto& set) { return set.param.substr(4); });

TEST_P(InquiryVectors, SignedInqReqBitForBit) {
  const auto file = File("13-inqreq-signed");
  vectors::ScriptedRandom random{file.Hex("random.inq-rrpid"), file.Hex("random.chall-c2")};
  const auto inqreq = ComposeInqReq(Now(random), SignedCard(), kSoftware, preq_);
  ASSERT_TRUE(inqreq) << inqreq.error().detail;
  EXPECT_EQ(vectors::ToHex(*inqreq), vectors::ToHex(file.Hex("MessageWrapper")));
  EXPECT_EQ(random.left(), 0U);
}

TEST_P(InquiryVectors, UnsignedInqReqBitForBit) {
  const auto file = File("20-inqreq-unsigned");
  vectors::ScriptedRandom random{file.Hex("random.inq-rrpid"), file.Hex("random.chall-c2")};
  // A card with a certificate asks unsigned about what it bought unsigned.
  const auto inqreq =
      ComposeInqReq(Now(random), SignedCard(), kSoftware, Message("18-preq-unsigned"));
  ASSERT_TRUE(inqreq) << inqreq.error().detail;
  EXPECT_EQ(vectors::ToHex(*inqreq), vectors::ToHex(file.Hex("MessageWrapper")));
}

TEST_P(InquiryVectors, InqResBitForBit) {
  const auto inqres = Answer(Record(), inqreq_);
  ASSERT_TRUE(inqres) << inqres.error().detail;
  EXPECT_EQ(vectors::ToHex(inqres->message), vectors::ToHex(Message("14-inqres")));
  EXPECT_TRUE(inqres->facts.success);
}

TEST_P(InquiryVectors, TheInqResOfTheVectorIsASuccess) {
  const auto facts = Check(Message("14-inqres"));
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_TRUE(facts->success);
  EXPECT_EQ(facts->field, "AuthCode");
  EXPECT_EQ(facts->xid, File("02-pinitres").Hex("random.xid"));
  const auto read = ReadPRes(Message("14-inqres"));
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_TRUE(read->success);
}

class Inquiry : public InquiryTest {};
INSTANTIATE_TEST_SUITE_P(Set, Inquiry, testing::Values("set-1024"));

// --- the merchant
// ---------------------------------------------------------------------------------

std::string CodeName(const Result<ComposedPRes>& answer) {
  return answer ? std::string(answer->facts.name) : "Error: " + answer.error().detail;
}

TEST_P(Inquiry, TheAnswerSaysHowFarThePurchaseIs) {
  PurchaseRecord record = Record();
  EXPECT_EQ(CodeName(Answer(record, inqreq_)), "approved");
  record.reversed = true;
  EXPECT_EQ(CodeName(Answer(record, inqreq_)), "orderRejected");
  EXPECT_FALSE(Answer(record, inqreq_)->facts.success);
  record.reversed = false;
  record.pres = {};
  EXPECT_EQ(CodeName(Answer(record, inqreq_)), "orderReceived");
  record.preq = {};
  EXPECT_EQ(CodeName(Answer(record, inqreq_)), "orderNotReceived");
  record.pinitres = {};
  EXPECT_EQ(CodeName(Answer(record, inqreq_)), "orderNotReceived");
}

TEST_P(Inquiry, ACaptureIsTheFurthestStage) {
  PurchaseRecord record = Record();
  record.captured = vectors::kNow + 60;
  const auto answer = Must(Answer(record, inqreq_));
  EXPECT_EQ(answer.facts.field, "CapCode");
  EXPECT_EQ(answer.facts.name, "success");
  EXPECT_TRUE(Check(answer.message)->success);
  const auto data = Must(ReadPResData(answer.message));
  const msg::PResPayload& payload = data.p_res_payload_seq.items.at(0);
  EXPECT_EQ(payload.completion_code, msg::CompletionCode::kCapturePerformed);
  ASSERT_TRUE(payload.results && payload.results->cap_status);
  EXPECT_EQ(payload.results->cap_status->cap_date.value, vectors::kNow + 60);
  EXPECT_EQ(payload.results->cap_status->cap_code, msg::CapCode::kSuccess);
  EXPECT_EQ(payload.results->cap_status->cap_ratio, payload.results->auth_status->auth_ratio);
  EXPECT_TRUE(payload.results->acq_card_msg);
  // What was reversed, or was never authorized, is not captured whatever the record says.
  record.reversed = true;
  EXPECT_EQ(CodeName(Answer(record, inqreq_)), "orderRejected");
  record.reversed = false;
  record.pres = {};
  EXPECT_EQ(CodeName(Answer(record, inqreq_)), "orderReceived");
}

TEST_P(Inquiry, EveryAnswerOfTheMerchantIsOneThatTheCardholderTakes) {
  for (const bool answered : {true, false}) {
    PurchaseRecord record = Record();
    if (!answered) record.pres = {};
    const auto facts = Check(Must(Answer(record, inqreq_)).message);
    ASSERT_TRUE(facts) << facts.error().detail;
    EXPECT_EQ(facts->success, answered);
  }
}

TEST_P(Inquiry, AnAnswerWithoutAWordOfTheAcquirerHasNone) {
  PurchaseRecord record = Record();
  record.pres = {};
  Pattern random;
  const auto message =
      ReadAcquirerMessage(Now(random), trust_, Must(Answer(record, inqreq_)).message, {});
  ASSERT_TRUE(message) << message.error().detail;
  EXPECT_FALSE(*message);
}

TEST_P(Inquiry, AnotherPurchaseIsOneThatWasNotReceived) {
  msg::InqReqData other = Question();
  other.trans_ids.der.clear();
  other.trans_ids.value.xid[0] ^= 1;
  EXPECT_EQ(CodeName(Answer(Record(), Ask(other, &cardholder_))), "orderNotReceived");
  EXPECT_EQ(CodeName(Answer(Record(), Ask(other, nullptr))), "orderNotReceived");
}

TEST_P(Inquiry, OtherLocalIdsAreUnknown) {
  msg::InqReqData other = Question();
  other.trans_ids.der.clear();
  other.trans_ids.value.lid_c.value[0] ^= 1;
  EXPECT_EQ(CodeOf(Answer(Record(), Ask(other, &cardholder_))), ErrorCode::kUnknownLID);
  other = Question();
  other.trans_ids.der.clear();
  other.trans_ids.value.lid_m.reset();
  EXPECT_EQ(CodeOf(Answer(Record(), Ask(other, &cardholder_))), ErrorCode::kUnknownLID);
}

TEST_P(Inquiry, OnlyTheSignerOfThePReqMayAskAboutIt) {
  EXPECT_EQ(CodeOf(Answer(Record(), Ask(Question(), nullptr))), ErrorCode::kSignatureRequired);
  const auto by_merchant = Answer(Record(), Ask(Question(), &sign_));
  EXPECT_EQ(CodeOf(by_merchant), ErrorCode::kInvalidCertificate);
  const pki::CertifiedKey other = OtherCardholder();
  const auto by_other = Answer(Record(), Ask(Question(), &other));
  ASSERT_EQ(CodeOf(by_other), ErrorCode::kInvalidCertificate);
  EXPECT_TRUE(std::ranges::equal(by_other.error().thumb, other.certificate()->thumb()));
}

TEST_P(Inquiry, AnUnsignedPReqMayBeAskedAboutByEverybody) {
  const Octets pinitres = Message("17-unsigned-pinit", "PInitRes.");
  const Octets preq = Message("18-preq-unsigned");
  const Octets pres = Message("19-declined", "PRes.");
  const PurchaseRecord record{pinitres, preq, pres};
  const Octets inqreq = Message("20-inqreq-unsigned");
  EXPECT_EQ(CodeName(Answer(record, inqreq)), "declined");
  const auto request = Must(Receive<msg::InqReq>(inqreq, MessageType::kInqReq, std::nullopt));
  EXPECT_EQ(
      CodeName(Answer(record, Ask(std::get<msg::InqReqData>(request.message.value), &cardholder_))),
      "declined");
}

TEST_P(Inquiry, TheReceivingRulesApplyToInqReq) {
  EXPECT_EQ(CodeOf(Answer(Record(), pres_)), ErrorCode::kMessageNotSupported);
  EXPECT_EQ(CodeOf(Answer(Record(), Redate(inqreq_, vectors::kNow - 86401))),
            ErrorCode::kMessageTooOld);
  msg::InqReqData critical = Question();
  critical.inq_rq_extensions = {{der::Oid{1, 2, 3}, true, msg::Any{{0x04, 0x00}}}};
  EXPECT_EQ(CodeOf(Answer(Record(), Ask(critical, &cardholder_))),
            ErrorCode::kUnrecognizedExtension);
  const Octets mismatched = Edit<msg::InqReq>(
      inqreq_, [](msg::MessageHeader& header, msg::InqReq&) { (*header.rrpid)[0] ^= 1; });
  EXPECT_EQ(CodeOf(Answer(Record(), mismatched)), ErrorCode::kWrapperMsgMismatch);
  const Octets altered = Edit<msg::InqReq>(inqreq_, [](msg::MessageHeader&, msg::InqReq& request) {
    auto& infos = std::get<msg::SignedData>(request.value).signer_infos.items;
    infos[0].encrypted_digest.back() ^= 1;
  });
  EXPECT_EQ(CodeOf(Answer(Record(), altered)), ErrorCode::kSignatureFailure);
  const Octets empty = Edit<msg::InqReq>(inqreq_, [](msg::MessageHeader&, msg::InqReq& request) {
    std::get<msg::SignedData>(request.value).content_info.content.reset();
  });
  EXPECT_FALSE(Answer(Record(), empty));
}

// --- the cardholder
// -------------------------------------------------------------------------------

TEST_P(Inquiry, ACardWithoutCertificateCannotAskAboutASignedPReq) {
  Pattern random;
  const Card plain{"4000000000000002", "203012", secret_, secret_, nullptr, {}};
  EXPECT_EQ(CodeOf(ComposeInqReq(Now(random), plain, kSoftware, preq_)),
            ErrorCode::kInvalidCertificate);
  EXPECT_TRUE(ComposeInqReq(Now(random), plain, kSoftware, Message("18-preq-unsigned")));
}

TEST_P(Inquiry, TheAnswerMustBeToThisQuestionAndFromThisMerchant) {
  EXPECT_TRUE(Check(Tell([](msg::PResData&) {}, sign_)));
  const struct {
    const char* what;
    std::function<void(msg::PResData&)> change;
    ErrorCode code;
  } kRows[] = {
      {"RRPID", [](auto& d) { d.rrpid[0] ^= 1; }, ErrorCode::kUnknownRRPID},
      {"Chall-C2", [](auto& d) { d.chall_c[0] ^= 1; }, ErrorCode::kChallengeMismatch},
      {"XID", [](auto& d) { d.trans_ids.value.xid[0] ^= 1; }, ErrorCode::kUnknownXID},
      {"LID-C", [](auto& d) { d.trans_ids.value.lid_c.value[0] ^= 1; }, ErrorCode::kUnknownLID},
      {"LID-M", [](auto& d) { d.trans_ids.value.lid_m.reset(); }, ErrorCode::kUnknownLID},
      {"extension",
       [](auto& d) {
         d.p_res_payload_seq.items[0].p_rs_extensions = {
             {der::Oid{1, 2, 3}, true, msg::Any{{0x04, 0x00}}}};
       },
       ErrorCode::kUnrecognizedExtension},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(CodeOf(Check(Tell(row.change, sign_))), row.code) << row.what;
  }
  EXPECT_EQ(CodeOf(Check(Tell([](msg::PResData&) {}, gateway_sign_))),
            ErrorCode::kInvalidCertificate);
  EXPECT_EQ(CodeOf(Check(pres_)), ErrorCode::kMessageNotSupported);
  EXPECT_EQ(CodeOf(Check(Redate(Message("14-inqres"), vectors::kNow + 86401))),
            ErrorCode::kMessageTooNew);
}

TEST_P(Inquiry, AnInqResIsNoPRes) {
  Pattern random;
  EXPECT_EQ(CodeOf(CheckPRes(Now(random), trust_, pinitres_, preq_, Message("14-inqres"))),
            ErrorCode::kMessageNotSupported);
}

}  // namespace
}  // namespace setcore
