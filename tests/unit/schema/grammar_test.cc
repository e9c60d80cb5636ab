// The grammar that all threads share is complete before the first document: a host's memory
// manager, given to Xerces before anything else happens in this program, counts what is left
// behind.
#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <xercesc/framework/MemoryManager.hpp>
#include <xercesc/util/PlatformUtils.hpp>
#include <xercesc/util/XMLUni.hpp>

#include "schema/reader.h"
#include "unit/schema/corpus.h"

namespace schema {
namespace {

class CountingManager final : public xercesc::MemoryManager {
 public:
  xercesc::MemoryManager* getExceptionMemoryManager() override { return this; }
  void* allocate(XMLSize_t size) override {
    ++blocks_;
    return ::operator new(size);
  }
  void deallocate(void* block) override {
    if (block != nullptr) --blocks_;
    ::operator delete(block);
  }
  long blocks() const { return blocks_; }

 private:
  std::atomic<long> blocks_ = 0;
};

CountingManager& Counting() {
  static auto& manager = *new CountingManager;
  return manager;
}

class HostThatCounts final : public testing::Environment {
 public:
  void SetUp() override {
    xercesc::XMLPlatformUtils::Initialize(xercesc::XMLUni::fgXercescDefaultLocale, nullptr, nullptr,
                                          &Counting());
  }
};

const auto* const kHost = testing::AddGlobalTestEnvironment(new HostThatCounts);

TEST(Grammar, GetsNothingAddedByReadingWithIt) {
  ASSERT_NE(kHost, nullptr);
  Initialize();
  ASSERT_GT(Counting().blocks(), 1000);
  // Twice: a parser keeps what it took for its first document until its second.
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(Read(Request("<RemovePaymentLog PayId='1'/>")));
  const long before = Counting().blocks();
  for (const CorpusFile& file : Corpus()) {
    const auto read = file.request ? Read(file.text) : ReadResponse(file.text);
    EXPECT_EQ(Counting().blocks(), before) << file.name;
  }
}

}  // namespace
}  // namespace schema
