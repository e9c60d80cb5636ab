// The grammar that all threads share is complete before the first document: a host's memory
// manager, given to Xerces before anything else happens in this program, counts what is left
// behind.
#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <vector>
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

// Blocks that are held after each document of the corpus; a parser holds a few for its last one.
std::vector<long> BlocksAfterEach() {
  std::vector<long> blocks;
  for (const CorpusFile& file : Corpus()) {
    EXPECT_TRUE(file.request ? Read(file.text) : ReadResponse(file.text)) << file.name;
    blocks.push_back(Counting().blocks());
  }
  return blocks;
}

TEST(Grammar, GetsNothingAddedByReadingWithIt) {
  ASSERT_NE(kHost, nullptr);
  EXPECT_TRUE(ReadResponse(Corpus().back().text));
  const std::vector<long> first = BlocksAfterEach();
  ASSERT_GT(first.front(), 1000);
  EXPECT_EQ(BlocksAfterEach(), first);
}

}  // namespace
}  // namespace schema
