// Property: whatever octets a decoder accepts, their value is encoded as exactly those octets.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>

#include "unit/setcore/messages_corpus.h"
#include "vectors/vector_file.h"

namespace setcore {
namespace {

// xorshift64*: small, and the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint32_t Below(std::size_t bound) {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    const std::uint64_t value = (state_ * 0x2545F4914F6CDD1DULL) >> 33;
    return static_cast<std::uint32_t>(value % bound);
  }

 private:
  std::uint64_t state_;
};

void Mutate(Dice& dice, Octets& octets) {
  const std::size_t at = dice.Below(octets.size());
  switch (dice.Below(6)) {
    case 0:
      octets[at] ^= static_cast<std::uint8_t>(1U << dice.Below(8));
      break;
    case 1:
      octets[at] = static_cast<std::uint8_t>(dice.Below(256));
      break;
    case 2:
      octets.erase(octets.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 3:
      octets.insert(octets.begin() + static_cast<std::ptrdiff_t>(at),
                    static_cast<std::uint8_t>(dice.Below(256)));
      break;
    case 4:
      octets.resize(at + 1);
      break;
    default: {
      static constexpr std::uint8_t kTelling[] = {0x00, 0x7F, 0x80, 0x81, 0xFF,
                                                  0x30, 0x31, 0xA0, 0x04, 0x05};
      octets[at] = kTelling[dice.Below(sizeof kTelling)];
    }
  }
}

TEST(MessageMutants, EveryAcceptedOneIsEncodedAgainIdentically) {
  constexpr int kMutantsOfEach = 600;
  Dice dice(20260115);
  int accepted = 0;
  int refused = 0;
  for (const Sample& sample : MessageCorpus()) {
    for (int i = 0; i < kMutantsOfEach; ++i) {
      Octets mutant = sample.octets;
      for (std::uint32_t n = dice.Below(3) + 1; n > 0 && !mutant.empty(); --n) {
        Mutate(dice, mutant);
      }
      const auto again = sample.codec(mutant);
      if (!again && again.error().code == ErrorCode::kDecodingFailure) {
        ++refused;
        continue;
      }
      ++accepted;
      // Input is more lenient than output only where a ub- bound says so (D-14) or where D-12 does.
      if (!again) {
        EXPECT_TRUE(again.error().detail == "string outside its bounds" ||
                    again.error().detail == "SETString outside its bounds" ||
                    again.error().detail == "recurringFrequency above its bound")
            << sample.where << ": " << again.error().detail;
        continue;
      }
      ASSERT_EQ(vectors::ToHex(*again), vectors::ToHex(mutant)) << sample.where;
    }
  }
  std::printf("mutants: %d accepted, %d refused\n", accepted, refused);
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 10000);
}

}  // namespace
}  // namespace setcore
