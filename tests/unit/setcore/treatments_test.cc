// Treatments against the vectors, both ways and with every intermediate value; D-6, D-4.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "setcore/asn1/codec.h"
#include "setcore/crypto/random.h"
#include "setcore/messages/authorization.h"
#include "setcore/messages/purchase_init.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/messages/wrapper.h"
#include "setcore/treatments/digested.h"
#include "setcore/treatments/enveloped.h"
#include "setcore/treatments/signed.h"
#include "unit/setcore/vector_pki.h"

namespace setcore::treatments {
namespace {

using pki::Role;
using vectors::kNow;
using vectors::Must;

struct Party {
  pki::CertifiedKey sign;
  pki::CertifiedKey exchange;
};

// Everything of one set.
struct World {
  explicit World(const std::string& name)
      : set(name),
        cardholder(vectors::KeyOf(name, "cardholder")),
        merchant{vectors::KeyOf(name, "merchant-sign"), vectors::KeyOf(name, "merchant-exchange")},
        gateway{vectors::KeyOf(name, "gateway-sign"), vectors::KeyOf(name, "gateway-exchange")} {
    vectors::TrustRootOf(name, trust);
  }
  vectors::File Load(const std::string& name) const {
    return vectors::Load(set + "/" + name + ".txt");
  }
  std::string set;
  pki::CertifiedKey cardholder;
  Party merchant;
  Party gateway;
  pki::TrustStore trust;
  SystemRandom random;
};

EnvelopeRandoms RandomsOf(const vectors::File& file, std::size_t nth = 0) {
  EnvelopeRandoms randoms;
  std::ranges::copy(file.Hex("des-key", nth), randoms.des_key.octets.begin());
  std::ranges::copy(file.Hex("iv", nth), randoms.iv.begin());
  std::ranges::copy(file.Hex("oaep.e-salt", nth), randoms.oaep.salt.octets.begin());
  randoms.oaep.i = file.Hex("oaep.i", nth).at(0);
  return randoms;
}

Octets MessageOf(const vectors::File& file, const std::string& name = "MessageWrapper") {
  return Must(der::Decode<msg::MessageWrapper>(file.Hex(name))).message.der;
}

msg::SignedData Signed(const vectors::File& file) {
  return Must(der::Decode<msg::SignedData>(file.Hex("signed-data-der")));
}

const char* const kSetNames[] = {"set-1024", "set-2048"};
class Treatments : public ::testing::TestWithParam<const char*> {
 protected:
  World world{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Sets, Treatments, ::testing::ValuesIn(kSetNames));

// --- DD, L, TransStain --------------------------------------------------------------------------

TEST_P(Treatments, DigestsAreThoseOfTheVectors) {
  const auto hod = world.Load("03-hodinput-hod");
  const auto oi = world.Load("04-oidata");
  const auto pi = world.Load("06-pandata-pidata");
  const auto head = world.Load("05-pihead");
  EXPECT_EQ(der::MustEncode(DetachedDigest(oid::kHodInput, hod.Hex("HODInput.der"))),
            hod.Hex("HODInput.DD"));
  EXPECT_EQ(der::MustEncode(DetachedDigest(oid::kOiData, oi.Hex("OIData.der"))),
            oi.Hex("OIData.DD"));
  EXPECT_EQ(der::MustEncode(DetachedDigest(oid::kPiData, pi.Hex("PIData.der"))),
            pi.Hex("PIData.DD"));
  const auto dd = Must(der::Decode<msg::DigestedData>(oi.Hex("OIData.DD")));
  EXPECT_TRUE(IsDetachedDigest(dd, oid::kOiData, oi.Hex("OIData.der")));
  EXPECT_FALSE(IsDetachedDigest(dd, oid::kPiData, oi.Hex("OIData.der")));
  EXPECT_FALSE(IsDetachedDigest(dd, oid::kOiData, pi.Hex("PIData.der")));
  EXPECT_EQ(Link(head.Hex("PIHead"), oid::kOiData, oi.Hex("OIData.der")),
            world.Load("07-ex-envelope").Hex("PI-OILink"));
}

TEST_P(Treatments, TransStainIsTheHmacOfTheXidUnderCardSecret) {
  const auto pihead = Must(der::Decode<msg::PIHead>(world.Load("05-pihead").Hex("PIHead")));
  const auto secrets = world.Load("pki/pki");
  EXPECT_TRUE(std::ranges::equal(TransStain(pihead.trans_ids.value.xid, secrets.Hex("card-secret")),
                                 pihead.trans_stain.value));
}

TEST(DetachedDigestForm, AnotherAlgorithmVersionTypeOrSizeIsNotEqual) {
  const Octets t{0x05, 0x00};
  const msg::DigestedData good = DetachedDigest(oid::kPi, t);
  EXPECT_TRUE(HasDetachedDigestForm(good, oid::kPi));
  msg::DigestedData bad = good;
  bad.digest_algorithm.algorithm = oid::kDesCbc;
  EXPECT_FALSE(IsDetachedDigest(bad, oid::kPi, t));
  bad = good;
  bad.digest_algorithm.parameters.reset();
  EXPECT_TRUE(IsDetachedDigest(bad, oid::kPi, t));
  bad.digest_algorithm.parameters = msg::Any{{0x04, 0x00}};
  EXPECT_FALSE(IsDetachedDigest(bad, oid::kPi, t));
  bad = good;
  bad.version = 1;
  EXPECT_FALSE(IsDetachedDigest(bad, oid::kPi, t));
  bad = good;
  bad.digest.value.pop_back();
  EXPECT_FALSE(HasDetachedDigestForm(bad, oid::kPi));
  bad = good;
  bad.digest.value[0] ^= 1;
  EXPECT_FALSE(IsDetachedDigest(bad, oid::kPi, t));
  EXPECT_FALSE(SameDetachedDigest(bad, good, oid::kPi));
  EXPECT_TRUE(SameDetachedDigest(good, good, oid::kPi));
  EXPECT_FALSE(SameDetachedDigest(good, good, oid::kOiData));
}

// --- S and SO -----------------------------------------------------------------------------------

// Checks every intermediate value of one SignedData, and makes it again.
void CheckSigned(const vectors::File& file, const Signer& signer, const der::Oid& type,
                 bool attached) {
  const Octets content = file.Hex("content-der");
  EXPECT_EQ(file.Text("content-type-oid"), type.Text());
  const msg::SignedData made =
      attached ? Sign(signer, type, content) : SignDetached(signer, type, content);
  EXPECT_TRUE(std::ranges::equal(crypto::Sha1(content), file.Hex("content-sha1")));
  const auto& info = made.signer_infos.items.front();
  EXPECT_EQ(info.authenticated_attributes->der, file.Hex("authenticated-attributes-der"));
  EXPECT_TRUE(std::ranges::equal(crypto::Sha1(info.authenticated_attributes->der),
                                 file.Hex("authenticated-attributes-sha1")));
  EXPECT_EQ(info.encrypted_digest, file.Hex("signature"));
  EXPECT_EQ(der::MustEncode(made), file.Hex("signed-data-der"));
}

TEST_P(Treatments, PInitResIsSignedBitForBitAndVerifies) {
  const auto file = world.Load("02-pinitres");
  const Signer signer{world.merchant.sign.key, world.merchant.sign.chain,
                      world.gateway.exchange.chain};
  CheckSigned(file, signer, oid::kPInitResData, true);
  const auto s = Must(der::Decode<msg::SignedData>(MessageOf(file)));
  const auto verified =
      VerifySigned(s, oid::kPInitResData, world.trust, Role::kMerchantSignature, kNow);
  ASSERT_TRUE(verified) << verified.error().detail;
  EXPECT_EQ(verified->chain.size(), 4U);
  EXPECT_EQ(verified->signer()->thumb(), world.merchant.sign.certificate()->thumb());
}

TEST_P(Treatments, PISignatureIsMadeBitForBitAndVerifiesOverItsDetachedContent) {
  const auto file = world.Load("08-pisignature");
  CheckSigned(file, {world.cardholder.key, world.cardholder.chain}, oid::kPiTbs, false);
  const msg::SignedData s = Signed(file);
  const Octets content = file.Hex("content-der");
  EXPECT_TRUE(
      VerifyDetached(s, oid::kPiTbs, content, world.trust, Role::kCardholderSignature, kNow));
  Octets other = content;
  other.back() ^= 1;
  const auto wrong =
      VerifyDetached(s, oid::kPiTbs, other, world.trust, Role::kCardholderSignature, kNow);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::kSignatureFailure);
  EXPECT_FALSE(VerifySigned(s, oid::kPiTbs, world.trust, Role::kCardholderSignature, kNow));
}

TEST_P(Treatments, PResIsSignedBitForBit) {
  const auto file = world.Load("12-pres");
  CheckSigned(file, {world.merchant.sign.key, world.merchant.sign.chain}, oid::kPResData, true);
}

// --- D-6 ----------------------------------------------------------------------------------------

using Change = std::function<void(msg::SignedData&)>;

ErrorCode CodeAfter(World& world, const Change& change) {
  msg::SignedData s = Signed(world.Load("02-pinitres"));
  change(s);
  const auto verified =
      VerifySigned(s, oid::kPInitResData, world.trust, Role::kMerchantSignature, kNow);
  if (verified) throw std::runtime_error("verifies in spite of the change");
  return verified.error().code;
}

TEST(SignedForm, WhatNoSignatureCoversIsJudgedAllTheSame) {
  World world("set-1024");
  const Change changes[] = {
      [](auto& s) { s.version = 3; },
      [](auto& s) { s.version = 0; },
      [](auto& s) { s.digest_algorithms.items.clear(); },
      [](auto& s) { s.digest_algorithms.items.push_back(msg::WithNull(oid::kDesCbc)); },
      [](auto& s) {
        s.digest_algorithms.items[0].parameters = msg::Any{{0x04, 0x00}};
      },
      [](auto& s) { s.signer_infos.items.push_back(s.signer_infos.items[0]); },
      [](auto& s) { s.signer_infos.items.clear(); },
      [](auto& s) { s.signer_infos.items[0].version = 3; },
      [](auto& s) { s.signer_infos.items[0].digest_algorithm.algorithm = oid::kDesCbc; },
      [](auto& s) {
        s.signer_infos.items[0].digest_encryption_algorithm.algorithm = oid::kSha1WithRsaSignature;
      },
      [](auto& s) {
        s.signer_infos.items[0].digest_encryption_algorithm.parameters = msg::Any{{0x30, 0x00}};
      },
      [](auto& s) { s.signer_infos.items[0].unauthenticated_attributes.emplace(); },
      [](auto& s) { s.signer_infos.items[0].authenticated_attributes.reset(); },
      [](auto& s) {
        s.signer_infos.items[0].authenticated_attributes->attributes.items.pop_back();
      },
      [](auto& s) {
        auto& items = s.signer_infos.items[0].authenticated_attributes->attributes.items;
        items[1] = items[0];
      },
      [](auto& s) {
        auto& items = s.signer_infos.items[0].authenticated_attributes->attributes.items;
        items.push_back(items[0]);
      },
      [](auto& s) {
        auto& items = s.signer_infos.items[0].authenticated_attributes->attributes.items;
        items[0].values.push_back(items[0].values[0]);
      },
      [](auto& s) { s.content_info.content_type = oid::kPResData; },
      [](auto& s) { s.content_info.content.reset(); },
      [](auto& s) { s.content_info.content->der.back() ^= 1; },
      [](auto& s) { s.signer_infos.items[0].encrypted_digest.back() ^= 1; },
      [](auto& s) { s.signer_infos.items[0].authenticated_attributes->der.back() ^= 1; },
  };
  for (std::size_t i = 0; i < std::size(changes); ++i) {
    EXPECT_EQ(CodeAfter(world, changes[i]), ErrorCode::kSignatureFailure) << "change " << i;
  }
}

TEST(SignedForm, VersionOneAndAbsentParametersAreAccepted) {
  World world("set-1024");
  msg::SignedData s = Signed(world.Load("02-pinitres"));
  s.version = 1;
  s.signer_infos.items[0].version = 1;
  s.digest_algorithms.items[0].parameters.reset();
  s.signer_infos.items[0].digest_algorithm.parameters.reset();
  s.signer_infos.items[0].digest_encryption_algorithm.parameters.reset();
  EXPECT_TRUE(VerifySigned(s, oid::kPInitResData, world.trust, Role::kMerchantSignature, kNow));
}

TEST(SignedForm, TheOrderOfCertificatesDoesNotMatterAndAMissingOneIsNamed) {
  World world("set-1024");
  EXPECT_EQ(CodeAfter(world, [](auto& s) { s.certificates.reset(); }),
            ErrorCode::kMissingCertificate);
  EXPECT_EQ(
      CodeAfter(world, [](auto& s) { s.certificates->items.erase(s.certificates->items.begin()); }),
      ErrorCode::kMissingCertificate);
  EXPECT_EQ(CodeAfter(world,
                      [](auto& s) {
                        s.certificates->items[0].der = {0x30, 0x00};
                      }),
            ErrorCode::kDecodingFailure);
  msg::SignedData s = Signed(world.Load("02-pinitres"));
  std::ranges::reverse(s.certificates->items);
  EXPECT_TRUE(VerifySigned(s, oid::kPInitResData, world.trust, Role::kMerchantSignature, kNow));
}

TEST(SignedForm, WhatTheReceiverKnowsAndWhatIsThereAlreadyIsLeftOut) {
  World world("set-1024");
  const crypto::Sha1Digest known[] = {world.merchant.sign.chain[1]->thumb()};
  const Signer signer{.key = world.merchant.sign.key,
                      .chain = world.merchant.sign.chain,
                      .more = world.merchant.exchange.chain,
                      .known = known};
  const msg::SignedData s = Sign(signer, oid::kPResData, Octets{0x05, 0x00});
  ASSERT_EQ(s.certificates->items.size(), 3U);  // leaf, brand CA, the other leaf
  EXPECT_TRUE(
      std::ranges::equal(s.certificates->items[0].der, world.merchant.sign.certificate()->der()));
}

// --- envelopes ----------------------------------------------------------------------------------

void CheckEnvelope(const vectors::File& file, const msg::EnvelopedData& made, std::size_t nth = 0) {
  EXPECT_EQ(*made.encrypted_content_info.encrypted_content, file.Hex("ciphertext", nth));
  EXPECT_EQ(made.recipient_infos.items.front().encrypted_key, file.Hex("encrypted-key", nth));
  EXPECT_EQ(der::MustEncode(made), file.Hex("enveloped-data-der", nth));
}

TEST_P(Treatments, ExIsSealedBitForBitAndOpens) {
  const auto file = world.Load("07-ex-envelope");
  const auto pan = world.Load("06-pandata-pidata");
  const msg::EnvelopedData made = Must(SealLinked(
      *world.gateway.exchange.certificate(), oid::kPiDualSignedTbe, file.Hex("PI-OILink"),
      oid::kPanData, pan.Hex("PANData.der"), crypto::OaepUse::kExPanData, RandomsOf(file)));
  EXPECT_EQ(Link(file.Hex("PI-OILink"), oid::kPanData, pan.Hex("PANData.der")),
            file.Hex("plaintext"));
  CheckEnvelope(file, made);

  const ExchangeKey keys[] = {
      {&world.gateway.exchange.key, world.gateway.exchange.certificate().get()}};
  const auto opened = OpenLinked(keys, made, oid::kPiDualSignedTbe, oid::kPanData,
                                 crypto::OaepUse::kExPanData, world.random);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_TRUE(std::ranges::equal(opened->t, file.Hex("PI-OILink")));
  EXPECT_TRUE(std::ranges::equal(opened->opened.plaintext.view(), file.Hex("plaintext")));
  EXPECT_TRUE(std::ranges::equal(opened->opened.extra.view(), pan.Hex("PANData.der")));
}

TEST_P(Treatments, ExhIsSealedBitForBitAndOpens) {
  const auto file = world.Load("18-preq-unsigned");
  const msg::PReq preq = Must(der::Decode<msg::PReq>(MessageOf(file)));
  const auto& envelope = std::get<msg::PReqUnsigned>(preq.value).pi_unsigned.value;
  const ExchangeKey keys[] = {
      {&world.gateway.exchange.key, world.gateway.exchange.certificate().get()}};
  const auto opened = OpenLinked(keys, envelope, oid::kPiUnsignedTbe, oid::kPanToken,
                                 crypto::OaepUse::kExhPanToken, world.random);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_TRUE(std::ranges::equal(opened->opened.extra.view(), file.Hex("PANToken")));
  EXPECT_TRUE(
      std::ranges::equal(crypto::Sha1(opened->opened.plaintext.view()), file.Hex("oaep.hd")));
  EXPECT_EQ(Link(file.Hex("PIHead"), oid::kOiData, file.Hex("OIData")),
            Octets(opened->t.begin(), opened->t.end()));
  CheckEnvelope(file, Must(SealLinked(*world.gateway.exchange.certificate(), oid::kPiUnsignedTbe,
                                      opened->t, oid::kPanToken, file.Hex("PANToken"),
                                      crypto::OaepUse::kExhPanToken, RandomsOf(file))));
}

TEST_P(Treatments, AuthReqIsSealedBitForBitAndOpens) {
  const auto file = world.Load("10-authreq");
  const Signer signer{world.merchant.sign.key, world.merchant.sign.chain,
                      world.merchant.exchange.chain};
  CheckSigned(file, signer, oid::kAuthReqTbs, true);
  const msg::EnvelopedData made =
      Must(SealEncB(signer, *world.gateway.exchange.certificate(), kAuthReqTypes,
                    file.Hex("AuthReqData"), file.Hex("PI"), RandomsOf(file)));
  EXPECT_EQ(der::MustEncode(DetachedDigest(oid::kPi, file.Hex("PI"))), file.Hex("DD(PI)"));
  CheckEnvelope(file, made);

  const ExchangeKey keys[] = {
      {&world.gateway.exchange.key, world.gateway.exchange.certificate().get()}};
  const Environment env{kNow, &world.random};
  const auto authreq = Must(der::Decode<msg::AuthReq>(MessageOf(file)));
  const auto opened = OpenEncB(keys, authreq.enc, Must(der::KeptDer(authreq.baggage)),
                               kAuthReqTypes, world.trust, Role::kMerchantSignature, env);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->t, file.Hex("AuthReqData"));
  EXPECT_EQ(opened->recipient, world.gateway.exchange.certificate().get());

  Octets other = file.Hex("PI");
  other.back() ^= 1;
  const auto swapped =
      OpenEncB(keys, authreq.enc, other, kAuthReqTypes, world.trust, Role::kMerchantSignature, env);
  ASSERT_FALSE(swapped);
  EXPECT_EQ(swapped.error().code, ErrorCode::kSignatureFailure);
}

TEST_P(Treatments, AuthResOpensForTheMerchant) {
  for (const auto& [name, value] : {std::pair{"11-authres", "MessageWrapper"},
                                    std::pair{"19-declined", "AuthRes.MessageWrapper"}}) {
    const auto file = world.Load(name);
    const auto authres = Must(der::Decode<msg::AuthRes>(MessageOf(file, value)));
    const auto& encb = std::get<0>(authres.value);
    const ExchangeKey keys[] = {
        {&world.merchant.sign.key, world.merchant.sign.certificate().get()},
        {&world.merchant.exchange.key, world.merchant.exchange.certificate().get()}};
    const auto opened = OpenEncB(keys, encb.enc, Must(der::KeptDer(encb.baggage)), kAuthResTypes,
                                 world.trust, Role::kGatewaySignature, {kNow, &world.random});
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_TRUE(der::Decode<msg::AuthResData>(opened->t));
  }
}

// Every failure of an envelope is the same one.
TEST_P(Treatments, WhateverIsWrongWithAnEnvelopeLooksTheSame) {
  const auto file = world.Load("07-ex-envelope");
  const auto good = Must(der::Decode<msg::EnvelopedData>(file.Hex("enveloped-data-der")));
  const ExchangeKey keys[] = {
      {&world.gateway.exchange.key, world.gateway.exchange.certificate().get()}};
  const auto open = [&](const msg::EnvelopedData& e) {
    return OpenLinked(keys, e, oid::kPiDualSignedTbe, oid::kPanData, crypto::OaepUse::kExPanData,
                      world.random);
  };
  ASSERT_TRUE(open(good));
  using Damage = std::function<void(msg::EnvelopedData&)>;
  const Damage damages[] = {
      [](auto& e) { e.version = 0; },
      [](auto& e) { e.recipient_infos.items.clear(); },
      [](auto& e) { e.recipient_infos.items.push_back(e.recipient_infos.items[0]); },
      [](auto& e) { e.recipient_infos.items[0].version = 1; },
      [](auto& e) { e.recipient_infos.items[0].key_encryption_algorithm.parameters.reset(); },
      [](auto& e) {
        e.recipient_infos.items[0].key_encryption_algorithm.algorithm = oid::kRsaEncryption;
      },
      [](auto& e) {
        e.recipient_infos.items[0].issuer_and_serial_number.serial_number.contents[0] ^= 1;
      },
      [](auto& e) { e.recipient_infos.items[0].encrypted_key[5] ^= 1; },
      [](auto& e) { e.recipient_infos.items[0].encrypted_key.pop_back(); },
      [](auto& e) { e.recipient_infos.items[0].encrypted_key.assign(128, 0xFF); },
      [](auto& e) { e.encrypted_content_info.content_type = oid::kPiUnsignedTbe; },
      [](auto& e) {
        e.encrypted_content_info.content_encryption_algorithm.algorithm = oid::kDesCdmf;
      },
      [](auto& e) { e.encrypted_content_info.content_encryption_algorithm.parameters.reset(); },
      [](auto& e) {
        e.encrypted_content_info.content_encryption_algorithm.parameters = msg::Any{{4, 1, 0}};
      },
      // The first block: the outer SEQUENCE; one inside: DD(PANData); the last one: padding.
      [](auto& e) { e.encrypted_content_info.encrypted_content->front() ^= 1; },
      [](auto& e) { (*e.encrypted_content_info.encrypted_content)[280] ^= 1; },
      [](auto& e) { e.encrypted_content_info.encrypted_content->back() ^= 1; },
      [](auto& e) { e.encrypted_content_info.encrypted_content->pop_back(); },
      [](auto& e) { e.encrypted_content_info.encrypted_content.reset(); },
  };
  for (std::size_t i = 0; i < std::size(damages); ++i) {
    msg::EnvelopedData bad = good;
    damages[i](bad);
    const auto opened = open(bad);
    ASSERT_FALSE(opened) << "damage " << i;
    EXPECT_EQ(opened.error().code, ErrorCode::kDecodingFailure) << "damage " << i;
    EXPECT_TRUE(opened.error().envelope) << "damage " << i;
    EXPECT_EQ(opened.error().detail, "envelope cannot be opened") << "damage " << i;
  }
  const auto other_use = OpenLinked(keys, good, oid::kPiDualSignedTbe, oid::kPanData,
                                    crypto::OaepUse::kExhPanToken, world.random);
  ASSERT_FALSE(other_use);
  EXPECT_TRUE(other_use.error().envelope);
}

TEST_P(Treatments, ExhNoticesAChangeThatKeepsTheDer) {
  const auto file = world.Load("18-preq-unsigned");
  const Octets pan = file.Hex("PANToken");
  const Octets t = Link(file.Hex("PIHead"), oid::kOiData, file.Hex("OIData"));
  // L() of another PANToken than the one in the block.
  Octets other = pan;
  other.back() ^= 1;
  const msg::EnvelopedData mixed = Must(Seal(*world.gateway.exchange.certificate(),
                                             oid::kPiUnsignedTbe, Link(t, oid::kPanToken, other),
                                             crypto::OaepUse::kExhPanToken, pan, RandomsOf(file)));
  const ExchangeKey keys[] = {
      {&world.gateway.exchange.key, world.gateway.exchange.certificate().get()}};
  const auto opened = OpenLinked(keys, mixed, oid::kPiUnsignedTbe, oid::kPanToken,
                                 crypto::OaepUse::kExhPanToken, world.random);
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().envelope);
}

// --- what a sender draws
// --------------------------------------------------------------------------

class Counting : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override {
    sizes.push_back(out.size());
    for (auto& octet : out) octet = static_cast<std::uint8_t>(next);
    next += 0x40;
  }
  std::vector<std::size_t> sizes;
  int next = 0;
};

TEST(EnvelopeRandomsTest, AreDrawnInTheDocumentedOrderAndIStaysIn01To7F) {
  Counting random;
  const EnvelopeRandoms randoms = DrawEnvelopeRandoms(random);
  // I: the fourth draw is C0 and the fifth 00, both refused; the sixth is 40.
  EXPECT_EQ(random.sizes, (std::vector<std::size_t>{8, 8, 16, 1, 1, 1}));
  EXPECT_EQ(randoms.oaep.i, 0x40);
  EXPECT_EQ(randoms.des_key.octets[0], 0x01);  // odd parity of 00
  EXPECT_EQ(randoms.iv[0], 0x40);
}

TEST_P(Treatments, DesKeysOfTheVectorsAreTheDrawnOctetsWithOddParity) {
  const auto file = world.Load("10-authreq");
  Octets key = file.Hex("random.auth-des-key");
  crypto::SetOddParity(key);
  EXPECT_EQ(key, file.Hex("des-key"));
}

}  // namespace
}  // namespace setcore::treatments
