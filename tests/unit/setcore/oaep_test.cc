// The OAEP block of SET: 25-oaep-blocks both ways, bounds, and every way in which it can be wrong.
#include "setcore/crypto/oaep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "unit/setcore/vector_pki.h"

namespace setcore::crypto {
namespace {

using vectors::Must;

struct Case {
  const char* name;
  OaepUse use;
};
constexpr Case kCases[] = {
    {"E", OaepUse::kE},
    {"EH", OaepUse::kEH},
    {"EX.PANData", OaepUse::kExPanData},
    {"EX.PANToken", OaepUse::kExPanToken},
    {"EXH.PANToken", OaepUse::kExhPanToken},
};

OaepContent ContentOf(const vectors::File& file, const std::string& name) {
  OaepContent content;
  std::ranges::copy(file.Hex(name + ".des-key"), content.des_key.octets.begin());
  if (file.Has(name + ".hd")) std::ranges::copy(file.Hex(name + ".hd"), content.hash.begin());
  if (file.Has(name + ".x")) content.extra = SecretOctets(file.Hex(name + ".x"));
  return content;
}

OaepRandoms RandomsOf(const vectors::File& file, const std::string& name) {
  OaepRandoms randoms;
  std::ranges::copy(file.Hex(name + ".e-salt"), randoms.salt.octets.begin());
  randoms.i = file.Hex(name + ".i").at(0);
  return randoms;
}

TEST(OaepVectors, EveryBlockIsMadeBitForBitAndOpensAgain) {
  for (const std::string set : vectors::kSets) {
    const auto file = vectors::Load(set + "/25-oaep-blocks.txt");
    const auto gateway = vectors::KeyOf(set, "gateway-exchange");
    const RsaPublicKey& key = *gateway.certificate()->key();
    for (const Case& c : kCases) {
      SCOPED_TRACE(set + " " + c.name);
      const std::string name = c.name;
      EXPECT_EQ(file.Hex(name + ".bc").at(0), LayoutOf(c.use).bc);
      const OaepContent content = ContentOf(file, name);
      const SecretOctets r = Must(OaepEncode(key.size(), c.use, content, RandomsOf(file, name)));
      EXPECT_TRUE(std::ranges::equal(r.view(), file.Hex(name + ".r")));
      EXPECT_EQ(Must(key.RawEncrypt(r.view())), file.Hex(name + ".rsa-output"));

      const SecretOctets back = gateway.key.RawDecrypt(file.Hex(name + ".rsa-output"));
      EXPECT_TRUE(std::ranges::equal(back.view(), r.view()));
      const OaepOpened opened = OaepDecode(back.view(), c.use, DesKey());
      EXPECT_EQ(opened.good, 0xFFFFFFFFU);
      EXPECT_EQ(opened.content.des_key.octets, content.des_key.octets);
      EXPECT_EQ(opened.content.hash, content.hash);
      EXPECT_TRUE(std::ranges::equal(opened.content.extra.view(), content.extra.view()));
    }
  }
}

OaepContent SomeContent(std::size_t x) {
  OaepContent content;
  content.des_key.octets = {1, 2, 3, 4, 5, 6, 7, 8};
  content.hash.fill(9);
  if (x != 0) {
    content.extra = SecretOctets(x);
    content.extra.data()[0] = 0x30;
    content.extra.data()[1] = static_cast<std::uint8_t>(x - 2);
    for (std::size_t i = 2; i < x; ++i) content.extra.data()[i] = 0xAA;
  }
  return content;
}

TEST(Oaep, ExtraDataFillsTheBlockUpToItsLimit) {
  // D-3: X <= k-34, and 20 less with HD: 94 and 74 for k = 128.
  for (const std::size_t x : {93U, 94U}) {
    const auto r = OaepEncode(128, OaepUse::kExPanData, SomeContent(x), {});
    ASSERT_TRUE(r) << x;
    const OaepOpened opened = OaepDecode(r->view(), OaepUse::kExPanData, DesKey());
    EXPECT_EQ(opened.good, 0xFFFFFFFFU);
    EXPECT_EQ(opened.content.extra.size(), x);
  }
  EXPECT_FALSE(OaepEncode(128, OaepUse::kExPanData, SomeContent(95), {}));
  EXPECT_TRUE(OaepEncode(128, OaepUse::kExhPanToken, SomeContent(74), {}));
  EXPECT_FALSE(OaepEncode(128, OaepUse::kExhPanToken, SomeContent(75), {}));
}

TEST(Oaep, ExtraDataMustBeThereExactlyWhereTheUseHasIt) {
  EXPECT_FALSE(OaepEncode(128, OaepUse::kE, SomeContent(20), {}));
  EXPECT_FALSE(OaepEncode(128, OaepUse::kExPanData, SomeContent(0), {}));
  OaepContent wrong = SomeContent(20);
  wrong.extra.data()[1] = 17;
  EXPECT_FALSE(OaepEncode(128, OaepUse::kExPanData, wrong, {}));
}

// Makes R of a given DB with salt zero, without the checks of OaepEncode.
SecretOctets BlockOf(const Octets& db, const OaepUse use) {
  // OaepEncode's mask is the same for every DB: take it from a known one and put ours under it.
  const OaepContent content = SomeContent(LayoutOf(use).extra ? 40 : 0);
  SecretOctets r = Must(OaepEncode(db.size() + 17, use, content, {}));
  Octets known(db.size());
  known[0] = 3;
  known[1] = LayoutOf(use).bc;
  auto next = std::ranges::copy(content.des_key.octets, known.begin() + 9).out;
  if (LayoutOf(use).hash) next = std::ranges::copy(content.hash, next).out;
  std::ranges::copy(content.extra.view(), next);
  for (std::size_t i = 0; i < db.size(); ++i) r.data()[1 + i] ^= known[i] ^ db[i];
  const Sha1Digest h2 = Sha1(OctetView(r.data() + 1, db.size()));
  std::copy(h2.end() - 16, h2.end(), r.data() + 1 + db.size());  // salt zero
  return r;
}

Octets Db(std::size_t size, std::uint8_t bc, std::initializer_list<std::uint8_t> adb_after_key) {
  Octets db(size);
  db[0] = 3;
  db[1] = bc;
  std::fill_n(db.begin() + 9, 8, std::uint8_t{0x77});
  std::ranges::copy(adb_after_key, db.begin() + 17);
  return db;
}

TEST(Oaep, AnyWrongOctetGivesTheSubstituteKeyAndNoExtraData) {
  const DesKey substitute = [] {
    DesKey key;
    key.octets.fill(0xEE);
    return key;
  }();
  const auto open = [&](const Octets& db, OaepUse use) {
    return OaepDecode(BlockOf(db, use).view(), use, substitute);
  };
  const auto expect_bad = [&](const Octets& db, OaepUse use, const char* what) {
    const OaepOpened opened = open(db, use);
    EXPECT_EQ(opened.good, 0U) << what;
    EXPECT_EQ(opened.content.des_key.octets, substitute.octets) << what;
    EXPECT_TRUE(opened.content.extra.empty()) << what;
  };

  const Octets e = Db(111, 0x00, {});
  EXPECT_EQ(open(e, OaepUse::kE).good, 0xFFFFFFFFU);
  for (std::size_t i = 0; i < 9; ++i) {  // BT, BC and each octet of V
    Octets bad = e;
    bad[i] ^= 0x80;
    expect_bad(bad, OaepUse::kE, "BT, BC or V");
  }
  for (std::size_t i = 17; i < e.size(); ++i) {  // filler
    Octets bad = e;
    bad[i] = 1;
    expect_bad(bad, OaepUse::kE, "filler");
  }

  const Octets ex = Db(111, 0x01, {0x30, 0x02, 0xAA, 0xBB});
  EXPECT_EQ(open(ex, OaepUse::kExPanData).good, 0xFFFFFFFFU);
  EXPECT_EQ(open(ex, OaepUse::kExPanData).content.extra.size(), 4U);
  Octets bad = ex;
  bad[17] = 0x31;
  expect_bad(bad, OaepUse::kExPanData, "tag of X");
  bad = ex;
  bad[18] = 0x03;
  EXPECT_EQ(open(bad, OaepUse::kExPanData).content.extra.size(), 5U);  // X's own length decides
  bad[18] = 0x01;
  expect_bad(bad, OaepUse::kExPanData, "octet behind X");
  bad = ex;
  bad[18] = 92;  // 94 octets: to the very end
  EXPECT_EQ(open(bad, OaepUse::kExPanData).content.extra.size(), 94U);
  bad[18] = 93;
  expect_bad(bad, OaepUse::kExPanData, "X longer than the block");
  bad[18] = 0x81;
  expect_bad(bad, OaepUse::kExPanData, "long form");
  expect_bad(Db(111, 0x02, {0x30, 0x02, 0xAA, 0xBB}), OaepUse::kExPanData, "BC of another use");
}

TEST(Oaep, TheOctetIIsNotLookedAt) {
  for (const int i : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
    OaepRandoms randoms;
    randoms.i = static_cast<std::uint8_t>(i);
    const auto r = Must(OaepEncode(128, OaepUse::kE, SomeContent(0), randoms));
    EXPECT_EQ(OaepDecode(r.view(), OaepUse::kE, DesKey()).good, 0xFFFFFFFFU);
  }
}

TEST(Oaep, ABlockTooShortIsWrong) {
  EXPECT_EQ(OaepDecode({}, OaepUse::kE, DesKey()).good, 0U);
  EXPECT_EQ(OaepDecode(Octets(40), OaepUse::kE, DesKey()).good, 0U);
}

}  // namespace
}  // namespace setcore::crypto
