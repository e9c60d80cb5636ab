// Sealed records and wrapped keys: they open for what they were made, and for nothing else.
#include "bridge/wallet/sealing.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "setcore/crypto/random.h"
#include "unit/bridge/wallet/wallet_fixture.h"

namespace bridge {
namespace {

using bridge::testing::View;
using setcore::Octets;
using setcore::OctetView;

constexpr std::string_view kPlace = "instrument\nvisa\npan";
constexpr std::string_view kSecret = "4000000000000002";
const setcore::crypto::ScryptParameters kFast = {kScryptTestN, 8, 1};

Octets KeyOf(std::uint8_t octet) { return Octets(kWalletKeySize, octet); }

std::string Text(const setcore::SecretOctets& octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

TEST(Sealing, ARecordOpensWithItsKeyInItsPlace) {
  setcore::SystemRandom random;
  for (const std::size_t size : {0, 1, 15, 16, 17, 1000}) {
    const std::string secret(size, 's');
    const Octets record = Seal(KeyOf(1), kPlace, View(secret), random);
    EXPECT_EQ(record.size(), size + kSealOverhead);
    const auto opened = Unseal(KeyOf(1), kPlace, record);
    ASSERT_TRUE(opened) << size;
    EXPECT_EQ(Text(*opened), secret);
  }
}

TEST(Sealing, ARecordDoesNotOpenWithAnotherKeyOrInAnotherPlace) {
  setcore::SystemRandom random;
  const Octets record = Seal(KeyOf(1), kPlace, View(kSecret), random);
  EXPECT_FALSE(Unseal(KeyOf(2), kPlace, record));
  EXPECT_FALSE(Unseal(KeyOf(1), "instrument\nvisa\nexpiry", record));
  EXPECT_FALSE(Unseal(KeyOf(1), "instrument\nother\npan", record));
  EXPECT_FALSE(Unseal(KeyOf(1), "", record));
}

TEST(Sealing, ARecordWithAnyBitFlippedDoesNotOpen) {
  setcore::SystemRandom random;
  const Octets record = Seal(KeyOf(1), kPlace, View(kSecret), random);
  for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
    Octets flipped = record;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(Unseal(KeyOf(1), kPlace, flipped)) << bit;
  }
}

TEST(Sealing, ARecordThatIsCutOrProlongedDoesNotOpen) {
  setcore::SystemRandom random;
  const Octets record = Seal(KeyOf(1), kPlace, View(kSecret), random);
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_FALSE(Unseal(KeyOf(1), kPlace, OctetView(record).first(size))) << size;
  }
  Octets longer = record;
  longer.push_back(0);
  EXPECT_FALSE(Unseal(KeyOf(1), kPlace, longer));
}

TEST(Sealing, EveryRecordHasItsOwnNonceAndHidesItsSecret) {
  setcore::SystemRandom random;
  std::set<Octets> seen;
  for (int i = 0; i < 1000; ++i) {
    const Octets record = Seal(KeyOf(1), kPlace, View(kSecret), random);
    EXPECT_TRUE(seen.insert(Octets(record.begin() + 1, record.begin() + 13)).second);
    EXPECT_EQ(std::string(record.begin(), record.end()).find(kSecret), std::string::npos);
  }
}

TEST(Sealing, AWrappedKeyOpensWithItsPassphraseOnly) {
  setcore::SystemRandom random;
  const WrappedKey wrapped = Wrap(KeyOf(7), "correct horse", kFast, random);
  const auto key = Unwrap(wrapped, "correct horse");
  ASSERT_TRUE(key);
  EXPECT_EQ(Text(*key), std::string(kWalletKeySize, 7));
  for (const std::string_view wrong :
       {"", "correct hors", "correct horse ", "Correct horse", "correct horse\n"}) {
    EXPECT_FALSE(Unwrap(wrapped, wrong)) << wrong;
  }
}

TEST(Sealing, AWrappedKeyWhoseParametersChangedDoesNotOpen) {
  setcore::SystemRandom random;
  const WrappedKey wrapped = Wrap(KeyOf(7), "p", kFast, random);
  WrappedKey changed = wrapped;
  changed.scrypt.n = kScryptTestN * 2;
  EXPECT_FALSE(Unwrap(changed, "p"));
  changed = wrapped;
  changed.scrypt.r = 9;
  EXPECT_FALSE(Unwrap(changed, "p"));
  changed = wrapped;
  changed.scrypt.p = 2;
  EXPECT_FALSE(Unwrap(changed, "p"));
  changed = wrapped;
  changed.salt[0] ^= 1;
  EXPECT_FALSE(Unwrap(changed, "p"));
  changed = wrapped;
  changed.record.back() ^= 1;
  EXPECT_FALSE(Unwrap(changed, "p"));
  changed = wrapped;
  changed.scrypt.n = std::uint64_t{1} << 40;  // more memory than is allowed
  EXPECT_FALSE(Unwrap(changed, "p"));
  changed.scrypt.n = 1000;  // no power of two
  EXPECT_FALSE(Unwrap(changed, "p"));
}

TEST(Sealing, WrappingTwiceUsesTwoSalts) {
  setcore::SystemRandom random;
  EXPECT_NE(Wrap(KeyOf(7), "p", kFast, random).salt, Wrap(KeyOf(7), "p", kFast, random).salt);
}

TEST(Sealing, ParametersThatScryptDoesNotTakeAreABug) {
  setcore::SystemRandom random;
  EXPECT_THROW(Wrap(KeyOf(7), "p", {1000, 8, 1}, random), std::invalid_argument);
}

}  // namespace
}  // namespace bridge
