// No copy of a passphrase stays behind: not in a parser that is used again, not in the heap.
#include "schema/wiping.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "schema/guard.h"
#include "schema/parser.h"
#include "schema/reader.h"
#include "schema/tree_builder.h"
#include "schema/utf.h"
#include "unit/schema/corpus.h"

namespace schema {
namespace {

constexpr std::string_view kSecret = "correct horse battery";

std::string WithPassphrase(std::string_view rest) {
  return Request("<RemovePaymentLog PayId='1' Passphrase='" + std::string(kSecret) + "'" +
                 std::string(rest));
}

bool Holds(const WipingMemoryManager& memory, std::string_view secret) {
  const std::u16string wide = ToUtf16(secret);
  return memory.Holds(wide.data(), wide.size() * sizeof(char16_t)) ||
         memory.Holds(secret.data(), secret.size());
}

bool IdleHolds(std::string_view secret) {
  const std::u16string wide = ToUtf16(secret);
  return Idle().Holds(wide.data(), wide.size() * sizeof(char16_t)) ||
         Idle().Holds(secret.data(), secret.size());
}

TEST(Wiping, TheManagerCountsWhatIsOutAndWhatItWiped) {
  WipingMemoryManager memory;
  auto* block = static_cast<char*>(memory.allocate(kSecret.size()));
  kSecret.copy(block, kSecret.size());
  void* other = memory.allocate(100);
  EXPECT_TRUE(Holds(memory, kSecret));
  EXPECT_EQ(memory.live_blocks(), 2U);
  EXPECT_EQ(memory.live_octets(), kSecret.size() + 100);
  memory.deallocate(block);
  memory.deallocate(nullptr);
  EXPECT_FALSE(Holds(memory, kSecret));
  EXPECT_EQ(memory.live_blocks(), 1U);
  EXPECT_EQ(memory.wiped_octets(), kSecret.size());
  memory.deallocate(other);
  EXPECT_EQ(memory.live_octets(), 0U);
}

TEST(Wiping, AParserKeepsCopiesWhileItLivesAndNothingAfterwards) {
  auto parser = std::make_unique<Parser>();
  {
    const Limits limits;
    TreeBuilder builder(kRequestRoot, limits);
    const std::string document = WithPassphrase("/>");
    Parse(*parser->sax, parser->memory, builder, document);
    EXPECT_TRUE(builder.saw_passphrase());
    EXPECT_EQ(builder.Take().call().Value("Passphrase"), kSecret);
  }
  EXPECT_TRUE(Holds(parser->memory, kSecret)) << "else this test looks in the wrong place";
  parser->sax.reset();
  EXPECT_EQ(parser->memory.live_blocks(), 0U);
  EXPECT_EQ(parser->memory.live_octets(), 0U);
  EXPECT_GT(parser->memory.wiped_octets(), 10000U);
}

TEST(Wiping, AParserThatSawAPassphraseIsNotUsedAgain) {
  ASSERT_TRUE(Read(Request("<RemovePaymentLog PayId='seen before'/>")));
  ASSERT_GE(Idle().size(), 1U);
  EXPECT_TRUE(IdleHolds("seen before")) << "else this test looks in the wrong place";
  for (const std::string& document :
       {WithPassphrase("/>"), WithPassphrase(">"), WithPassphrase("><a/></RemovePaymentLog>"),
        WithPassphrase("PayId='2'/>"), WithPassphrase(" <"), WithPassphrase(" Foo='1'/>"),
        Request("<InquirePendingPayment PassPhrase='" + std::string(kSecret) + "'/>"),
        Request("<InquirePendingPayment passphrase='" + std::string(kSecret) + "'/>"),
        // Where it does not belong: the reader has seen it all the same.
        Request("<FindAcceptedPaymentBrand Passphrase='" + std::string(kSecret) + "'/>")}) {
    (void)Read(document);
    EXPECT_FALSE(IdleHolds(kSecret)) << document;
  }
}

TEST(Wiping, ParsersWithoutASecretAreUsedAgain) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Read(Request("<RemovePaymentLog PayId='1'/>")));
  const std::size_t idle = Idle().size();
  ASSERT_GE(idle, 1U);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Read(Request("<RemovePaymentLog PayId='1'/>")));
  EXPECT_EQ(Idle().size(), idle);
}

}  // namespace
}  // namespace schema
