// Eight threads read at once: first of all, good and bad documents, with and without a passphrase.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "schema/parser.h"
#include "schema/reader.h"
#include "schema/writer.h"
#include "unit/schema/corpus.h"

namespace schema {
namespace {

TEST(Threads, EightReadTheSameAsOne) {
  const std::vector<CorpusFile> corpus = Corpus();
  std::atomic<int> good = 0;
  std::atomic<int> bad = 0;
  std::vector<std::thread> threads;
  for (unsigned first = 0; first < 8; ++first) {
    threads.emplace_back([&, first] {
      for (std::size_t i = 0; i < 2 * corpus.size(); ++i) {
        const CorpusFile& file = corpus[(i + first * 7) % corpus.size()];
        const std::string text = i % 2 == 0 ? file.text : WithoutNamespace(file.text);
        const auto read = file.request ? Read(text) : ReadResponse(text);
        if (read && CheckAttributes(*read) && read->call().name == file.name) ++good;
        const auto cut = Read(text.substr(0, text.size() / 2));
        if (!cut && cut.error().code == FaultCode::kXmlNotWellFrmd) ++bad;
        const auto foreign =
            Read("<IotpPaymentApiRequest xmlns:x='urn:" + std::to_string(first * 1000 + i) + "'/>");
        if (!foreign) ++bad;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, static_cast<int>(16 * corpus.size()));
  EXPECT_EQ(bad, static_cast<int>(32 * corpus.size()));
  EXPECT_LE(Idle().size(), IdleParsers::kMost);
}

}  // namespace
}  // namespace schema
