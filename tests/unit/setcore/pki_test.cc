// Certificates, chains, revocation and the certificate maker: the vectors, X509 of OpenSSL as an
// independent oracle, and hierarchies made on the spot with one thing wrong.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "setcore/asn1/oids.h"
#include "setcore/crypto/library.h"
#include "setcore/crypto/pkcs8.h"
#include "setcore/messages/certificate_extensions.h"
#include "setcore/pki/brand.h"
#include "setcore/pki/certificate_maker.h"
#include "setcore/pki/signed_value.h"
#include "setcore/pki/trust_store.h"
#include "unit/setcore/vector_pki.h"

namespace setcore::pki {
namespace {

using crypto::RsaPrivateKey;
using vectors::kNow;
using vectors::Must;

constexpr const char* kNames[] = {"cardholder", "merchant-sign", "merchant-exchange",
                                  "gateway-sign", "gateway-exchange"};
constexpr Role kRolesOfNames[] = {Role::kCardholderSignature, Role::kMerchantSignature,
                                  Role::kMerchantExchange, Role::kGatewaySignature,
                                  Role::kGatewayExchange};

// --- brands -------------------------------------------------------------------------------------

TEST(Brand, OnlyThePartBeforeTheColonCountsWithoutCase) {
  EXPECT_TRUE(SameBrand("VISA:Gold", "visa"));
  EXPECT_TRUE(SameBrand("VISA", "VISA:Classic:PCN"));
  EXPECT_FALSE(SameBrand("VISA", "VIS"));
  EXPECT_FALSE(SameBrand("VISA", "MasterCard"));
  EXPECT_FALSE(SameBrand("", "VISA"));
  EXPECT_TRUE(SameBrand(":Gold", ""));
  EXPECT_EQ(BrandPart("VISA:Gold:x"), "VISA");
}

// --- the vectors
// ----------------------------------------------------------------------------------

TEST(PkiVectors, ThumbsAreThoseOfTheToBeSignedParts) {
  for (const std::string set : vectors::kSets) {
    const auto file = vectors::Load(set + "/pki/pki.txt");
    int seen = 0;
    for (const char* name : kNames) {
      for (const CertificatePtr& certificate : vectors::ChainOf(set, name)) {
        ASSERT_EQ(certificate->serial().size(), 1U);
        const Octets thumb =
            file.Hex("thumb.serial-" + std::to_string(int{certificate->serial()[0]}));
        EXPECT_TRUE(std::ranges::equal(certificate->thumb(), thumb));
        ++seen;
      }
    }
    EXPECT_EQ(seen, 20);
  }
}

TEST(PkiVectors, ExtensionsSayWhatThePartiesAre) {
  const auto gateway = vectors::ChainOf("set-1024", "gateway-exchange");
  EXPECT_EQ(gateway[0]->types(), kPgwy);
  EXPECT_EQ(gateway[0]->key_usage(), kKeyEncipherment | kDataEncipherment);
  EXPECT_FALSE(gateway[0]->card_cert_required());
  ASSERT_TRUE(gateway[0]->tunneling());
  EXPECT_TRUE(gateway[0]->tunneling()->tunneling);
  EXPECT_EQ(gateway[0]->tunneling()->algorithms, std::vector<der::Oid>{oid::kDesCbc});
  EXPECT_TRUE(gateway[0]->set_extensions().empty());
  EXPECT_EQ(gateway[1]->types(), kPca);
  EXPECT_EQ(gateway[2]->types(), kBca);
  EXPECT_EQ(gateway[3]->types(), kRca);
  EXPECT_EQ(gateway[3]->hashed_root_key().size(), 20U);
  EXPECT_TRUE(gateway[3]->is_ca());
  const auto merchant = vectors::ChainOf("set-1024", "merchant-sign")[0];
  ASSERT_TRUE(merchant->merchant_data());
  EXPECT_EQ(merchant->merchant_data()->merchant_id, "00012345");
  EXPECT_EQ(merchant->subject_parts().organization, "VISA");
  EXPECT_EQ(merchant->subject_parts().units, (std::vector<std::string>{"Test Bank", "Test Shop"}));
  const auto card = vectors::ChainOf("set-1024", "cardholder")[0];
  EXPECT_EQ(card->subject_parts().organization, "VISA:Gold");
}

TEST(PkiVectors, UniqueCardholderIdIsTheCommonName) {
  for (const std::string set : vectors::kSets) {
    const auto file = vectors::Load(set + "/pki/pki.txt");
    const std::string id =
        UniqueCardholderId(file.Text("pan"), file.Text("card-expiry"), file.Hex("pan-secret"));
    EXPECT_EQ(id, file.Text("unique-cardholder-id"));
    EXPECT_EQ(id, vectors::ChainOf(set, "cardholder")[0]->subject_parts().common_name);
  }
}

TEST(PkiVectors, ChainsVerifyForTheirRoleAndForNoOther) {
  for (const std::string set : vectors::kSets) {
    TrustStore trust;
    vectors::TrustRootOf(set, trust);
    for (std::size_t i = 0; i < std::size(kNames); ++i) {
      const Chain chain = vectors::ChainOf(set, kNames[i]);
      for (const Role role : kRolesOfNames) {
        const auto verified = trust.Verify(chain[0], chain, {}, role, kNow);
        EXPECT_EQ(verified.has_value(), role == kRolesOfNames[i]) << kNames[i];
        if (verified) {
          EXPECT_EQ(verified->size(), 4U);
        } else {
          EXPECT_EQ(verified.error().code, ErrorCode::kInvalidCertificate);
        }
      }
      const bool signs = i == 0 || i == 1 || i == 3;
      EXPECT_EQ(trust.Verify(chain[0], chain, {}, Role::kAnySignature, kNow).has_value(), signs);
    }
  }
}

TEST(PkiVectors, CrlAndBrandCrlIdentifierAreReadAndHold) {
  for (const std::string set : vectors::kSets) {
    const auto file = vectors::Load(set + "/pki/pki.txt");
    const auto crl = Must(Crl::Parse(file.Hex("crl.der")));
    EXPECT_TRUE(std::ranges::equal(crl->thumb(), file.Hex("crl.thumb")));
    EXPECT_TRUE(crl->Revokes(Octets{0x12, 0x67}));
    EXPECT_FALSE(crl->Revokes(Octets{0x07}));
    EXPECT_FALSE(crl->Revokes(Octets{0x12}));
    const auto bci = Must(BrandCrlIdentifier::Parse(file.Hex("bci.der")));
    EXPECT_TRUE(std::ranges::equal(bci->thumb(), file.Hex("bci.thumb")));
    EXPECT_EQ(bci->brand_id(), "VISA");
    ASSERT_EQ(bci->crls().size(), 1U);

    TrustStore trust;
    vectors::TrustRootOf(set, trust);
    const Chain chain = vectors::ChainOf(set, "merchant-sign");
    const CrlPtr crls[] = {crl};
    EXPECT_TRUE(trust.CheckBrandCrlIdentifier(*bci, chain, crls, "VISA", kNow));
    const auto code = [&](std::span<const CertificatePtr> others, std::span<const CrlPtr> have,
                          std::string_view brand, Time now) {
      const auto checked = trust.CheckBrandCrlIdentifier(*bci, others, have, brand, now);
      return checked ? ErrorCode{} : checked.error().code;
    };
    EXPECT_EQ(code(chain, {}, "VISA", kNow), ErrorCode::kMissingCertificate);  // D-32
    EXPECT_EQ(code({}, crls, "VISA", kNow), ErrorCode::kSignatureFailure);
    EXPECT_EQ(code(chain, crls, "Amex", kNow), ErrorCode::kInvalidCertificate);
    EXPECT_EQ(code(chain, crls, "VISA", bci->not_after()), ErrorCode{});
    EXPECT_EQ(code(chain, crls, "VISA", bci->not_after() + 1), ErrorCode::kExpiredCertificate);
    EXPECT_EQ(code(chain, crls, "VISA", bci->not_before() - 1), ErrorCode::kInvalidCertificate);

    TrustStore configured;
    vectors::TrustRootOf(set, configured);
    EXPECT_TRUE(configured.AddRevocation(vectors::ReadAll(set + "/pki/merchant-ca.crl.pem")));
    EXPECT_TRUE(configured.AddRevocation(file.Hex("bci.der")));
    EXPECT_FALSE(configured.AddRevocation(Octets{0x30, 0x00}));
    EXPECT_EQ(configured.crls().size(), 1U);
    EXPECT_NE(configured.CurrentBrandCrlIdentifier("visa:Gold", kNow), nullptr);
    EXPECT_EQ(configured.CurrentBrandCrlIdentifier("Amex", kNow), nullptr);
    EXPECT_TRUE(configured.CheckBrandCrlIdentifier(*bci, chain, {}, "VISA", kNow));
  }
}

// --- OpenSSL as oracle --------------------------------------------------------------------------

struct X509Free {
  void operator()(X509* x) const { X509_free(x); }
};
using X509Ptr = std::unique_ptr<X509, X509Free>;

X509Ptr ToX509(OctetView der) {
  X509* x = X509_new_ex(crypto::Get().context, nullptr);
  const unsigned char* data = der.data();
  d2i_X509(&x, &data, static_cast<long>(der.size()));
  return X509Ptr(x);
}

int AcceptSetExtensions(int ok, X509_STORE_CTX* context) {
  if (ok == 0 && X509_STORE_CTX_get_error(context) == X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION) {
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
  }
  return ok;
}

bool X509Verifies(const Chain& chain, const CertificatePtr& root, Time now) {
  X509_STORE* store = X509_STORE_new();
  const X509Ptr anchor = ToX509(root->der());
  X509_STORE_add_cert(store, anchor.get());
  STACK_OF(X509)* others = sk_X509_new_null();
  std::vector<X509Ptr> keep;
  for (const CertificatePtr& certificate : chain) {
    keep.push_back(ToX509(certificate->der()));
    sk_X509_push(others, keep.back().get());
  }
  X509_STORE_CTX* context = X509_STORE_CTX_new_ex(crypto::Get().context, nullptr);
  X509_STORE_CTX_init(context, store, keep.front().get(), others);
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_auth_level(param, 0);
  X509_VERIFY_PARAM_set_time(param, now);
  X509_STORE_CTX_set_verify_cb(context, AcceptSetExtensions);
  const bool verified = X509_verify_cert(context) == 1;
  X509_STORE_CTX_free(context);
  sk_X509_free(others);
  X509_STORE_free(store);
  return verified;
}

TEST(Oracle, OurKeysAreThoseThatX509Reads) {
  for (const std::string set : vectors::kSets) {
    for (const char* name : kNames) {
      for (const CertificatePtr& certificate : vectors::ChainOf(set, name)) {
        const X509Ptr x = ToX509(certificate->der());
        EVP_PKEY* key = X509_get0_pubkey(x.get());
        ASSERT_NE(key, nullptr);
        unsigned char* spki = nullptr;
        const int size = i2d_PUBKEY(key, &spki);
        ASSERT_GT(size, 0);
        EXPECT_TRUE(std::ranges::equal(certificate->key()->Spki(),
                                       OctetView(spki, static_cast<std::size_t>(size))));
        OPENSSL_free(spki);
      }
    }
  }
}

TEST(Oracle, OurVerdictOnDamagedChainsIsThatOfX509) {
  TrustStore trust;
  vectors::TrustRootOf("set-1024", trust);
  const Chain good = vectors::ChainOf("set-1024", "gateway-exchange");
  int refused = 0;
  for (std::size_t link = 0; link < 3; ++link) {
    const OctetView der = good[link]->der();
    for (std::size_t at = 0; at < der.size(); at += 7) {
      Octets changed(der.begin(), der.end());
      changed[at] ^= 0x10;
      const auto parsed = Certificate::Parse(changed);
      const X509Ptr x = ToX509(changed);
      if (!parsed) continue;  // stricter than d2i is allowed
      Chain chain = good;
      chain[link] = *parsed;
      const bool ours = trust.Verify(chain[0], chain, {}, Role::kGatewayExchange, kNow).has_value();
      const bool theirs = x != nullptr && X509Verifies(chain, good[3], kNow);
      EXPECT_FALSE(ours) << link << " at " << at;
      EXPECT_FALSE(ours && !theirs);
      ++refused;
    }
  }
  EXPECT_GT(refused, 50);
  // Not notAfter itself: RFC 5280, 4.1.2.5 counts it in, X509 does not.
  for (const Time now : {Time{0}, good[0]->not_before() - 1, good[0]->not_before(), kNow,
                         good[0]->not_after() - 1, good[0]->not_after() + 1}) {
    TrustStore fresh;
    vectors::TrustRootOf("set-1024", fresh);
    EXPECT_EQ(fresh.Verify(good[0], good, {}, Role::kGatewayExchange, now).has_value(),
              X509Verifies(good, good[3], now))
        << now;
  }
}

// --- making certificates
// --------------------------------------------------------------------------

// Everything that a certificate of the vectors says, read back into a profile.
CertificateProfile ProfileOf(const Certificate& c) {
  CertificateProfile p;
  p.serial = c.serial()[0];
  p.subject = c.subject_parts();
  p.not_before = c.not_before();
  p.not_after = c.not_after();
  p.ca = c.is_ca();
  p.path_length = c.path_length();
  p.key_usage = c.key_usage();
  p.types = c.types();
  p.merchant_data = c.merchant_data();
  if ((c.types() & kPgwy) != 0 && c.tunneling()) {
    p.card_cert_required = c.card_cert_required();
    p.set_extensions = c.set_extensions();
  }
  p.tunneling = c.tunneling();
  if (!c.hashed_root_key().empty()) {
    std::ranges::copy(c.hashed_root_key(), p.next_root_key.emplace().begin());
  }
  return p;
}

TEST(CertificateMaker, MakesTheCertificatesOfTheVectorsBitForBit) {
  for (const std::string set : vectors::kSets) {
    for (const char* name : kNames) {
      const Chain chain = vectors::ChainOf(set, name);
      for (std::size_t i = 0; i < chain.size(); ++i) {
        const Certificate* issuer = i + 1 < chain.size() ? chain[i + 1].get() : nullptr;
        const auto made = ComposeToBeSigned(ProfileOf(*chain[i]), *chain[i]->key(), issuer);
        ASSERT_TRUE(made) << made.error().detail;
        EXPECT_TRUE(std::ranges::equal(*made, chain[i]->to_be_signed())) << set << name << i;
      }
    }
  }
}

// One key for all: what is tested is what the certificates say.
const RsaPrivateKey& TestKey() {
  static const auto& key = *new RsaPrivateKey(Must(RsaPrivateKey::Generate(1024)));
  return key;
}
const RsaPrivateKey& OtherKey() {
  static const auto& key = *new RsaPrivateKey(Must(RsaPrivateKey::Generate(1024)));
  return key;
}

constexpr Time kDay = 86400;

// A merchant's chain whose parts can be changed before they are signed.
struct Hierarchy {
  CertificateProfile root = RootProfile("US", "SET Root", "Root CA");
  CertificateProfile brand = AuthorityProfile(kBca, "US", "VISA", "", "VISA Brand CA");
  CertificateProfile authority = AuthorityProfile(kMca, "US", "VISA", "Bank", "Merchant CA");
  CertificateProfile leaf = MerchantProfile(
      false, "US", "VISA", "Bank", "Shop",
      MerchantData{"12345", "400000", {{"en", "Shop", "City", {}, {}, "US"}}, 840, true});
  Chain chain;  // leaf first

  Hierarchy() {
    std::uint64_t serial = 1;
    for (CertificateProfile* p : {&root, &brand, &authority, &leaf}) {
      p->serial = serial++;
      p->not_before = kNow - 10 * kDay;
      p->not_after = kNow + 10 * kDay;
    }
  }

  void Make() {
    const auto r = Must(MakeCertificate(root, TestKey().public_key(), {TestKey()}));
    const auto b = Must(MakeCertificate(brand, TestKey().public_key(), {TestKey(), r.get()}));
    const auto a = Must(MakeCertificate(authority, TestKey().public_key(), {TestKey(), b.get()}));
    const auto l = Must(MakeCertificate(leaf, TestKey().public_key(), {TestKey(), a.get()}));
    chain = {l, a, b, r};
  }
};

struct Verdict {
  bool good = false;
  ErrorCode code{};
  Octets thumb;
};

Verdict Judge(const Hierarchy& h, Time now = kNow, std::vector<std::string> brands = {}) {
  TrustStore trust;
  if (auto added = trust.AddRoot(h.chain.back()->der(), std::move(brands)); !added) {
    throw std::runtime_error(added.error().detail);
  }
  const auto verified = trust.Verify(h.chain[0], h.chain, {}, Role::kMerchantSignature, now);
  if (verified) return {true, {}, {}};
  return {false, verified.error().code, verified.error().thumb};
}

Octets ThumbOf(const CertificatePtr& certificate) {
  return {certificate->thumb().begin(), certificate->thumb().end()};
}

TEST(Verify, AGoodHierarchyOfEitherDigestVerifies) {
  for (const auto digest : {crypto::SignatureDigest::kSha1, crypto::SignatureDigest::kSha256}) {
    Hierarchy h;
    for (auto* p : {&h.root, &h.brand, &h.authority, &h.leaf}) p->digest = digest;
    h.Make();
    EXPECT_TRUE(Judge(h).good);
    EXPECT_TRUE(X509Verifies(h.chain, h.chain[3], kNow));
  }
}

TEST(Verify, EveryRuleOfTheProfileIsKept) {
  struct Row {
    const char* what;
    std::function<void(Hierarchy&)> change;
    ErrorCode code;
    std::size_t to_blame;
  };
  const auto invalid = ErrorCode::kInvalidCertificate;
  const Row rows[] = {
      {"leaf expired", [](auto& h) { h.leaf.not_after = kNow - 1; }, ErrorCode::kExpiredCertificate,
       0},
      {"leaf not yet valid", [](auto& h) { h.leaf.not_before = kNow + 1; }, invalid, 0},
      {"authority expired", [](auto& h) { h.authority.not_after = kNow - 1; },
       ErrorCode::kExpiredCertificate, 1},
      {"root expired", [](auto& h) { h.root.not_after = kNow - 1; }, ErrorCode::kExpiredCertificate,
       3},
      {"leaf is a CA", [](auto& h) { h.leaf.ca = true; }, invalid, 0},
      {"leaf of another type", [](auto& h) { h.leaf.types = kPgwy; }, invalid, 0},
      {"leaf does not sign", [](auto& h) { h.leaf.key_usage = kKeyEncipherment; }, invalid, 0},
      {"authority is no CA", [](auto& h) { h.authority.ca = false; }, invalid, 1},
      {"authority may not sign certificates", [](auto& h) { h.authority.key_usage = kCrlSign; },
       invalid, 1},
      {"authority for cardholders", [](auto& h) { h.authority.types = kCca; }, invalid, 1},
      {"brand CA that is none", [](auto& h) { h.brand.types = kMca; }, invalid, 2},
      {"path too long", [](auto& h) { h.brand.path_length = 0; }, invalid, 2},
      {"authority of another brand", [](auto& h) { h.authority.subject.organization = "Amex"; },
       invalid, 1},
      {"brand CA of another brand", [](auto& h) { h.brand.subject.organization = "Amex"; }, invalid,
       2},
  };
  for (const Row& row : rows) {
    Hierarchy h;
    row.change(h);
    h.Make();
    const Verdict verdict = Judge(h);
    EXPECT_FALSE(verdict.good) << row.what;
    EXPECT_EQ(verdict.code, row.code) << row.what;
    EXPECT_EQ(verdict.thumb, ThumbOf(h.chain[row.to_blame])) << row.what;
  }
}

TEST(Verify, ValidityIncludesBothEnds) {
  Hierarchy h;
  h.leaf.not_before = kNow;
  h.leaf.not_after = kNow + 1;
  h.Make();
  EXPECT_FALSE(Judge(h, kNow - 1).good);
  EXPECT_TRUE(Judge(h, kNow).good);
  EXPECT_TRUE(Judge(h, kNow + 1).good);
  EXPECT_EQ(Judge(h, kNow + 2).code, ErrorCode::kExpiredCertificate);
}

TEST(Verify, PathLengthCountsTheAuthoritiesBelow) {
  Hierarchy h;
  h.root.path_length = 2;
  h.brand.path_length = 1;
  h.authority.path_length = 0;
  h.Make();
  EXPECT_TRUE(Judge(h).good);
  h.root.path_length = 1;
  h.Make();
  EXPECT_FALSE(Judge(h).good);
}

TEST(Verify, AGeopoliticalAuthorityMayStandBetween) {
  Hierarchy h;
  h.Make();
  CertificateProfile geo = AuthorityProfile(kGca, "US", "VISA", "", "US CA");
  geo.serial = 9;
  geo.not_before = h.leaf.not_before;
  geo.not_after = h.leaf.not_after;
  const auto g = Must(MakeCertificate(geo, TestKey().public_key(), {TestKey(), h.chain[2].get()}));
  const auto a = Must(MakeCertificate(h.authority, TestKey().public_key(), {TestKey(), g.get()}));
  const auto l = Must(MakeCertificate(h.leaf, TestKey().public_key(), {TestKey(), a.get()}));
  h.chain = {l, a, g, h.chain[2], h.chain[3]};
  EXPECT_TRUE(Judge(h).good);
}

TEST(Verify, BrandsOfARootAreKept) {
  Hierarchy h;
  h.Make();
  EXPECT_TRUE(Judge(h, kNow, {"Amex", "visa"}).good);
  EXPECT_EQ(Judge(h, kNow, {"Amex"}).code, ErrorCode::kInvalidCertificate);
}

TEST(Verify, WhatIsNotAtHandIsMissingAndAnUnknownRootIsNotTrusted) {
  Hierarchy h;
  h.Make();
  TrustStore trust;
  ASSERT_TRUE(trust.AddRoot(h.chain[3]->der()));
  const auto code = [&](const TrustStore& store, std::span<const CertificatePtr> others) {
    const auto verified = store.Verify(h.chain[0], others, {}, Role::kMerchantSignature, kNow);
    return verified ? ErrorCode{} : verified.error().code;
  };
  const std::span<const CertificatePtr> all(h.chain);
  EXPECT_EQ(code(trust, {}), ErrorCode::kMissingCertificate);
  EXPECT_EQ(code(trust, all.subspan(1, 1)), ErrorCode::kMissingCertificate);
  EXPECT_EQ(code(TrustStore(), all.subspan(1, 2)), ErrorCode::kInvalidCertificate);
  EXPECT_EQ(code(TrustStore(), all), ErrorCode::kInvalidCertificate);
  EXPECT_EQ(code(trust, all.subspan(1, 2)), ErrorCode{});
  TrustStore knows;
  ASSERT_TRUE(knows.AddRoot(h.chain[3]->der()));
  knows.AddIntermediate(h.chain[1]);
  knows.AddIntermediate(h.chain[2]);
  EXPECT_EQ(code(knows, {}), ErrorCode{});
  EXPECT_EQ(knows.Find(h.chain[1]->issuer(), h.chain[1]->serial()), h.chain[1]);
  EXPECT_EQ(knows.Find(h.chain[0]->issuer(), h.chain[0]->serial()), nullptr);
}

TEST(Verify, ARootOfTheSameNameWithAnotherKeyIsNotTheRoot) {
  Hierarchy h;
  h.Make();
  const auto impostor = Must(MakeCertificate(h.root, OtherKey().public_key(), {OtherKey()}));
  TrustStore trust;
  ASSERT_TRUE(trust.AddRoot(impostor->der()));
  const auto verified = trust.Verify(h.chain[0], h.chain, {}, Role::kMerchantSignature, kNow);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, ErrorCode::kInvalidCertificate);
}

TEST(Verify, OnlySetRootsBecomeRoots) {
  Hierarchy h;
  h.Make();
  TrustStore trust;
  EXPECT_FALSE(trust.AddRoot(h.chain[2]->der()));
  EXPECT_FALSE(trust.AddRoot(Octets{1, 2, 3}));
  h.root.types = kBca;
  h.Make();
  EXPECT_FALSE(trust.AddRoot(h.chain[3]->der()));
}

TEST(Verify, RevokedCertificatesAreFoundWhereverTheCrlComesFrom) {
  Hierarchy h;
  h.Make();
  const Issuer authority{TestKey(), h.chain[1].get()};
  const std::uint64_t serials[] = {4, 77};
  const Octets der = Must(MakeCrl(authority, 5, kNow - kDay, kNow + kDay, serials));
  const CrlPtr crl = Must(Crl::Parse(der));
  const auto code = [&](const TrustStore& trust, std::span<const CrlPtr> crls) {
    const auto verified = trust.Verify(h.chain[0], h.chain, crls, Role::kMerchantSignature, kNow);
    return verified ? ErrorCode{} : verified.error().code;
  };
  TrustStore trust;
  ASSERT_TRUE(trust.AddRoot(h.chain[3]->der()));
  EXPECT_EQ(code(trust, {}), ErrorCode{});
  const CrlPtr with[] = {crl};
  EXPECT_EQ(code(trust, with), ErrorCode::kRevokedCertificate);  // in spite of the cached chain
  ASSERT_TRUE(trust.AddRevocation(der));
  EXPECT_EQ(code(trust, {}), ErrorCode::kRevokedCertificate);

  // A CRL that another key signed revokes nothing.
  const Octets forged = Must(MakeCrl({OtherKey(), h.chain[1].get()}, 5, kNow, kNow, serials));
  TrustStore careful;
  ASSERT_TRUE(careful.AddRoot(h.chain[3]->der()));
  ASSERT_TRUE(careful.AddRevocation(forged));
  EXPECT_EQ(code(careful, {}), ErrorCode{});
  // The CRL of the root can revoke the brand CA.
  const std::uint64_t two[] = {2};
  ASSERT_TRUE(
      careful.AddRevocation(Must(MakeCrl({TestKey(), h.chain[3].get()}, 1, kNow, kNow, two))));
  const auto revoked = careful.Verify(h.chain[0], h.chain, {}, Role::kMerchantSignature, kNow);
  ASSERT_FALSE(revoked);
  EXPECT_EQ(revoked.error().thumb, ThumbOf(h.chain[2]));
}

TEST(Verify, ACachedChainEndsWithTheFirstNotAfter) {
  Hierarchy h;
  h.authority.not_after = kNow + 5;
  h.Make();
  TrustStore trust;
  ASSERT_TRUE(trust.AddRoot(h.chain[3]->der()));
  const auto good = [&](Time now) {
    return trust.Verify(h.chain[0], h.chain, {}, Role::kMerchantSignature, now).has_value();
  };
  EXPECT_TRUE(good(kNow));
  // From the cache: nothing but the leaf is at hand now.
  EXPECT_TRUE(trust.Verify(h.chain[0], {}, {}, Role::kMerchantSignature, kNow + 5));
  EXPECT_FALSE(good(kNow + 6));
  EXPECT_FALSE(good(kNow - 11 * kDay));
  // Certificates of verified chains are not parsed again.
  EXPECT_EQ(Must(trust.Parse(h.chain[1]->der())), h.chain[1]);
  EXPECT_EQ(Must(trust.Parse(h.chain[0]->der())), h.chain[0]);
}

TEST(Verify, ManyThreadsShareOneStore) {
  Hierarchy h;
  h.Make();
  TrustStore trust;
  ASSERT_TRUE(trust.AddRoot(h.chain[3]->der()));
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        const auto parsed = trust.Parse(h.chain[1]->der());
        if (parsed && trust.Verify(h.chain[0], h.chain, {}, Role::kMerchantSignature, kNow)) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 200);
}

// --- malformed certificates
// -----------------------------------------------------------------------

// Replaces one extension of a made certificate and signs again.
CertificatePtr WithExtension(const Hierarchy& h, const der::Oid& id, bool critical, Octets value) {
  auto tbs = Must(ComposeToBeSigned(h.leaf, TestKey().public_key(), h.chain[1].get()));
  der::Reader reader(tbs);
  std::vector<OctetView> fields;
  std::vector<msg::Extension> extensions;
  reader.Sequence([&] {
    while (reader.ok() && !reader.NextIs(der::Context(3, true)))
      fields.push_back(reader.TakeOpen());
    reader.Explicit(3, extensions);
  });
  std::erase_if(extensions, [&](const msg::Extension& e) { return e.id == id; });
  extensions.push_back({id, critical, std::move(value)});
  der::Writer writer;
  writer.Sequence([&] {
    for (OctetView field : fields) writer.Raw(field);
    writer.Explicit(3, extensions);
  });
  return Must(
      Certificate::Parse(SignValue(writer.Take(), crypto::SignatureDigest::kSha1, TestKey())));
}

TEST(Malformed, KnownExtensionsMustBeRightAndUnknownCriticalOnesAreRefused) {
  Hierarchy h;
  h.Make();
  struct Row {
    der::Oid id;
    bool critical;
    Octets value;
    bool good;
  };
  const Row rows[] = {
      {{1, 2, 3}, false, {0x05, 0x00}, true},
      {{1, 2, 3}, true, {0x05, 0x00}, false},
      {oid::kKeyUsage, true, {0x03, 0x02, 0x07, 0x80}, true},
      {oid::kKeyUsage, true, {0x03, 0x02, 0x00, 0x80}, false},
      {oid::kBasicConstraints, true, {0x30, 0x03, 0x01, 0x01, 0x00}, false},
      {oid::kCertificateType, true, {0x04, 0x00}, false},
      {oid::kMerchantData, false, {0x30, 0x00}, false},
      {oid::kCardCertRequired, false, {0x01, 0x01, 0x01}, false},
      {oid::kTunneling, false, {0x30, 0x00}, false},
      {oid::kSetExtensions, false, {0x05, 0x00}, false},
      {oid::kHashedRootKey, true, {0x30, 0x00}, false},
      {oid::kAuthorityKeyIdentifier, false, {0x05, 0x00}, false},
      {oid::kPrivateKeyUsagePeriod, false, {0x05, 0x00}, false},
      {oid::kCertificatePolicies, true, {0x05, 0x00}, false},
      {oid::kSubjectAltName, false, {0x30, 0x80, 0x00, 0x00}, false},
  };
  TrustStore trust;
  ASSERT_TRUE(trust.AddRoot(h.chain[3]->der()));
  for (const Row& row : rows) {
    const CertificatePtr leaf = WithExtension(h, row.id, row.critical, row.value);
    const auto verified = trust.Verify(leaf, h.chain, {}, Role::kMerchantSignature, kNow);
    EXPECT_EQ(verified.has_value(), row.good) << row.id.Text();
    if (row.good) continue;
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code, ErrorCode::kInvalidCertificate) << row.id.Text();
    EXPECT_EQ(verified.error().thumb, ThumbOf(leaf)) << row.id.Text();
  }
}

TEST(Malformed, WhatIsNoCertificateIsADecodingFailure) {
  const CertificatePtr whole = vectors::ChainOf("set-1024", "cardholder")[0];
  const OctetView der = whole->der();
  for (std::size_t size = 0; size < der.size(); size += 11) {
    const auto parsed = Certificate::Parse(der.first(size));
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, ErrorCode::kDecodingFailure);
  }
  Octets longer(der.begin(), der.end());
  longer.push_back(0);
  EXPECT_FALSE(Certificate::Parse(longer));
  EXPECT_FALSE(ReadPemChain(Octets{'x'}));
}

TEST(CertifiedKeyTest, TheKeyMustBeTheLeafs) {
  EXPECT_TRUE(CertifiedKey::FromPem(vectors::ReadAll("set-1024/pki/cardholder.pem"),
                                    vectors::ReadAll("set-1024/pki/cardholder.key")));
  const auto mixed = CertifiedKey::FromPem(vectors::ReadAll("set-1024/pki/cardholder.pem"),
                                           vectors::ReadAll("set-1024/pki/merchant-sign.key"));
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, ErrorCode::kInvalidCertificate);
  const Chain chain = vectors::ChainOf("set-1024", "cardholder");
  const std::string pem = WritePem(chain);
  const Chain again =
      Must(ReadPemChain({reinterpret_cast<const std::uint8_t*>(pem.data()), pem.size()}));
  ASSERT_EQ(again.size(), 4U);
  EXPECT_TRUE(std::ranges::equal(again[2]->der(), chain[2]->der()));
}

}  // namespace
}  // namespace setcore::pki
