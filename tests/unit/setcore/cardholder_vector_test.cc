// The cardholder against the golden vectors: what it composes with the pinned random octets is
// theirs bit for bit, what it verifies is what they say.
#include <gtest/gtest.h>

#include "setcore/asn1/codec.h"
#include "setcore/cardholder.h"
#include "setcore/compose_error.h"
#include "setcore/messages/error_message.h"
#include "setcore/messages/purchase_init.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/messages/receive.h"
#include "setcore/pki/revocation.h"
#include "setcore/received_error.h"
#include "setcore/treatments/digested.h"
#include "setcore/treatments/enveloped.h"
#include "unit/setcore/party.h"
#include "vectors/scripted_random.h"
#include "vectors/vector_file.h"

namespace setcore {
namespace {

using vectors::ToHex;

class CardholderVectors : public testing::TestWithParam<const char*> {
 protected:
  CardholderVectors() : parties_(GetParam()) {}
  vectors::File File(const std::string& name) const { return parties_.File(name); }
  Environment Env(Random& random) const { return {VectorClock(), &random}; }
  // The random.* values of a PReq file in the order of the draws.
  static vectors::ScriptedRandom PReqRandom(const vectors::File& file) {
    return {
        file.Hex("random.preq-rrpid"), file.Hex("random.od-salt"),   file.Hex("random.back-key"),
        file.Hex("random.back-iv"),    file.Hex("random.ex-nonce"),  file.Hex("random.pi-des-key"),
        file.Hex("random.pi-iv"),      file.Hex("random.pi-e-salt"), file.Hex("random.pi-i")};
  }
  Parties parties_;
};
INSTANTIATE_TEST_SUITE_P(Sets, CardholderVectors, testing::ValuesIn(vectors::kSets),
                         [](const auto& set) { return std::string(set.param).substr(4); });

TEST_P(CardholderVectors, PInitReqBitForBit) {
  const auto file = File("01-pinitreq");
  vectors::ScriptedRandom random{file.Hex("random.pinit-rrpid"), file.Hex("random.lid-c"),
                                 file.Hex("random.chall-c")};
  PurchaseTerms terms = parties_.Terms();
  terms.lid_m = file.Hex("lid-m");
  const auto key = parties_.Key("cardholder");
  const auto pinitreq = ComposePInitReq(Env(random), parties_.SignedCard(key), terms);
  ASSERT_TRUE(pinitreq) << pinitreq.error().detail;
  EXPECT_EQ(ToHex(*pinitreq), ToHex(file.Hex("MessageWrapper")));
  EXPECT_EQ(random.left(), 0U);
}

TEST_P(CardholderVectors, PInitReqWithoutLidMBitForBit) {
  const Octets expected = File("17-unsigned-pinit").Hex("PInitReq.MessageWrapper");
  const auto sent = Receive<msg::PInitReq>(expected, msg::MessageType::kPInitReq, VectorClock());
  ASSERT_TRUE(sent) << sent.error().detail;
  const msg::PInitReq& request = sent->message;
  vectors::ScriptedRandom random{Octets(request.rrpid.begin(), request.rrpid.end()),
                                 request.local_id_c.value,
                                 Octets(request.chall_c.begin(), request.chall_c.end())};
  const auto pinitreq = ComposePInitReq(Env(random), parties_.UnsignedCard(), parties_.Terms());
  ASSERT_TRUE(pinitreq) << pinitreq.error().detail;
  EXPECT_EQ(ToHex(*pinitreq), ToHex(expected));
}

TEST_P(CardholderVectors, DualSignedPReqBitForBit) {
  const auto file = File("09-preq-dualsigned");
  vectors::ScriptedRandom random = PReqRandom(file);
  const auto key = parties_.Key("cardholder");
  const auto preq = ComposePReq(Env(random), parties_.SignedCard(key), parties_.trust(),
                                parties_.Terms(), File("01-pinitreq").Hex("MessageWrapper"),
                                File("02-pinitres").Hex("MessageWrapper"));
  ASSERT_TRUE(preq) << preq.error().detail;
  EXPECT_EQ(random.left(), 0U);
  EXPECT_EQ(ToHex(preq->message), ToHex(file.Hex("MessageWrapper")));
  EXPECT_EQ(preq->rrpid, file.Hex("random.preq-rrpid"));
  EXPECT_EQ(preq->xid, File("02-pinitres").Hex("random.xid"));
  EXPECT_EQ(preq->lid_m, File("01-pinitreq").Hex("lid-m"));
  EXPECT_EQ(preq->merchant_name, "Test Shop");
  EXPECT_EQ(ToHex({preq->acq_back_key.view().begin(), preq->acq_back_key.view().end()}),
            ToHex(File("05-pihead").Hex("back-key")));
}

TEST_P(CardholderVectors, DualSignedPReqHoldsEveryIntermediateValue) {
  const auto sent = Receive<msg::PReq>(File("09-preq-dualsigned").Hex("MessageWrapper"),
                                       msg::MessageType::kPReq, VectorClock());
  ASSERT_TRUE(sent) << sent.error().detail;
  const auto& preq = std::get<msg::PReqDualSigned>(sent->message.value);
  const auto oi_file = File("04-oidata");
  const auto pi_file = File("06-pandata-pidata");
  EXPECT_EQ(preq.oi_dual_signed.t1.der, oi_file.Hex("OIData.der"));
  const Octets hod_input = File("03-hodinput-hod").Hex("HODInput.der");
  EXPECT_TRUE(
      treatments::IsDetachedDigest(preq.oi_dual_signed.t1.value.hod, oid::kHodInput, hod_input));
  EXPECT_TRUE(treatments::IsDetachedDigest(preq.oi_dual_signed.t2, oid::kPiData,
                                           pi_file.Hex("PIData.der")));
  // The signature over PI-TBS, and what the gateway finds behind the envelope.
  const auto& pi = preq.pi_dual_signed.value;
  const auto verified =
      treatments::VerifyDetached(pi.pi_signature, oid::kPiTbs, File("08-pisignature").Hex("PI-TBS"),
                                 parties_.trust(), pki::Role::kCardholderSignature, VectorClock());
  EXPECT_TRUE(verified) << verified.error().detail;
  EXPECT_EQ(der::MustEncode(pi.pi_signature), File("08-pisignature").Hex("signed-data-der"));
  const auto gateway = parties_.Key("gateway-exchange");
  const treatments::ExchangeKey keys[] = {{&gateway.key, gateway.certificate().get()}};
  vectors::ScriptedRandom random{Octets(8, 0)};
  const auto opened = treatments::OpenLinked(keys, pi.ex_pi_data, oid::kPiDualSignedTbe,
                                             oid::kPanData, crypto::OaepUse::kExPanData, random);
  ASSERT_TRUE(opened) << opened.error().detail;
  const auto link = der::Decode<msg::PIOILink>(opened->t);
  ASSERT_TRUE(link) << link.error().detail;
  EXPECT_EQ(link->t1.der, File("05-pihead").Hex("PIHead"));
  EXPECT_EQ(der::MustEncode(link->t2), oi_file.Hex("OIData.DD"));
  const OctetView extra = opened->opened.extra.view();
  EXPECT_EQ(Octets(extra.begin(), extra.end()), pi_file.Hex("PANData.der"));
}

TEST_P(CardholderVectors, UnsignedPReqBitForBit) {
  const auto file = File("18-preq-unsigned");
  vectors::ScriptedRandom random = PReqRandom(file);
  const auto init = File("17-unsigned-pinit");
  const auto preq =
      ComposePReq(Env(random), parties_.UnsignedCard(), parties_.trust(), parties_.Terms(),
                  init.Hex("PInitReq.MessageWrapper"), init.Hex("PInitRes.MessageWrapper"));
  ASSERT_TRUE(preq) << preq.error().detail;
  EXPECT_EQ(random.left(), 0U);
  EXPECT_EQ(ToHex(preq->message), ToHex(file.Hex("MessageWrapper")));
}

TEST_P(CardholderVectors, TheAcquirersMessageIsOpenedWithTheKeyOfThePReq) {
  vectors::ScriptedRandom random{};
  const Octets key = File("05-pihead").Hex("back-key");
  for (const char* file : {"12-pres", "14-inqres"}) {
    const auto message =
        ReadAcquirerMessage(Env(random), parties_.trust(), File(file).Hex("MessageWrapper"), key);
    ASSERT_TRUE(message) << message.error().detail;
    ASSERT_TRUE(*message);
    EXPECT_EQ((*message)->code, 0);
    EXPECT_EQ((*message)->text, "Thank you");
    EXPECT_FALSE((*message)->url);
    EXPECT_FALSE((*message)->phone);
  }
  const Octets other_key = File("18-preq-unsigned").Hex("random.back-key");
  const Octets declined = File("19-declined").Hex("PRes.MessageWrapper");
  EXPECT_FALSE(ReadAcquirerMessage(Env(random), parties_.trust(), declined, key));
  EXPECT_TRUE(ReadAcquirerMessage(Env(random), parties_.trust(), declined, other_key));
}

TEST_P(CardholderVectors, AnAcquirersMessageOfSomebodyElseIsNone) {
  vectors::ScriptedRandom random{};
  const Octets pres = File("12-pres").Hex("MessageWrapper");
  Octets key = File("05-pihead").Hex("back-key");
  key[0] ^= 0x10;
  EXPECT_FALSE(ReadAcquirerMessage(Env(random), parties_.trust(), pres, key));
  key.pop_back();
  EXPECT_FALSE(ReadAcquirerMessage(Env(random), parties_.trust(), pres, key));
  EXPECT_FALSE(ReadAcquirerMessage(Env(random), parties_.trust(), pres, {}));
  // The right key, and a signer whom nobody trusts.
  const pki::TrustStore nobody;
  key = File("05-pihead").Hex("back-key");
  EXPECT_FALSE(ReadAcquirerMessage(Env(random), nobody, pres, key));
}

TEST_P(CardholderVectors, ApprovedPResIsASuccess) {
  vectors::ScriptedRandom random{};
  const auto facts = CheckPRes(
      Env(random), parties_.trust(), File("02-pinitres").Hex("MessageWrapper"),
      File("09-preq-dualsigned").Hex("MessageWrapper"), File("12-pres").Hex("MessageWrapper"));
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_TRUE(facts->success);
  EXPECT_EQ(facts->field, "AuthCode");
  EXPECT_EQ(facts->name, "approved");
  EXPECT_EQ(facts->value, 0);
  EXPECT_EQ(facts->date, VectorClock());
  EXPECT_EQ(facts->xid, File("02-pinitres").Hex("random.xid"));
  EXPECT_EQ(facts->ratio, vectors::FromHex("800001"));
}

TEST_P(CardholderVectors, DeclinedPResIsVerifiedAndNoSuccess) {
  vectors::ScriptedRandom random{};
  const auto facts = CheckPRes(Env(random), parties_.trust(),
                               File("17-unsigned-pinit").Hex("PInitRes.MessageWrapper"),
                               File("18-preq-unsigned").Hex("MessageWrapper"),
                               File("19-declined").Hex("PRes.MessageWrapper"));
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_FALSE(facts->success);
  EXPECT_EQ(facts->field, "AuthCode");
  EXPECT_EQ(facts->name, "declined");
}

TEST_P(CardholderVectors, APResOfAnotherPaymentIsRefused) {
  vectors::ScriptedRandom random{};
  const auto facts =
      CheckPRes(Env(random), parties_.trust(), File("02-pinitres").Hex("MessageWrapper"),
                File("09-preq-dualsigned").Hex("MessageWrapper"),
                File("19-declined").Hex("PRes.MessageWrapper"));
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, ErrorCode::kUnknownXID);
}

TEST_P(CardholderVectors, ABrandCrlIdentifierMustBeSignedAndItsCrlsMustCome) {
  const auto merchant = parties_.Key("merchant-sign");
  const auto gateway = parties_.Key("gateway-exchange");
  const auto crl = pki::Crl::Parse(parties_.pki().Hex("crl.der"));
  ASSERT_TRUE(crl) << crl.error().detail;
  auto data = Must(der::Decode<msg::PInitResData>(File("02-pinitres").Hex("PInitResData")));
  data.brand_crl_identifier = msg::Any{parties_.pki().Hex("bci.der")};
  const auto answer = [&](std::span<const pki::CrlPtr> crls) {
    const auto signed_data = treatments::Sign({merchant.key, merchant.chain, gateway.chain, crls},
                                              oid::kPInitResData, der::MustEncode(data));
    const Octets pinitres =
        Must(Wrap(MakeHeader(VectorClock(), "x", data.rrpid, IdsOf(data.trans_ids.value)),
                  msg::MessageType::kPInitRes, der::MustEncode(signed_data)));
    vectors::ScriptedRandom random = PReqRandom(File("09-preq-dualsigned"));
    const auto key = parties_.Key("cardholder");
    return ComposePReq(Env(random), parties_.SignedCard(key), parties_.trust(), parties_.Terms(),
                       File("01-pinitreq").Hex("MessageWrapper"), pinitres);
  };
  const pki::CrlPtr crls[] = {*crl};
  const auto good = answer(crls);
  EXPECT_TRUE(good) << good.error().detail;
  const auto missing = answer({});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kMissingCertificate);
  data.brand_crl_identifier->der.back() ^= 1;
  const auto forged = answer(crls);
  ASSERT_FALSE(forged);
  EXPECT_EQ(forged.error().code, ErrorCode::kSignatureFailure);
}

struct ErrorCase {
  const char* name;
  ErrorCode code;
  bool is_signed;
  const char* extension;  // dotted in the vector: contents octets here
};

TEST_P(CardholderVectors, ErrorsBitForBit) {
  const auto file = File("23-error");
  const Octets whole = File("17-unsigned-pinit").Hex("PInitReq.MessageWrapper");
  const auto signer = parties_.Key("merchant-sign");
  const ErrorCase cases[] = {
      {"signed-with-thumb", ErrorCode::kExpiredCertificate, true, ""},
      {"unsigned-header", ErrorCode::kUnknownRRPID, false, ""},
      {"unsigned-oid", ErrorCode::kUnrecognizedExtension, false, "2a0304"},
      {"unsigned-badwrapper", ErrorCode::kDecodingFailure, false, ""},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    const ErrorCase& c = cases[i];
    Error error;
    error.code = c.code;
    error.extension = vectors::FromHex(c.extension);
    if (c.is_signed) error.thumb = parties_.pki().Hex("thumb.serial-6");
    Octets offending = whole;
    if (c.code == ErrorCode::kDecodingFailure) offending.pop_back();  // cut on its way
    vectors::ScriptedRandom random{file.Hex("random.error-nonce", i)};
    const Octets message =
        ComposeError(Env(random), c.is_signed ? &signer : nullptr, offending, error, "setpeer 1.0");
    EXPECT_EQ(ToHex(message), ToHex(file.Hex(std::string(c.name) + ".MessageWrapper"))) << c.name;

    vectors::ScriptedRandom none{};
    const auto read = ReadError(Env(none), parties_.trust(), message);
    ASSERT_TRUE(read) << c.name << ": " << read.error().detail;
    EXPECT_EQ(read->error.error_code, c.code);
    EXPECT_EQ(read->signer != nullptr, c.is_signed);
    EXPECT_EQ(read->offending() != nullptr, c.code != ErrorCode::kDecodingFailure);
  }
}

}  // namespace
}  // namespace setcore
