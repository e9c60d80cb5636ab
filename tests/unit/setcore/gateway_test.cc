// The gateway actor: the purchases of the vectors, and every check of set-processing.md 7.2 with a
// request that fails it.
#include "setcore/gateway.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>

#include "setcore/asn1/codec.h"
#include "setcore/crypto/random.h"
#include "setcore/pki/certificate_maker.h"
#include "setcore/treatments/digested.h"
#include "setcore/treatments/enveloped.h"
#include "unit/setcore/vector_pki.h"
#include "vectors/scripted_random.h"

namespace setcore {
namespace {

using msg::AuthCode;
using vectors::kNow;
using vectors::Must;

// One set of the vectors, from the gateway's side.
struct World {
  explicit World(const std::string& name)
      : set(name),
        cardholder(vectors::KeyOf(name, "cardholder")),
        merchant_sign(vectors::KeyOf(name, "merchant-sign")),
        merchant_exchange(vectors::KeyOf(name, "merchant-exchange")),
        sign(vectors::KeyOf(name, "gateway-sign")),
        exchange(vectors::KeyOf(name, "gateway-exchange")) {
    vectors::TrustRootOf(name, trust);
    keys[0] = {&sign, &exchange, bins};
  }
  vectors::File Load(const std::string& name) const {
    return vectors::Load(set + "/" + name + ".txt");
  }
  Environment env() { return {kNow, &random}; }
  Result<AuthRequest> Open(OctetView authreq) {
    return OpenAuthReq(env(), keys, trust, policy, authreq);
  }

  std::string set;
  pki::CertifiedKey cardholder, merchant_sign, merchant_exchange, sign, exchange;
  std::vector<std::string> bins;
  std::array<GatewayKeys, 1> keys;
  pki::TrustStore trust;
  SystemRandom random;
  GatewayPolicy policy{.sw_ident = "setpeer 1.0"};
};

class Gateway : public ::testing::TestWithParam<const char*> {
 protected:
  World world{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Sets, Gateway, ::testing::ValuesIn(vectors::kSets));

// --- the vectors
// ----------------------------------------------------------------------------------

TEST_P(Gateway, OpensTheSignedPurchaseAndApproves) {
  const auto opened = world.Open(world.Load("10-authreq").Hex("MessageWrapper"));
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->merchant_id, "00012345");
  EXPECT_EQ(opened->brand, "VISA");
  EXPECT_TRUE(opened->card_signed);
  EXPECT_FALSE(opened->capture_now);
  const auto pki = world.Load("pki/pki");
  EXPECT_EQ(opened->pan.view(), pki.Text("pan"));
  EXPECT_EQ(opened->card_expiry.view(), pki.Text("card-expiry"));
  EXPECT_EQ(opened->trans_stain, world.Load("05-pihead").Hex("trans-stain"));
  EXPECT_TRUE(
      std::ranges::equal(opened->rrpid(), world.Load("10-authreq").Hex("random.auth-rrpid")));
  EXPECT_EQ(opened->merchant_exchange->thumb(), world.merchant_exchange.certificate()->thumb());
  EXPECT_EQ(JudgeAuthReq(world.env(), *opened, {}), AuthCode::kApproved);
}

TEST_P(Gateway, OpensTheUnsignedPurchase) {
  const auto opened = world.Open(world.Load("19-declined").Hex("AuthReq.MessageWrapper"));
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_FALSE(opened->card_signed);
  EXPECT_EQ(JudgeAuthReq(world.env(), *opened, {}), AuthCode::kApproved);
}

// The random source of an AuthRes of the vectors.
vectors::ScriptedRandom AuthResRandom(const vectors::File& file) {
  return {file.Hex("random.authres-des-key"), file.Hex("random.authres-iv"),
          file.Hex("random.authres-e-salt"), file.Hex("random.authres-i")};
}

TEST(GatewayVectors, ComposesTheApprovedAuthResBitForBit) {
  World world("set-1024");
  const auto file = world.Load("11-authres");
  const auto opened = Must(world.Open(world.Load("10-authreq").Hex("MessageWrapper")));
  AuthDecision decision;
  decision.code = AuthCode::kApproved;
  decision.approval_code = "000001";
  decision.baggage = Must(der::Decode<msg::AuthResBaggage>(file.Hex("AuthResBaggage")));
  vectors::ScriptedRandom random = AuthResRandom(file);
  const Octets made = Must(
      ComposeAuthRes({kNow, &random}, world.keys, world.trust, world.policy, opened, decision));
  EXPECT_EQ(made, file.Hex("MessageWrapper"));
  EXPECT_EQ(random.left(), 0U);
}

// What an AuthRes says to the merchant.
msg::AuthResData ReadAuthRes(World& world, const Octets& wrapper) {
  const auto message = Must(ReceiveWrapper(wrapper, msg::MessageType::kAuthRes, kNow));
  const auto authres = Must(der::Decode<msg::AuthRes>(message.message.der));
  const auto& encb = std::get<0>(authres.value);
  const treatments::ExchangeKey keys[] = {
      {&world.merchant_exchange.key, world.merchant_exchange.certificate().get()}};
  const auto opened =
      Must(treatments::OpenEncB(keys, encb.enc, encb.baggage.der, treatments::kAuthResTypes,
                                world.trust, pki::Role::kGatewaySignature, world.env()));
  return Must(der::Decode<msg::AuthResData>(opened.t));
}

TEST_P(Gateway, TheDeclinedAuthResSaysWhatThatOfTheVectorsSays) {
  const auto file = world.Load("19-declined");
  const auto opened = Must(world.Open(file.Hex("AuthReq.MessageWrapper")));
  AuthDecision decision;
  decision.code = AuthCode::kDeclined;
  const Octets made =
      Must(ComposeAuthRes(world.env(), world.keys, world.trust, world.policy, opened, decision));
  const auto ours = ReadAuthRes(world, made);
  const auto theirs = ReadAuthRes(world, file.Hex("AuthRes.MessageWrapper"));
  EXPECT_TRUE(ours == theirs);
  EXPECT_EQ(ours.auth_res_payload.auth_header.auth_code, AuthCode::kDeclined);
}

// --- requests made here
// ---------------------------------------------------------------------------

// The purchase of the vectors taken apart, so that one thing can be changed before it is sealed.
struct Parts {
  msg::PIHead head;
  Octets oi_data;
  Octets account;  // PANData or PANToken
  bool card_signed = true;
  msg::AuthReqData data;
  std::optional<msg::RRPID> header_rrpid;
  std::optional<msg::MsgExtensions> mw_extensions;
  std::vector<pki::CertificatePtr> more;  // beside the merchant's signature chain
  const pki::CertifiedKey* card_signer = nullptr;
  const pki::CertifiedKey* merchant_signer = nullptr;
  std::function<void(msg::PI&)> change_pi = [](msg::PI&) {};
};

Parts PartsOf(const World& world) {
  Parts parts;
  parts.head = Must(der::Decode<msg::PIHead>(world.Load("05-pihead").Hex("PIHead")));
  parts.head.trans_ids.der.clear();
  parts.oi_data = world.Load("04-oidata").Hex("OIData.der");
  parts.account = world.Load("06-pandata-pidata").Hex("PANData.der");
  parts.data = Must(der::Decode<msg::AuthReqData>(world.Load("10-authreq").Hex("AuthReqData")));
  parts.data.auth_req_item.auth_tags.trans_ids.der.clear();
  parts.header_rrpid = parts.data.auth_req_item.auth_tags.auth_rr_tags.rrpid;
  parts.more = world.merchant_exchange.chain;
  parts.card_signer = &world.cardholder;
  parts.merchant_signer = &world.merchant_sign;
  return parts;
}

Parts UnsignedPartsOf(const World& world) {
  Parts parts = PartsOf(world);
  parts.card_signed = false;
  parts.account = world.Load("18-preq-unsigned").Hex("PANToken");
  return parts;
}

Octets Seal(World& world, const Parts& parts) {
  const Octets head = Must(der::Encode(parts.head));
  const Octets link = treatments::Link(head, oid::kOiData, parts.oi_data);
  const pki::Certificate& cert_pe = *world.exchange.certificate();
  const auto randoms = [&world] { return treatments::DrawEnvelopeRandoms(world.random); };
  msg::PI pi;
  if (parts.card_signed) {
    der::Writer pi_data;
    pi_data.Sequence([&] {
      pi_data.Raw(head);
      pi_data.Raw(parts.account);
    });
    const msg::PITBS tbs{treatments::DetachedDigest(oid::kPiData, pi_data.Take()),
                         treatments::DetachedDigest(oid::kOiData, parts.oi_data)};
    msg::Kept<msg::PIDualSigned> dual;
    dual.value.pi_signature = treatments::SignDetached(
        {parts.card_signer->key, parts.card_signer->chain}, oid::kPiTbs, der::MustEncode(tbs));
    dual.value.ex_pi_data =
        Must(treatments::SealLinked(cert_pe, oid::kPiDualSignedTbe, link, oid::kPanData,
                                    parts.account, crypto::OaepUse::kExPanData, randoms()));
    pi.value.emplace<1>(std::move(dual));
  } else {
    msg::Kept<msg::PIUnsigned> plain;
    plain.value =
        Must(treatments::SealLinked(cert_pe, oid::kPiUnsignedTbe, link, oid::kPanToken,
                                    parts.account, crypto::OaepUse::kExhPanToken, randoms()));
    pi.value.emplace<0>(std::move(plain));
  }
  parts.change_pi(pi);
  const Octets pi_der = Must(der::Encode(pi));
  const treatments::Signer signer{
      .key = parts.merchant_signer->key, .chain = parts.merchant_signer->chain, .more = parts.more};
  msg::AuthReq authreq;
  authreq.enc = Must(treatments::SealEncB(signer, cert_pe, treatments::kAuthReqTypes,
                                          Must(der::Encode(parts.data)), pi_der, randoms()));
  authreq.baggage = {pi, pi_der};
  msg::MessageWrapper wrapper;
  wrapper.header = MakeHeader(kNow, "test", parts.header_rrpid,
                              IdsOf(parts.data.auth_req_item.auth_tags.trans_ids.value));
  wrapper.type = msg::MessageType::kAuthReq;
  wrapper.message.der = der::MustEncode(authreq);
  wrapper.mw_extensions = parts.mw_extensions;
  return der::MustEncode(wrapper);
}

AuthCode CodeOf(World& world, const Parts& parts, const LedgerFacts& facts = {}) {
  const auto opened = world.Open(Seal(world, parts));
  if (!opened) throw std::runtime_error("Error instead of an AuthCode: " + opened.error().detail);
  return JudgeAuthReq(world.env(), *opened, facts);
}

Error ErrorOf(World& world, const Parts& parts) {
  const auto opened = world.Open(Seal(world, parts));
  if (opened) throw std::runtime_error("no Error");
  return opened.error();
}

class GatewayChecks : public ::testing::Test {
 protected:
  World world{"set-1024"};
  Parts parts = PartsOf(world);
  Parts plain = UnsignedPartsOf(world);
  msg::AuthReqItem& item() { return parts.data.auth_req_item; }
};

TEST_F(GatewayChecks, WhatIsRightIsApproved) {
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kApproved);
  EXPECT_EQ(CodeOf(world, plain), AuthCode::kApproved);
}

// --- step 1 ---

TEST_F(GatewayChecks, OtherMessagesDamageAndSizeAreErrors) {
  const Octets good = Seal(world, parts);
  EXPECT_EQ(world.Open(world.Load("01-pinitreq").Hex("MessageWrapper")).error().code,
            ErrorCode::kMessageNotSupported);
  EXPECT_EQ(world.Open(Octets{0x30, 0x00}).error().code, ErrorCode::kDecodingFailure);
  world.policy.max_message = good.size() - 1;
  EXPECT_EQ(world.Open(good).error().code, ErrorCode::kMessageTooBig);
  world.policy.max_message = good.size();
  EXPECT_TRUE(world.Open(good));
}

TEST_F(GatewayChecks, AnEnvelopeForSomebodyElseCannotBeOpened) {
  const Octets good = Seal(world, parts);
  world.keys[0].exchange = &world.merchant_exchange;
  const auto opened = world.Open(good);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kDecodingFailure);
  EXPECT_TRUE(opened.error().envelope);
}

TEST_F(GatewayChecks, AnotherPiThanTheSignedOneIsASignatureFailure) {
  const Octets one = Seal(world, parts);
  const Octets two = Seal(world, parts);  // another envelope of the same PI
  auto a = Must(der::Decode<msg::MessageWrapper>(one));
  const auto b = Must(der::Decode<msg::MessageWrapper>(two));
  auto mixed = Must(der::Decode<msg::AuthReq>(a.message.der));
  mixed.baggage = Must(der::Decode<msg::AuthReq>(b.message.der)).baggage;
  a.message.der = der::MustEncode(mixed);
  const auto opened = world.Open(der::MustEncode(a));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kSignatureFailure);
}

TEST_F(GatewayChecks, TheSignerMustBeAMerchant) {
  parts.merchant_signer = &world.sign;
  EXPECT_EQ(ErrorOf(world, parts).code, ErrorCode::kInvalidCertificate);
}

TEST_F(GatewayChecks, WithoutTheMerchantsExchangeCertificateNoAnswerIsPossible) {  // D-1
  parts.more.clear();
  EXPECT_EQ(ErrorOf(world, parts).code, ErrorCode::kMissingCertificate);
  parts.more = world.exchange.chain;  // one for key exchange, but not the merchant's
  EXPECT_EQ(ErrorOf(world, parts).code, ErrorCode::kMissingCertificate);
}

TEST_F(GatewayChecks, TheHeaderMustNameTheIdsThatWereSigned) {
  (*parts.header_rrpid)[0] ^= 1;
  EXPECT_EQ(ErrorOf(world, parts).code, ErrorCode::kWrapperMsgMismatch);
  parts.header_rrpid.reset();  // D-30
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kApproved);
}

msg::MsgExtensions Extension(const der::Oid& id, bool critical) {
  return {{id, critical, msg::Any{{0x04, 0x00}}}};
}

TEST_F(GatewayChecks, UnknownCriticalExtensionsAreErrorsOthersAreSkipped) {
  const der::Oid id{1, 2, 3, 4};
  const auto slots = {
      +[](Parts& p) -> std::optional<msg::MsgExtensions>& { return p.mw_extensions; },
      +[](Parts& p) -> std::optional<msg::MsgExtensions>& {
        return p.data.auth_req_item.auth_req_payload.a_rq_extensions;
      },
      +[](Parts& p) -> std::optional<msg::MsgExtensions>& {
        if (!p.data.sale_detail) p.data.sale_detail.emplace();
        return p.data.sale_detail->sale_extensions;
      },
      +[](Parts& p) -> std::optional<msg::MsgExtensions>& { return p.head.pi_extensions; },  // D-52
  };
  for (const auto slot : slots) {
    Parts changed = parts;
    slot(changed) = Extension(id, true);
    const Error error = ErrorOf(world, changed);
    EXPECT_EQ(error.code, ErrorCode::kUnrecognizedExtension);
    EXPECT_TRUE(std::ranges::equal(error.extension, id.contents()));
    slot(changed) = Extension(id, false);
    EXPECT_EQ(CodeOf(world, changed), AuthCode::kApproved);
  }
}

// --- step 2 ---

TEST_F(GatewayChecks, APiThatCannotBeOpenedIsAMismatchAndNothingElse) {
  using Damage = std::function<void(msg::PI&)>;
  const Damage damages[] = {
      [](msg::PI& pi) {
        auto& dual = std::get<1>(pi.value);
        dual.value.ex_pi_data.recipient_infos.items[0].encrypted_key[9] ^= 1;
      },
      [](msg::PI& pi) {
        auto& dual = std::get<1>(pi.value);
        dual.value.ex_pi_data.encrypted_content_info.encrypted_content->back() ^= 1;
      },
      [](msg::PI& pi) {
        auto& dual = std::get<1>(pi.value);
        dual.value.ex_pi_data.encrypted_content_info.encrypted_content->front() ^= 1;
      },
      [](msg::PI& pi) {  // an AuthToken
        auto token = std::get<1>(pi.value).value.ex_pi_data;
        pi.value.emplace<2>(msg::Kept<msg::AuthToken>{std::move(token), {}});
      },
  };
  for (const Damage& damage : damages) {
    parts.change_pi = damage;
    EXPECT_EQ(CodeOf(world, parts), AuthCode::kPiAuthMismatch);
  }
  plain.change_pi = [](msg::PI& pi) {
    std::get<0>(pi.value).value.encrypted_content_info.encrypted_content->back() ^= 1;
  };
  EXPECT_EQ(CodeOf(world, plain), AuthCode::kPiAuthMismatch);
}

// --- step 3 ---

TEST_F(GatewayChecks, TransIDsMustBeThoseOfThePi) {
  Parts changed = parts;
  changed.head.trans_ids.value.xid[0] ^= 1;
  EXPECT_EQ(CodeOf(world, changed), AuthCode::kPiAuthMismatch);
  changed = parts;
  changed.head.trans_ids.value.lid_c.value[0] ^= 1;
  EXPECT_EQ(CodeOf(world, changed), AuthCode::kPiAuthMismatch);
  changed = parts;
  changed.head.trans_ids.value.lid_m->value[0] ^= 1;
  EXPECT_EQ(CodeOf(world, changed), AuthCode::kPiAuthMismatch);
  changed.head.trans_ids.value.lid_m.reset();  // compared only where both are present
  EXPECT_EQ(CodeOf(world, changed), AuthCode::kApproved);
}

// --- step 4 ---

TEST_F(GatewayChecks, TheCardMustBelongToTheBrandOfTheGateway) {
  // A card of another brand under the same root is made by its own authorities.
  const auto key = Must(crypto::RsaPrivateKey::Generate(1024));
  auto root = pki::RootProfile("US", "Test", "Root");
  auto bca = pki::AuthorityProfile(pki::kBca, "US", "Amex", "", "Amex Brand CA");
  auto cca = pki::AuthorityProfile(pki::kCca, "US", "Amex", "Bank", "Amex Cardholder CA");
  const auto secrets = world.Load("pki/pki");
  auto card = pki::CardholderProfile("US", "Amex", "Bank", secrets.Text("unique-cardholder-id"));
  std::uint64_t serial = 100;
  for (auto* profile : {&root, &bca, &cca, &card}) {
    profile->serial = serial++;
    profile->not_before = kNow - 1;
    profile->not_after = kNow + 1;
  }
  const auto r = Must(pki::MakeCertificate(root, key.public_key(), {key}));
  const auto b = Must(pki::MakeCertificate(bca, key.public_key(), {key, r.get()}));
  const auto c = Must(pki::MakeCertificate(cca, key.public_key(), {key, b.get()}));
  const auto leaf = Must(pki::MakeCertificate(card, key.public_key(), {key, c.get()}));
  ASSERT_TRUE(world.trust.AddRoot(r->der()));
  const pki::CertifiedKey amex{key, {leaf, c, b, r}};
  parts.card_signer = &amex;
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kCardMerchBrandMismatch);
}

TEST_F(GatewayChecks, ThePiSignatureMustVerify) {  // D-5
  parts.change_pi = [](msg::PI& pi) {
    std::get<1>(pi.value).value.pi_signature.signer_infos.items[0].encrypted_digest.back() ^= 1;
  };
  EXPECT_EQ(ErrorOf(world, parts).code, ErrorCode::kSignatureFailure);
}

TEST_F(GatewayChecks, FaultsOfTheCardholderChainAreErrorsWithTheThumb) {
  parts.change_pi = [](msg::PI& pi) {
    std::get<1>(pi.value).value.pi_signature.certificates.reset();
  };
  EXPECT_EQ(ErrorOf(world, parts).code, ErrorCode::kMissingCertificate);
  parts = PartsOf(world);
  parts.card_signer = &world.merchant_sign;  // the merchant pays with his own certificate
  const Error error = ErrorOf(world, parts);
  EXPECT_EQ(error.code, ErrorCode::kInvalidCertificate);
  EXPECT_TRUE(std::ranges::equal(error.thumb, world.merchant_sign.certificate()->thumb()));
}

TEST_F(GatewayChecks, TheAccountMustBeThatOfTheCertificate) {  // D-5
  auto pan = Must(der::Decode<msg::PANData>(parts.account));
  pan.pan.value.back() = '3';
  parts.account = der::MustEncode(pan);
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kPiAuthMismatch);
  pan = Must(der::Decode<msg::PANData>(PartsOf(world).account));
  pan.pan_secret[0] ^= 1;
  parts.account = der::MustEncode(pan);
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kPiAuthMismatch);
}

TEST_F(GatewayChecks, AnUnsignedPiIsRefusedWhereCertPeRequiresSignatures) {
  // The same Cert-PE with cardCertRequired TRUE, under a hierarchy of its own.
  const auto key = Must(crypto::RsaPrivateKey::Generate(1024));
  auto root = pki::RootProfile("US", "Test", "Root");
  auto profile = pki::GatewayProfile(true, "US", "VISA", "Acquirer", "400000", true);
  for (auto* each : {&root, &profile}) {
    each->not_before = kNow - 1;
    each->not_after = kNow + 1;
  }
  const auto r = Must(pki::MakeCertificate(root, key.public_key(), {key}));
  const auto leaf = Must(pki::MakeCertificate(profile, key.public_key(), {key, r.get()}));
  world.exchange = pki::CertifiedKey{key, {leaf, r}};
  EXPECT_EQ(CodeOf(world, plain), AuthCode::kSignatureRequired);
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kApproved);
}

TEST_F(GatewayChecks, AnUnsignedAccountMustBeginWithAPrefixOfTheBrand) {
  world.bins = {"51", "52"};
  world.keys[0].bins = world.bins;
  EXPECT_EQ(CodeOf(world, plain), AuthCode::kCardMerchBrandMismatch);
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kApproved);  // the certificate vouches for its account
  world.bins = {"51", "4"};
  world.keys[0].bins = world.bins;
  EXPECT_EQ(CodeOf(world, plain), AuthCode::kApproved);
}

// --- step 5 ---

TEST_F(GatewayChecks, APiIsUsedOnce) {
  EXPECT_EQ(CodeOf(world, parts, {.previously_used = true}), AuthCode::kPiPreviouslyUsed);
  parts.head.trans_ids.value.xid[0] ^=
      1;  // a mismatch comes first, and tells nothing of the ledger
  EXPECT_EQ(CodeOf(world, parts, {.previously_used = true}), AuthCode::kPiAuthMismatch);
}

// --- step 6 ---

TEST_F(GatewayChecks, TheMerchantMustHaveSeenTheSameOrder) {
  Parts changed = parts;
  changed.data.auth_req_item.check_digests->h_oi_data.digest.value[0] ^= 1;
  EXPECT_EQ(CodeOf(world, changed), AuthCode::kPiAuthMismatch);
  changed = parts;
  changed.data.auth_req_item.check_digests->hod2.digest.value[0] ^= 1;
  EXPECT_EQ(CodeOf(world, changed), AuthCode::kPiAuthMismatch);
  changed = parts;
  changed.data.auth_req_item.check_digests->hod2.content_type = oid::kOiData;
  EXPECT_EQ(CodeOf(world, changed), AuthCode::kPiAuthMismatch);
  changed = parts;
  changed.head.inputs.hod.digest.value[0] ^= 1;
  EXPECT_EQ(CodeOf(world, changed), AuthCode::kPiAuthMismatch);
  changed = parts;
  changed.data.auth_req_item.check_digests.reset();
  EXPECT_EQ(CodeOf(world, changed), AuthCode::kPiAuthMismatch);
  // Checked behind the ledger (the order of 7.2).
  EXPECT_EQ(CodeOf(world, changed, {.previously_used = true}), AuthCode::kPiPreviouslyUsed);
}

// --- step 7 ---

TEST_F(GatewayChecks, TheMerchantMustBeTheOneThatTheCardholderPays) {
  Parts changed = parts;
  changed.head.merchant_id.value = *der::SetString::FromUtf8("00012346");
  EXPECT_EQ(CodeOf(world, changed), AuthCode::kPiAuthMismatch);
  changed = parts;
  changed.data.auth_req_item.auth_tags.auth_rr_tags.mer_term_ids.merchant_id.value =
      *der::SetString::FromUtf8("00012346");
  EXPECT_EQ(CodeOf(world, changed), AuthCode::kPiAuthMismatch);
}

// --- step 8 ---

TEST_F(GatewayChecks, InstalmentsMustBeThoseThatTheCardholderAgreedTo) {
  msg::InstallRecurData three;
  three.install_recur_ind = msg::InstallTotalTrans(3);
  msg::InstallRecurData four;
  four.install_recur_ind = msg::InstallTotalTrans(4);
  auto& theirs = item().auth_req_payload.install_recur_data;
  theirs = three;
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kInstallRecurMismatch);
  parts.head.install_recur_data = four;
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kInstallRecurMismatch);
  parts.head.install_recur_data = three;
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kApproved);
  theirs.reset();
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kInstallRecurMismatch);
}

// --- step 9 ---

TEST_F(GatewayChecks, CaptureIsRefusedWhereItIsNotSupported) {
  parts.data.capture_now = true;
  parts.data.sale_detail.emplace();
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kApproved);
  world.policy.capture_supported = false;
  EXPECT_EQ(CodeOf(world, parts), AuthCode::kCaptureNotSupported);
}

TEST_F(GatewayChecks, TheAmountStaysWithinPurchAmt) {  // D-48; PurchAmt is USD 157.53
  auto& amount = item().auth_req_payload.auth_req_amt;
  const auto code = [&](int currency, std::int64_t value, std::int64_t exponent,
                        std::int64_t authorized = 0) {
    amount = {currency, value, exponent};
    return CodeOf(world, parts, {.authorized = authorized});
  };
  EXPECT_EQ(code(840, 15752, -2), AuthCode::kApproved);
  EXPECT_EQ(code(840, 15753, -2), AuthCode::kApproved);
  EXPECT_EQ(code(840, 15754, -2), AuthCode::kAmountError);
  EXPECT_EQ(code(978, 15753, -2), AuthCode::kAmountError);
  EXPECT_EQ(code(840, 157530, -3), AuthCode::kApproved);
  EXPECT_EQ(code(840, 157531, -3), AuthCode::kAmountError);
  EXPECT_EQ(code(840, 157, 0), AuthCode::kApproved);
  EXPECT_EQ(code(840, 158, 0), AuthCode::kAmountError);
  EXPECT_EQ(code(840, 1, 40), AuthCode::kAmountError);
  EXPECT_EQ(code(840, INT64_MAX, -2), AuthCode::kAmountError);
  EXPECT_EQ(code(840, 1, INT64_MAX), AuthCode::kAmountError);
  EXPECT_EQ(code(840, 1, INT64_MIN), AuthCode::kAmountError);
  EXPECT_EQ(code(840, 10000, -2, 5753), AuthCode::kApproved);
  EXPECT_EQ(code(840, 10000, -2, 5754), AuthCode::kAmountError);
  EXPECT_EQ(code(840, 1, -2, INT64_MAX), AuthCode::kAmountError);
}

// --- D-50 ---

TEST_F(GatewayChecks, ACardIsGoodToTheEndOfItsMonth) {
  const auto code = [&](const char* expiry) {
    auto token = Must(der::Decode<msg::PANToken>(plain.account));
    token.card_expiry.value = expiry;
    plain.account = der::MustEncode(token);
    return CodeOf(world, plain);
  };
  EXPECT_EQ(code("202512"), AuthCode::kExpiredCard);  // now is 2026-01-15
  EXPECT_EQ(code("202601"), AuthCode::kApproved);
  EXPECT_EQ(code("202602"), AuthCode::kApproved);
}

// --- the answer
// -----------------------------------------------------------------------------------

TEST_F(GatewayChecks, ACaptureIsReportedInsideTheAnswer) {
  parts.data.capture_now = true;
  const auto opened = Must(world.Open(Seal(world, parts)));
  ASSERT_TRUE(opened.capture_now);
  AuthDecision decision;
  decision.code = AuthCode::kApproved;
  decision.approval_code = "ABC123";
  decision.capture = AuthDecision::Capture{7, 3};
  const auto data = ReadAuthRes(world, Must(ComposeAuthRes(world.env(), world.keys, world.trust,
                                                           world.policy, opened, decision)));
  const auto& payload = data.auth_res_payload;
  EXPECT_EQ(payload.auth_header.auth_amt, opened.amount);
  ASSERT_TRUE(payload.cap_res_payload);
  EXPECT_EQ(payload.cap_res_payload->cap_code, msg::CapCode::kSuccess);
  EXPECT_EQ(payload.cap_res_payload->cap_amt, opened.amount);
  EXPECT_EQ(payload.cap_res_payload->batch_id, msg::BatchID(7));
  EXPECT_EQ(payload.cap_res_payload->batch_sequence_num, msg::BatchSequenceNum(3));
  decision.approval_code = "ABC12";  // D-12: exactly 6 characters
  EXPECT_FALSE(
      ComposeAuthRes(world.env(), world.keys, world.trust, world.policy, opened, decision));
}

TEST_F(GatewayChecks, PEThumbIsSentOnlyToAMerchantThatSaysHeLacksIt) {  // D-54
  AuthDecision decision;
  decision.code = AuthCode::kDeclined;
  const auto thumb = [&](const std::optional<msg::Thumbs>& thumbs) {
    parts.data.m_thumbs = thumbs;
    const auto opened = Must(world.Open(Seal(world, parts)));
    return ReadAuthRes(world, Must(ComposeAuthRes(world.env(), world.keys, world.trust,
                                                  world.policy, opened, decision)))
        .pe_thumb;
  };
  EXPECT_FALSE(thumb(parts.data.m_thumbs));
  EXPECT_FALSE(thumb(std::nullopt));
  const auto sent = thumb(msg::Thumbs{});
  ASSERT_TRUE(sent);
  EXPECT_TRUE(std::ranges::equal(sent->thumbprint.value, world.exchange.certificate()->thumb()));
}

TEST_F(GatewayChecks, TheBrandCrlIdentifierIsSentUnlessTheMerchantHasIt) {
  const auto pki = world.Load("pki/pki");
  ASSERT_TRUE(world.trust.AddRevocation(pki.Hex("crl.der")));
  ASSERT_TRUE(world.trust.AddRevocation(pki.Hex("bci.der")));
  AuthDecision decision;
  decision.code = AuthCode::kDeclined;
  const auto answer = [&] {
    const auto opened = Must(world.Open(Seal(world, parts)));
    return ReadAuthRes(world, Must(ComposeAuthRes(world.env(), world.keys, world.trust,
                                                  world.policy, opened, decision)));
  };
  EXPECT_EQ(answer().brand_crl_identifier->der, pki.Hex("bci.der"));
  msg::Digest thumb;
  thumb.value = pki.Hex("bci.thumb");
  parts.data.m_thumbs->brand_crl_id_thumbs = {thumb};
  EXPECT_FALSE(answer().brand_crl_identifier);
}

TEST_F(GatewayChecks, AMismatchIsAnsweredToo) {
  parts.head.trans_ids.value.xid[0] ^= 1;
  const auto opened = Must(world.Open(Seal(world, parts)));
  EXPECT_TRUE(opened.pan.empty());
  AuthDecision decision;
  decision.code = JudgeAuthReq(world.env(), opened, {});
  const auto data = ReadAuthRes(world, Must(ComposeAuthRes(world.env(), world.keys, world.trust,
                                                           world.policy, opened, decision)));
  EXPECT_EQ(data.auth_res_payload.auth_header.auth_code, AuthCode::kPiAuthMismatch);
}

}  // namespace
}  // namespace setcore
