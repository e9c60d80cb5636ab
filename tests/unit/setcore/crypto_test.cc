// Secrets, context, random source, digests, DES, AES-GCM, scrypt and RSA.
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <algorithm>
#include <concepts>
#include <ostream>
#include <set>
#include <string>
#include <type_traits>

#include "setcore/asn1/writer.h"
#include "setcore/crypto/aead.h"
#include "setcore/crypto/des.h"
#include "setcore/crypto/digest.h"
#include "setcore/crypto/kdf.h"
#include "setcore/crypto/library.h"
#include "setcore/crypto/pkcs8.h"
#include "setcore/crypto/random.h"
#include "setcore/crypto/rsa.h"
#include "setcore/crypto/secret.h"
#include "setcore/crypto/secret_der.h"
#include "unit/setcore/vector_pki.h"

namespace setcore::crypto {
namespace {

using vectors::FromHex;

OctetView View(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(Secret, CannotBeCopiedByAccidentNorPrinted) {
  static_assert(!std::is_copy_constructible_v<SecretOctets>);
  static_assert(!std::is_copy_constructible_v<SecretString>);
  static_assert(std::is_nothrow_move_constructible_v<SecretOctets>);
  static_assert(!Printable<SecretOctets>);
  static_assert(!Printable<SecretString>);
  static_assert(!Printable<DesKey>);
}

TEST(Secret, MovingLeavesNothingBehind) {
  SecretOctets a{OctetView(View("secret"))};
  SecretOctets b = std::move(a);
  EXPECT_TRUE(a.empty());  // NOLINT: what is left after a move is the subject
  EXPECT_TRUE(std::ranges::equal(b.view(), View("secret")));
  a = std::move(b);
  EXPECT_EQ(a.size(), 6U);
  a.Truncate(7);
  EXPECT_EQ(a.size(), 6U);
  a.Truncate(5);
  EXPECT_EQ(a.size(), 5U);
  EXPECT_EQ(a.data()[5], 0);  // wiped, the room is still ours
  a.Clear();
  EXPECT_TRUE(a.empty());
}

TEST(Secret, AnElementIsWhatTheWriterMakesAtEveryFormOfLength) {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 255U, 256U, 65535U, 65536U}) {
    const Octets contents(size, 0x41);
    der::Writer writer;
    writer.Primitive(der::kOctetString, contents);
    const OctetView whole(contents);
    EXPECT_TRUE(std::ranges::equal(
        SecretElement(der::kOctetString, {whole.first(size / 2), whole.subspan(size / 2)}).view(),
        writer.Take()))
        << size;
  }
}

TEST(Secret, CleansingOverwrites) {
  std::array<std::uint8_t, 4> octets{1, 2, 3, 4};
  Cleanse(octets);
  EXPECT_EQ(octets, (std::array<std::uint8_t, 4>{}));
}

// The host may have turned its default context against everything that SET needs.
class PoisonedHost {
 public:
  PoisonedHost() { EVP_set_default_properties(nullptr, "fips=yes"); }
  ~PoisonedHost() { EVP_set_default_properties(nullptr, ""); }
};

TEST(Library, WorksInAHostThatForbidsItsAlgorithmsAndLeavesThatHostAlone) {
  const PoisonedHost host;
  ASSERT_TRUE(Prepare());
  EXPECT_EQ(EVP_MD_fetch(nullptr, "SHA1", nullptr), nullptr);  // the poison works
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 42);
  const unsigned long before = ERR_peek_last_error();

  EXPECT_EQ(Sha1(View("abc")),
            (Sha1Digest{0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba, 0x3e,
                        0x25, 0x71, 0x78, 0x50, 0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d}));
  const auto key = vectors::Must(RsaPrivateKey::Generate(1024));
  const Octets signature = key.Sign(SignatureDigest::kSha1, Sha1(View("x")));
  EXPECT_TRUE(key.public_key().Verify(SignatureDigest::kSha1, Sha1(View("x")), signature));
  EXPECT_FALSE(key.public_key().Verify(SignatureDigest::kSha1, Sha1(View("y")), signature));
  SystemRandom random;
  DesKey des;
  random.Fill(des.octets);
  EXPECT_EQ(DesCbcDecrypt(des.view(), des.view(), DesCbcEncrypt(des.view(), des.view(), {})).good,
            0xFFFFFFFFU);

  EXPECT_EQ(ERR_peek_last_error(), before);
  EXPECT_EQ(OSSL_PROVIDER_available(nullptr, "legacy"), 0);
  ERR_clear_error();
}

TEST(SystemRandomTest, DrawsAreDifferentAndFillEverything) {
  SystemRandom random;
  std::set<Octets> seen;
  for (int i = 0; i < 64; ++i) {
    Octets octets(20);
    random.Fill(octets);
    seen.insert(octets);
  }
  EXPECT_EQ(seen.size(), 64U);
  random.Fill({});
}

TEST(Digest, KnownAnswers) {
  EXPECT_TRUE(std::ranges::equal(
      Sha256(View("abc")),
      FromHex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")));
  EXPECT_TRUE(std::ranges::equal(Sha1({}), FromHex("da39a3ee5e6b4b0d3255bfef95601890afd80709")));
  // RFC 2202, 3, cases 1 and 2; RFC 4231, 4.3.
  EXPECT_TRUE(std::ranges::equal(HmacSha1(Octets(20, 0x0b), View("Hi There")),
                                 FromHex("b617318655057264e28bc0b6fb378c8ef146be00")));
  EXPECT_TRUE(std::ranges::equal(HmacSha1(View("Jefe"), View("what do ya want for nothing?")),
                                 FromHex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")));
  EXPECT_TRUE(std::ranges::equal(
      HmacSha256(View("Jefe"), {View("what do ya want "), View("for nothing?")}),
      FromHex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")));
  EXPECT_TRUE(
      std::ranges::equal(HmacSha1({}, {}), FromHex("fbdb1d1b18aa6c08324b7d64b71fb76370690e1d")));
}

TEST(Digest, EqualComparesContentsAndLength) {
  EXPECT_TRUE(Equal({}, {}));
  EXPECT_TRUE(Equal(View("ab"), View("ab")));
  EXPECT_FALSE(Equal(View("ab"), View("ac")));
  EXPECT_FALSE(Equal(View("ab"), View("abc")));
}

TEST(Des, ParityIsOddAndTheOtherBitsStay) {
  for (int value = 0; value < 256; ++value) {
    std::array<std::uint8_t, 1> octet{static_cast<std::uint8_t>(value)};
    SetOddParity(octet);
    EXPECT_EQ(std::popcount(octet[0]) % 2, 1);
    EXPECT_EQ(octet[0] & 0xFE, value & 0xFE);
  }
}

TEST(Des, EveryLengthComesBackWithOneToEightOctetsMore) {
  const Octets key = FromHex("0123456789abcdef");
  const Octets iv = FromHex("fedcba9876543210");
  for (std::size_t size = 0; size < 40; ++size) {
    const Octets plaintext(size, 0x5a);
    const Octets ciphertext = DesCbcEncrypt(key, iv, plaintext);
    EXPECT_GT(ciphertext.size(), size);
    EXPECT_LE(ciphertext.size(), size + 8);
    EXPECT_EQ(ciphertext.size() % 8, 0U);
    const DesOpened opened = DesCbcDecrypt(key, iv, ciphertext);
    EXPECT_EQ(opened.good, 0xFFFFFFFFU);
    EXPECT_TRUE(std::ranges::equal(opened.plaintext.view(), plaintext));
  }
}

// Puts a last block together and gives what opening says of it.
DesOpened OpenBlock(const Octets& block) {
  const Octets key = FromHex("0123456789abcdef");
  Octets padded = DesCbcEncrypt(key, Octets(8), block);  // whole blocks: one more is appended
  padded.resize(block.size());
  return DesCbcDecrypt(key, Octets(8), padded);
}

TEST(Des, OnlyPaddingOfOneToEightEqualOctetsIsGood) {
  EXPECT_EQ(OpenBlock(FromHex("0000000000000000")).good, 0U);
  EXPECT_EQ(OpenBlock(FromHex("0000000000000001")).good, 0xFFFFFFFFU);
  EXPECT_EQ(OpenBlock(FromHex("0808080808080808")).good, 0xFFFFFFFFU);
  EXPECT_EQ(OpenBlock(FromHex("0909090909090909")).good, 0U);
  EXPECT_EQ(OpenBlock(FromHex("0708080808080808")).good, 0U);
  EXPECT_EQ(OpenBlock(FromHex("0000000000000203")).good, 0U);
  EXPECT_EQ(OpenBlock(FromHex("0000000000030303")).plaintext.size(), 5U);
  EXPECT_EQ(OpenBlock(FromHex("00000000000000ff")).plaintext.size(), 8U);
}

TEST(Des, ALengthThatIsNoNumberOfBlocksIsNotOpened) {
  const Octets key = FromHex("0123456789abcdef");
  EXPECT_EQ(DesCbcDecrypt(key, Octets(8), {}).good, 0U);
  EXPECT_EQ(DesCbcDecrypt(key, Octets(8), Octets(7)).good, 0U);
  EXPECT_EQ(DesCbcDecrypt(key, Octets(8), Octets(9)).good, 0U);
}

TEST(Aead, OpensWhatItSealedAndNothingElse) {
  const Octets key(kAeadKeySize, 1);
  const Octets nonce(kAeadNonceSize, 2);
  for (const std::size_t size : {0U, 1U, 64U, 1200U}) {
    const Octets plaintext(size, 7);
    const Octets sealed = AeadSeal(key, nonce, View("row 1"), plaintext);
    ASSERT_EQ(sealed.size(), size + kAeadTagSize);
    const auto opened = AeadOpen(key, nonce, View("row 1"), sealed);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(std::ranges::equal(opened->view(), plaintext));
    EXPECT_FALSE(AeadOpen(key, nonce, View("row 2"), sealed));
    EXPECT_FALSE(AeadOpen(Octets(kAeadKeySize, 3), nonce, View("row 1"), sealed));
    for (std::size_t i = 0; i < sealed.size(); i += 13) {
      Octets changed = sealed;
      changed[i] ^= 1;
      EXPECT_FALSE(AeadOpen(key, nonce, View("row 1"), changed));
    }
    Octets cut(sealed.begin(), sealed.end() - 1);
    EXPECT_FALSE(AeadOpen(key, nonce, View("row 1"), cut));
  }
}

TEST(Aead, KnownAnswer) {  // GCM specification, test case 14
  EXPECT_EQ(AeadSeal(Octets(32), Octets(12), {}, Octets(16)),
            FromHex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"));
}

TEST(Scrypt, KnownAnswerAndLimits) {  // RFC 7914, 12
  const auto key = Scrypt(View("password"), View("NaCl"), {1024, 8, 16}, 64);
  ASSERT_TRUE(key);
  EXPECT_TRUE(std::ranges::equal(
      key->view(), FromHex("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                           "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")));
  EXPECT_TRUE(Scrypt({}, {}, {16, 1, 1}, 64));
  EXPECT_FALSE(Scrypt(View("p"), View("s"), {1000, 8, 1}, 32));        // no power of two
  EXPECT_FALSE(Scrypt(View("p"), View("s"), {1ULL << 24, 8, 1}, 32));  // too much memory
  EXPECT_FALSE(Scrypt(View("p"), View("s"), {16, 1, 1}, 0));
  EXPECT_TRUE(Scrypt(View("p"), View("s"), {16, 1, 1}, 1024));
  EXPECT_FALSE(Scrypt(View("p"), View("s"), {16, 1, 1}, 1025));
}

// --- RSA --------------------------------------------------------------------------------------

// A modulus of `bits` bits that is odd; nobody knows its factors, so it is public only.
Octets Modulus(std::size_t bits) {
  Octets modulus((bits + 7) / 8, 0x55);
  modulus.front() = static_cast<std::uint8_t>(1U << ((bits - 1) % 8));
  return modulus;
}

TEST(Rsa, ModulusHas1024To4096BitsAndIsOdd) {
  const Octets e = FromHex("010001");
  EXPECT_FALSE(RsaPublicKey::FromParts(Modulus(1023), e));
  EXPECT_TRUE(RsaPublicKey::FromParts(Modulus(1024), e));
  EXPECT_TRUE(RsaPublicKey::FromParts(Modulus(1025), e));
  EXPECT_TRUE(RsaPublicKey::FromParts(Modulus(4095), e));
  EXPECT_TRUE(RsaPublicKey::FromParts(Modulus(4096), e));
  EXPECT_FALSE(RsaPublicKey::FromParts(Modulus(4097), e));
  Octets even = Modulus(1024);
  even.back() = 0x54;
  EXPECT_FALSE(RsaPublicKey::FromParts(even, e));
}

TEST(Rsa, ExponentIsOddFrom3To2To32Minus1) {
  const Octets n = Modulus(1024);
  for (const char* good : {"03", "05", "010001", "ffffffff", "00ffffffff"}) {
    EXPECT_TRUE(RsaPublicKey::FromParts(n, FromHex(good))) << good;
  }
  for (const char* bad : {"", "00", "01", "02", "04", "fffffffe", "0100000001"}) {
    EXPECT_FALSE(RsaPublicKey::FromParts(n, FromHex(bad))) << bad;
  }
}

TEST(Rsa, KeysComeBackFromTheirContainers) {
  const auto key = vectors::Must(RsaPrivateKey::Generate(1024));
  const auto again = vectors::Must(RsaPrivateKey::FromPkcs8(key.Pkcs8().view()));
  EXPECT_TRUE(again.public_key() == key.public_key());
  const SecretString pem = key.Pem();
  EXPECT_TRUE(vectors::Must(RsaPrivateKey::FromPem(pem.octets())).public_key() == key.public_key());
  const Octets spki = key.public_key().Spki();
  EXPECT_TRUE(vectors::Must(RsaPublicKey::FromSpki(spki)) == key.public_key());
  Octets longer = spki;
  longer.push_back(0);
  EXPECT_FALSE(RsaPublicKey::FromSpki(longer));
  EXPECT_FALSE(RsaPrivateKey::Generate(1023));
  EXPECT_FALSE(RsaPrivateKey::Generate(4097));
}

TEST(Rsa, NumbersThatDoNotFitTogetherAreRefused) {
  const auto key = vectors::Must(RsaPrivateKey::Generate(1024));
  const SecretOctets der = key.Pkcs8();
  int refused = 0;
  // Every change hits one of the numbers; the first 40 octets are tags and lengths.
  for (std::size_t i = 60; i < der.size(); i += 37) {
    SecretOctets changed = der.Copy();
    changed.data()[i] ^= 0x04;
    refused += RsaPrivateKey::FromPkcs8(changed.view()) ? 0 : 1;
  }
  EXPECT_GT(refused, 0);
  for (std::size_t size = 0; size < der.size(); size += 29) {
    EXPECT_FALSE(RsaPrivateKey::FromPkcs8(der.view().first(size)));
  }
}

TEST(Rsa, AnEncryptedKeyNamesItsRemedy) {
  const auto key = RsaPrivateKey::FromPem(
      View("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"));
  ASSERT_FALSE(key);
  EXPECT_NE(key.error().detail.find("openssl pkcs8"), std::string::npos);
  EXPECT_FALSE(RsaPrivateKey::FromPem(View("no key at all")));
  EXPECT_FALSE(
      RsaPrivateKey::FromPem(View("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY")));
}

TEST(Rsa, SignaturesOfBothDigestsVerifyAndOthersDoNot) {
  for (const std::size_t bits : {1024U, 2048U}) {
    const auto key = vectors::Must(RsaPrivateKey::Generate(bits));
    const Octets one = key.Sign(SignatureDigest::kSha1, Sha1(View("m")));
    const Octets two = key.Sign(SignatureDigest::kSha256, Sha256(View("m")));
    EXPECT_EQ(one.size(), bits / 8);
    const RsaPublicKey& pub = key.public_key();
    EXPECT_TRUE(pub.Verify(SignatureDigest::kSha1, Sha1(View("m")), one));
    EXPECT_TRUE(pub.Verify(SignatureDigest::kSha256, Sha256(View("m")), two));
    EXPECT_FALSE(pub.Verify(SignatureDigest::kSha256, Sha256(View("m")), one));
    EXPECT_FALSE(pub.Verify(SignatureDigest::kSha256, Sha1(View("m")), two));
    Octets bad = one;
    bad.back() ^= 1;
    EXPECT_FALSE(pub.Verify(SignatureDigest::kSha1, Sha1(View("m")), bad));
    bad = one;
    bad.push_back(0);
    EXPECT_FALSE(pub.Verify(SignatureDigest::kSha1, Sha1(View("m")), bad));
    EXPECT_EQ(key.Sign(SignatureDigest::kSha1, Sha1(View("m"))), one);  // deterministic
  }
}

TEST(Rsa, RawOperationsAreInverseAndBlocksMustBeBelowTheModulus) {
  const auto key = vectors::Must(RsaPrivateKey::Generate(1024));
  Octets block(128, 0x11);
  block[0] = 0;
  const auto encrypted = key.public_key().RawEncrypt(block);
  ASSERT_TRUE(encrypted);
  EXPECT_TRUE(std::ranges::equal(key.RawDecrypt(*encrypted).view(), block));
  EXPECT_FALSE(key.public_key().RawEncrypt(Octets(128, 0xFF)));
  EXPECT_FALSE(key.public_key().RawEncrypt(Octets(127, 1)));
  EXPECT_FALSE(key.public_key().RawEncrypt(Octets(129, 1)));
  EXPECT_TRUE(key.RawDecrypt(Octets(128, 0xFF)).empty());
  EXPECT_TRUE(key.RawDecrypt(Octets(127)).empty());
}

TEST(Pem, BlocksKeepTheirOrderAndTextAroundThemIsSkipped) {
  const SecretString a = WritePem("A", View("first"));
  const SecretString b = WritePem("B", View("second"));
  const std::string text =
      "bag attributes\n" + std::string(a.view()) + "\n" + std::string(b.view());
  const auto blocks = vectors::Must(ReadPem(View(text)));
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].label, "A");
  EXPECT_TRUE(std::ranges::equal(blocks[1].der.view(), View("second")));
  EXPECT_TRUE(vectors::Must(ReadPem({})).empty());
}

}  // namespace
}  // namespace setcore::crypto
