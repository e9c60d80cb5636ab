// Every call and every response is read, in both namespace forms.
#include "unit/schema/corpus.h"

#include <gtest/gtest.h>

#include <set>

#include "schema/attributes.h"
#include "schema/reader.h"

namespace schema {
namespace {

tl::expected<Document, Fault> ReadAny(const CorpusFile& file, const std::string& text) {
  return file.request ? Read(text) : ReadResponse(text);
}

// RFC 3867, 3: 24 calls, of which CheckPaymentPossibility has two spellings (errata M-2).
TEST(Corpus, HoldsEveryCallAndEveryResponse) {
  std::set<std::string> calls;
  std::set<std::string> responses;
  for (const CorpusFile& file : Corpus()) (file.request ? calls : responses).insert(file.name);
  EXPECT_EQ(calls.size(), 25U);
  EXPECT_EQ(responses.size(), 26U);
  for (const std::string& call : calls) EXPECT_TRUE(responses.contains(call + "Response")) << call;
  EXPECT_TRUE(responses.contains("ErrorResponse"));
}

TEST(Corpus, EveryDocumentIsReadInBothNamespaceForms) {
  for (const CorpusFile& file : Corpus()) {
    for (const bool namespaced : {true, false}) {
      const auto read = ReadAny(file, namespaced ? file.text : WithoutNamespace(file.text));
      ASSERT_TRUE(read) << file.name << ' ' << read.error().element_type << ' '
                        << Name(read.error().code);
      EXPECT_EQ(read->call().name, file.name);
      EXPECT_EQ(read->namespaced(), namespaced) << file.name;
      EXPECT_EQ(read->content_software_id(), "Example OAC 1.0 build 1");
      EXPECT_EQ(read->language(), "en");
      const auto checked = CheckAttributes(*read);
      EXPECT_TRUE(checked) << file.name << ' ' << checked.error().element_type << ' '
                           << checked.error().att_name;
    }
  }
}

TEST(Corpus, ARequestIsNoResponseAndTheOtherWayRound) {
  for (const CorpusFile& file : Corpus()) {
    const auto read = file.request ? ReadResponse(file.text) : Read(file.text);
    ASSERT_FALSE(read) << file.name;
    EXPECT_EQ(read.error().code, FaultCode::kXmlNotValid);
  }
}

// The corpus uses each element of the schema, so what is tested over the corpus is tested over all.
TEST(Corpus, UsesEveryElementAndEveryAttributeOfTheTable) {
  std::set<std::string, std::less<>> seen;
  const auto walk = [&](const auto& self, const Element& element) -> void {
    seen.insert(std::string(element.name));
    for (const Attribute& attribute : element.attributes) {
      seen.insert(std::string(element.name) + '@' + std::string(attribute.name));
    }
    for (const Element* child : element.children) self(self, *child);
  };
  for (const CorpusFile& file : Corpus()) {
    const auto read = ReadAny(file, file.text);
    ASSERT_TRUE(read);
    walk(walk, read->root());
  }
  for (const ElementRule& rule : Elements()) {
    EXPECT_TRUE(seen.contains(rule.name)) << rule.name;
    for (const AttributeRule& attribute : rule.attributes) {
      // Name stays away where the corpus has nothing to name.
      if (attribute.name == "Name") continue;
      const std::string both = std::string(rule.name) + '@' + std::string(attribute.name);
      EXPECT_TRUE(seen.contains(both)) << both;
    }
  }
}

}  // namespace
}  // namespace schema
