// Every way in which a PInitRes or a PRes can be wrong, and what the cardholder says to it.
#include "setcore/cardholder.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

#include "setcore/asn1/codec.h"
#include "setcore/messages/purchase_init.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/messages/receive.h"
#include "setcore/pki/certificate_maker.h"
#include "setcore/receipt.h"
#include "setcore/treatments/signed.h"
#include "unit/setcore/party.h"
#include "vectors/vector_file.h"

namespace setcore {
namespace {

// Octets that are different in every draw.
class Counting : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) octet = ++next_ == 0x80 ? next_ = 1 : next_;
  }

 private:
  std::uint8_t next_ = 0;
};

// A brand with two merchants and two gateways.  One key serves all: chains are told apart by
// their certificates.
class Town {
 public:
  Town()
      : key_(Must(
            crypto::RsaPrivateKey::FromPem(vectors::ReadAll("set-1024/pki/merchant-sign.key")))) {
    root_ = Make(pki::RootProfile("US", "SET Root", "Root CA"), nullptr);
    brand_ = Make(pki::AuthorityProfile(pki::kBca, "US", "VISA", "", "Brand CA"), root_);
    mca_ = Make(pki::AuthorityProfile(pki::kMca, "US", "VISA", "Bank", "Merchant CA"), brand_);
    pca_ = Make(pki::AuthorityProfile(pki::kPca, "US", "VISA", "Bank", "Gateway CA"), brand_);
    cca_ = Make(pki::AuthorityProfile(pki::kCca, "US", "VISA", "Bank", "Cardholder CA"), brand_);
    if (!trust_.AddRoot(root_->der())) throw std::runtime_error("root refused");
  }

  pki::Chain Merchant(const std::string& id, const std::string& brand = "VISA") {
    const pki::MerchantData data{
        id,
        "400000",
        {{"de", "Laden", "Ort", {}, {}, "US"}, {"en", "Shop", "Town", {}, {}, "US"}},
        840,
        true};
    return {Make(pki::MerchantProfile(false, "US", brand, "Bank", "Shop", data), mca_), mca_,
            brand_};
  }
  pki::Chain Gateway(bool card_cert_required, bool exchange = true,
                     const std::string& brand = "VISA") {
    return {
        Make(pki::GatewayProfile(exchange, "US", brand, "Acquirer", "400000", card_cert_required),
             pca_),
        pca_};
  }
  pki::Chain Cardholder() {
    return {Make(pki::CardholderProfile("US", "VISA", "Bank", "id"), cca_), cca_, brand_};
  }
  const pki::TrustStore& trust() const { return trust_; }
  const crypto::RsaPrivateKey& key() const { return key_; }

 private:
  pki::CertificatePtr Make(pki::CertificateProfile profile, const pki::CertificatePtr& issuer) {
    profile.serial = ++serial_;
    profile.not_before = VectorClock() - 1000;
    profile.not_after = VectorClock() + 1000;
    return Must(pki::MakeCertificate(profile, key_.public_key(), {key_, issuer.get()}));
  }

  crypto::RsaPrivateKey key_;
  std::uint64_t serial_ = 0;
  pki::TrustStore trust_;
  pki::CertificatePtr root_, brand_, mca_, pca_, cca_;
};

class CardholderTest : public testing::Test {
 protected:
  CardholderTest() : merchant_(town_.Merchant("00012345")), gateway_(town_.Gateway(false)) {
    terms_ = parties_.Terms();
    terms_.lid_m = Octets{7, 7};
    pinitreq_ = Must(ComposePInitReq(env_, parties_.UnsignedCard(), terms_));
    request_ = Must(Receive<msg::PInitReq>(pinitreq_, msg::MessageType::kPInitReq, {})).message;
    chain_ = merchant_;
    cert_pe_ = gateway_;
  }

  msg::PInitResData GoodData() {
    msg::PInitResData data;
    msg::TransIDs& ids = data.trans_ids.value;
    ids.lid_c = request_.local_id_c;
    ids.lid_m = request_.local_id_m;
    ids.xid.fill(0x55);
    ids.p_req_date.value = VectorClock();
    ids.language = request_.language;
    data.rrpid = request_.rrpid;
    data.chall_c = request_.chall_c;
    data.chall_m.fill(0x66);
    data.pe_thumb.thumbprint.value.assign(cert_pe_[0]->thumb().begin(), cert_pe_[0]->thumb().end());
    return data;
  }

  // Signs `content` with `chain_`, sends Cert-PE along and wraps it.
  Octets Signed(const Octets& content, const der::Oid& type, msg::MessageType message,
                const msg::RRPID& rrpid, const msg::TransIDs& ids) {
    const auto signed_data = treatments::Sign({town_.key(), chain_, cert_pe_}, type, content);
    return Must(Wrap(MakeHeader(VectorClock(), "shop", rrpid, IdsOf(ids)), message,
                     der::MustEncode(signed_data)));
  }
  Octets PInitRes(const msg::PInitResData& data) {
    return Signed(der::MustEncode(data), oid::kPInitResData, msg::MessageType::kPInitRes,
                  data.rrpid, data.trans_ids.value);
  }

  Result<ComposedPReq> Answer(OctetView pinitres) {
    return ComposePReq(env_, parties_.UnsignedCard(), town_.trust(), terms_, pinitreq_, pinitres);
  }
  // The error of a PInitRes with changed data.
  Error ErrorAfter(const std::function<void(msg::PInitResData&)>& change) {
    msg::PInitResData data = GoodData();
    change(data);
    const auto answer = Answer(PInitRes(data));
    EXPECT_FALSE(answer);
    return answer ? Error{} : answer.error();
  }
  ErrorCode CodeAfter(const std::function<void(msg::PInitResData&)>& change) {
    return ErrorAfter(change).code;
  }

  Town town_;
  Parties parties_{"set-1024"};
  Counting random_;
  Environment env_{VectorClock(), &random_};
  PurchaseTerms terms_;
  Octets pinitreq_;
  msg::PInitReq request_;
  pki::Chain merchant_, gateway_;
  pki::Chain chain_, cert_pe_;  // what is sent
};

msg::MsgExtensions Extension(bool critical) {
  return {{msg::Oid{1, 2, 3, 4}, critical, msg::Any{{0x04, 0x01, 0x00}}}};
}

TEST_F(CardholderTest, AGoodPInitResIsAnswered) {
  const auto preq = Answer(PInitRes(GoodData()));
  ASSERT_TRUE(preq) << preq.error().detail;
  EXPECT_EQ(preq->merchant_name, "Shop");
  EXPECT_EQ(preq->lid_m, terms_.lid_m);
  terms_.language = "de";
  EXPECT_EQ(Answer(PInitRes(GoodData()))->merchant_name, "Laden");
}

TEST_F(CardholderTest, ALidMThatWasNotSentIsTaken) {
  terms_.lid_m.reset();
  pinitreq_ = Must(ComposePInitReq(env_, parties_.UnsignedCard(), terms_));
  request_ = Must(Receive<msg::PInitReq>(pinitreq_, msg::MessageType::kPInitReq, {})).message;
  msg::PInitResData data = GoodData();
  EXPECT_EQ(Answer(PInitRes(data))->lid_m, std::nullopt);
  data.trans_ids.value.lid_m = msg::LocalID{{9}};
  EXPECT_EQ(Answer(PInitRes(data))->lid_m, Octets{9});
}

TEST_F(CardholderTest, IdsAndChallengesMustBeThoseOfTheRequest) {
  EXPECT_EQ(CodeAfter([](auto& d) { d.trans_ids.value.lid_c.value[0] ^= 1; }),
            ErrorCode::kUnknownLID);
  EXPECT_EQ(CodeAfter([](auto& d) { d.trans_ids.value.lid_m->value[0] ^= 1; }),
            ErrorCode::kUnknownLID);
  EXPECT_EQ(CodeAfter([](auto& d) { d.trans_ids.value.lid_m.reset(); }), ErrorCode::kUnknownLID);
  EXPECT_EQ(CodeAfter([](auto& d) { d.rrpid[0] ^= 1; }), ErrorCode::kUnknownRRPID);
  EXPECT_EQ(CodeAfter([](auto& d) { d.chall_c[0] ^= 1; }), ErrorCode::kChallengeMismatch);
}

TEST_F(CardholderTest, TheHeaderMustNameTheIdsThatWereSigned) {
  const msg::PInitResData data = GoodData();
  msg::TransIDs other = data.trans_ids.value;
  other.xid[0] ^= 1;
  const auto answer = Answer(Signed(der::MustEncode(data), oid::kPInitResData,
                                    msg::MessageType::kPInitRes, data.rrpid, other));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kWrapperMsgMismatch);
}

TEST_F(CardholderTest, ExtensionsAndThumbsAreJudged) {
  const Error error = ErrorAfter([](auto& d) { d.pi_rs_extensions = Extension(true); });
  EXPECT_EQ(error.code, ErrorCode::kUnrecognizedExtension);
  EXPECT_EQ(error.extension, vectors::FromHex("2a0304"));
  msg::PInitResData data = GoodData();
  data.pi_rs_extensions = Extension(false);
  EXPECT_TRUE(Answer(PInitRes(data)));
  EXPECT_EQ(CodeAfter([](auto& d) { d.thumbs.emplace(); }), ErrorCode::kThumbsMismatch);
}

TEST_F(CardholderTest, PEThumbMustNameAKeyExchangeCertificateOfAGateway) {
  const Error missing = ErrorAfter([](auto& d) { d.pe_thumb.thumbprint.value[0] ^= 1; });
  EXPECT_EQ(missing.code, ErrorCode::kMissingCertificate);
  EXPECT_EQ(missing.thumb.size(), 20U);
  EXPECT_EQ(CodeAfter([&](auto& d) {
              d.pe_thumb.thumbprint.value.assign(merchant_[0]->thumb().begin(),
                                                 merchant_[0]->thumb().end());
            }),
            ErrorCode::kInvalidCertificate);
  cert_pe_ = town_.Gateway(false, false);
  EXPECT_EQ(CodeAfter([](auto&) {}), ErrorCode::kInvalidCertificate);
}

TEST_F(CardholderTest, TheSignerMustBeAMerchantWhomWeTrust) {
  chain_ = town_.Cardholder();
  EXPECT_EQ(CodeAfter([](auto&) {}), ErrorCode::kInvalidCertificate);
  chain_ = town_.Gateway(false, false);
  EXPECT_EQ(CodeAfter([](auto&) {}), ErrorCode::kInvalidCertificate);
  chain_ = merchant_;
  const pki::TrustStore nobody;
  const auto answer =
      ComposePReq(env_, parties_.UnsignedCard(), nobody, terms_, pinitreq_, PInitRes(GoodData()));
  EXPECT_FALSE(answer);
}

TEST_F(CardholderTest, ASignatureOverSomethingElseIsRefused) {
  const msg::PInitResData data = GoodData();
  const auto other_type =
      Answer(Signed(der::MustEncode(data), oid::kPResData, msg::MessageType::kPInitRes, data.rrpid,
                    data.trans_ids.value));
  ASSERT_FALSE(other_type);
  EXPECT_EQ(other_type.error().code, ErrorCode::kSignatureFailure);
  Octets tampered = PInitRes(data);
  const Octets chall(20, 0x66);
  const auto at = std::search(tampered.begin(), tampered.end(), chall.begin(), chall.end());
  ASSERT_NE(at, tampered.end());
  *at ^= 1;
  const auto answer = Answer(tampered);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kSignatureFailure);
}

TEST_F(CardholderTest, AnotherBrandStopsWithoutAMessage) {
  for (const bool merchant : {true, false}) {
    chain_ = merchant ? town_.Merchant("00012345", "Other") : merchant_;
    cert_pe_ = merchant ? gateway_ : town_.Gateway(false, true, "Other");
    const Error error = ErrorAfter([](auto&) {});
    // A chain whose leaf has another brand than its CAs may be refused before the brands are
    // compared; then the merchant is told.
    EXPECT_TRUE(error.silent || error.code == ErrorCode::kInvalidCertificate) << error.detail;
  }
  chain_ = merchant_;
  cert_pe_ = gateway_;
  terms_.brand_id = "Other";
  pinitreq_ = Must(ComposePInitReq(env_, parties_.UnsignedCard(), terms_));
  request_ = Must(Receive<msg::PInitReq>(pinitreq_, msg::MessageType::kPInitReq, {})).message;
  EXPECT_TRUE(ErrorAfter([](auto&) {}).silent);
}

TEST_F(CardholderTest, ProductsOfOneBrandAgree) {
  terms_.brand_id = "visa:Gold";
  pinitreq_ = Must(ComposePInitReq(env_, parties_.UnsignedCard(), terms_));
  request_ = Must(Receive<msg::PInitReq>(pinitreq_, msg::MessageType::kPInitReq, {})).message;
  EXPECT_TRUE(Answer(PInitRes(GoodData())));
}

TEST_F(CardholderTest, AGatewayThatWantsCertificatesGetsNoUnsignedPReq) {
  cert_pe_ = town_.Gateway(true);
  const Error error = ErrorAfter([](auto&) {});
  EXPECT_EQ(error.code, ErrorCode::kSignatureRequired);
  EXPECT_TRUE(error.silent);
}

TEST_F(CardholderTest, WithoutTheWishThereIsNoBackKey) {
  Card card = parties_.UnsignedCard();
  card.wants_acquirer_message = false;
  const auto preq = ComposePReq(env_, card, town_.trust(), terms_, pinitreq_, PInitRes(GoodData()));
  ASSERT_TRUE(preq);
  EXPECT_TRUE(preq->acq_back_key.empty());
}

TEST_F(CardholderTest, TooShortAnAccountNumberStartsNothing) {
  Card card = parties_.UnsignedCard();
  card.pan = "40000";
  EXPECT_FALSE(ComposePInitReq(env_, card, terms_));
  card.pan = "400000";
  EXPECT_TRUE(ComposePInitReq(env_, card, terms_));
}

class PResTest : public CardholderTest {
 protected:
  PResTest() : pinitres_(PInitRes(GoodData())), preq_(Must(Answer(pinitres_)).message) {
    const auto sent = Must(Receive<msg::PReq>(preq_, msg::MessageType::kPReq, {}));
    order_ = std::get<msg::PReqUnsigned>(sent.message.value).oi_unsigned.t1.value;
  }

  msg::PResData Good() const {
    msg::PResData data;
    data.trans_ids.value = order_.trans_ids.value;
    data.rrpid = order_.rrpid;
    data.chall_c = order_.chall_c;
    msg::PResPayload payload;
    payload.completion_code = msg::CompletionCode::kAuthorizationPerformed;
    payload.results.emplace().auth_status.emplace().auth_ratio = *der::NearestRatio({1, 1, 0});
    data.p_res_payload_seq.items.push_back(payload);
    return data;
  }
  Result<PResFacts> Check(const msg::PResData& data) {
    return CheckPRes(env_, town_.trust(), pinitres_, preq_,
                     Signed(der::MustEncode(data), oid::kPResData, msg::MessageType::kPRes,
                            data.rrpid, data.trans_ids.value));
  }
  ErrorCode CodeAfter(const std::function<void(msg::PResData&)>& change) {
    msg::PResData data = Good();
    change(data);
    const auto facts = Check(data);
    EXPECT_FALSE(facts);
    return facts ? ErrorCode::kUnspecifiedFailure : facts.error().code;
  }

  Octets pinitres_, preq_;
  msg::OIData order_;
};

TEST_F(PResTest, AGoodOneIsVerified) {
  const auto facts = Check(Good());
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_TRUE(facts->success);
}

TEST_F(PResTest, IdsAndChallengesMustBeThoseOfTheRequest) {
  EXPECT_EQ(CodeAfter([](auto& d) { d.trans_ids.value.xid[0] ^= 1; }), ErrorCode::kUnknownXID);
  EXPECT_EQ(CodeAfter([](auto& d) { d.trans_ids.value.lid_c.value[0] ^= 1; }),
            ErrorCode::kUnknownLID);
  EXPECT_EQ(CodeAfter([](auto& d) { d.rrpid[0] ^= 1; }), ErrorCode::kUnknownRRPID);
  EXPECT_EQ(CodeAfter([](auto& d) { d.chall_c[0] ^= 1; }), ErrorCode::kChallengeMismatch);
  EXPECT_EQ(
      CodeAfter([](auto& d) { d.p_res_payload_seq.items[0].p_rs_extensions = Extension(true); }),
      ErrorCode::kUnrecognizedExtension);
}

TEST_F(PResTest, AnotherMerchantIsRefusedAndARenewedCertificateIsNot) {
  chain_ = town_.Merchant("00099999");
  EXPECT_EQ(CodeAfter([](auto&) {}), ErrorCode::kInvalidCertificate);
  chain_ = town_.Merchant("00012345");  // another serial number
  EXPECT_TRUE(Check(Good()));
}

TEST_F(PResTest, AnotherMessageOrAnOldOneIsRefused) {
  const auto facts = CheckPRes(env_, town_.trust(), pinitres_, preq_, pinitres_);
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, ErrorCode::kMessageNotSupported);
}

struct Outcome {
  msg::CompletionCode completion;
  std::optional<msg::AuthCode> auth;
  std::optional<msg::CapCode> cap;
  bool success;
  const char* name;
};

msg::PResPayload PayloadOf(const Outcome& outcome) {
  msg::PResPayload payload;
  payload.completion_code = outcome.completion;
  if (outcome.auth) {
    if (!payload.results) payload.results.emplace();
    payload.results->auth_status.emplace().auth_code = *outcome.auth;
  }
  if (outcome.cap) {
    if (!payload.results) payload.results.emplace();
    payload.results->cap_status.emplace().cap_code = *outcome.cap;
  }
  return payload;
}

constexpr auto kApproved = msg::AuthCode::kApproved;

const Outcome kOutcomes[] = {
    {msg::CompletionCode::kAuthorizationPerformed, kApproved, {}, true, "approved"},
    {msg::CompletionCode::kAuthorizationPerformed, msg::AuthCode::kDeclined, {}, false, "declined"},
    {msg::CompletionCode::kAuthorizationPerformed, {}, {}, false, "authorizationPerformed"},
    {msg::CompletionCode::kCapturePerformed, kApproved, msg::CapCode::kSuccess, true, "success"},
    {msg::CompletionCode::kCapturePerformed, kApproved, msg::CapCode::kBatchClosed, false,
     "batchClosed"},
    {msg::CompletionCode::kCapturePerformed, kApproved, {}, false, "capturePerformed"},
    {msg::CompletionCode::kMeaninglessRatio, kApproved, {}, false, "meaninglessRatio"},
    {msg::CompletionCode::kOrderRejected, {}, {}, false, "orderRejected"},
    {msg::CompletionCode::kOrderReceived, {}, {}, false, "orderReceived"},
    {msg::CompletionCode::kOrderNotReceived, {}, {}, false, "orderNotReceived"},
    {msg::CompletionCode::kCreditPerformed, kApproved, {}, false, "creditPerformed"},
};

TEST(Receipt, OnlyApprovedAndCapturedAreSuccess) {
  for (const Outcome& outcome : kOutcomes) {
    msg::PResData data;
    data.p_res_payload_seq.items = {PayloadOf(outcome)};
    const PResFacts facts = FactsOf(data, 5);
    EXPECT_EQ(facts.success, outcome.success) << outcome.name;
    EXPECT_EQ(facts.name, outcome.name);
    EXPECT_EQ(facts.date, 5);
  }
}

TEST(Receipt, OneResultThatFailsDecides) {
  msg::PResData data;
  EXPECT_FALSE(IsSuccess(data));
  data.p_res_payload_seq.items = {PayloadOf(kOutcomes[0]), PayloadOf(kOutcomes[3])};
  EXPECT_TRUE(IsSuccess(data));
  data.p_res_payload_seq.items.push_back(PayloadOf(kOutcomes[1]));
  EXPECT_FALSE(IsSuccess(data));
  EXPECT_EQ(FactsOf(data, 0).name, "declined");
}

}  // namespace
}  // namespace setcore
