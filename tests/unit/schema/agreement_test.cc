// The DTD and (XSD plus attribute table) judge alike: over the corpus and over every document that
// one change makes of one of its documents.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <string>

#include "schema/attributes.h"
#include "schema/reader.h"
#include "schema/writer.h"
#include "unit/schema/corpus.h"
#include "unit/schema/dtd_judge.h"

namespace schema {
namespace {

// BeyondTheDtd says whether a fault is one of those for which the table asks for more than the DTD
// can say (attributes.h; deviations.md, "Beyond the DTD").
bool BeyondTheDtd(const Fault& fault) {
  const ElementRule* element = FindElement(fault.element_type);
  const AttributeRule* attribute = element == nullptr ? nullptr : element->Find(fault.att_name);
  if (attribute == nullptr) return false;
  switch (fault.code) {
    case FaultCode::kAttMissing:
      return attribute->presence == Presence::kSetRequires;
    case FaultCode::kAttUnexpected:  // the same attribute in two spellings
      return true;
    case FaultCode::kAttValIllegal:
      switch (attribute->kind) {
        case AttributeKind::kFilled:
        case AttributeKind::kAmount:
        case AttributeKind::kMoment:
        case AttributeKind::kNumber:
        case AttributeKind::kPercent:
          return true;
        default:
          return false;
      }
    default:
      return false;
  }
}

bool IsPaymentName(const Fault& fault) {
  return fault.code == FaultCode::kAttValIllegal &&
         fault.element_type == "TradingRoleDataPackagedContent" && fault.att_name == "Name";
}

// OurFault gives what the reader and the table say, nothing if the document is fine.
std::optional<Fault> OurFault(const std::string& document, bool request) {
  const auto read = request ? Read(document) : ReadResponse(document);
  if (!read) return read.error();
  if (const auto checked = CheckAttributes(*read); !checked) return checked.error();
  return std::nullopt;
}

class Agreement : public testing::Test {
 protected:
  void Compare(const std::string& what, const std::string& document, bool request) {
    if (!seen_.insert(document).second) return;
    std::string why;
    const DtdVerdict dtd = JudgeByDtd(document, &why);
    auto fault = OurFault(document, request);
    ++compared_;
    ASSERT_NE(dtd, DtdVerdict::kNotWellFormed) << what << ": " << why;
    if (fault && IsPaymentName(*fault)) return;  // a token for the DTD or not: no conclusion
    if (fault && BeyondTheDtd(*fault)) {
      ++beyond_;
      fault.reset();
    }
    ASSERT_EQ(dtd == DtdVerdict::kValid, !fault)
        << what << "\nDTD: " << why << "\nreader: "
        << (fault
                ? std::string(Name(fault->code)) + ' ' + fault->element_type + ' ' + fault->att_name
                : "valid")
        << '\n'
        << document;
    ++(fault ? refused_ : accepted_);
  }

  // Whole writes the document that `call` is the content of.
  std::string Whole(const Node& call) const {
    return request_ ? WriteRequest(call, {"s", "en"}) : WriteResponse(call, {"s", "en"});
  }

  // Mutate applies every change to `node`, which is part of `call`, and compares each result.
  void Mutate(const Node& call, Node& node) {
    const auto compare = [&](const std::string& what) {
      Compare(call.name + ": " + what + " in " + node.name, Whole(call), request_);
    };
    const Node saved = node;
    const auto restore = [&] { node = saved; };
    for (std::size_t i = 0; i < saved.attributes.size(); ++i) {
      const std::string& name = saved.attributes[i].first;
      node.attributes.erase(node.attributes.begin() + static_cast<std::ptrdiff_t>(i));
      compare("without " + name), restore();
      node.attributes[i].first = "Foo";
      compare("renamed " + name), restore();
      for (const std::string_view value :
           {"", " ", "!", "a b", " a", "-1", "Debit", "2026-02-30T00:00:00Z", "Payment:x",
            "\xC3\xA9", "\xC3\x97", "a  b"}) {
        node.attributes[i].second = value;
        compare(name + "='" + std::string(value) + "'"), restore();
      }
    }
    for (const std::string_view name :
         {"xml:lang", "xml:space", "Foo", "WalletID", "WalletId", "Passphrase", "PassPhrase",
          "passphrase", "ContentSoftwareId", "Name", "PayId"}) {
      bool given = false;
      for (const auto& [present, value] : saved.attributes) given = given || present == name;
      if (given) continue;
      node.Set(name, "preserve");
      compare("with " + std::string(name)), restore();
    }
    for (std::size_t i = 0; i < saved.children.size(); ++i) {
      const auto at = node.children.begin() + static_cast<std::ptrdiff_t>(i);
      node.children.erase(at);
      compare("a child less"), restore();
      node.children.insert(node.children.begin() + static_cast<std::ptrdiff_t>(i),
                           saved.children[i]);
      compare("a child twice"), restore();
      if (i > 0) std::swap(node.children[i - 1], node.children[i]);
      compare("children swapped"), restore();
    }
    for (const std::string_view child : {"Foo", "PackagedContent", "ProtocolBrand", "Brand"}) {
      node.Add(Node(child));
      compare("another child"), restore();
    }
    node.name = "Foo";
    compare("renamed"), restore();
    node.Text("x");
    compare("text"), restore();
    for (std::size_t i = 0; i < saved.children.size(); ++i) Mutate(call, node.children[i]);
  }

  bool request_ = true;
  std::set<std::string> seen_;
  int compared_ = 0;
  int accepted_ = 0;
  int refused_ = 0;
  int beyond_ = 0;
};

TEST_F(Agreement, OverTheCorpus) {
  for (const CorpusFile& file : Corpus()) {
    Compare(file.name, file.text, file.request);
    Compare(file.name, WithoutNamespace(file.text), file.request);
  }
  EXPECT_EQ(refused_, 0);
  EXPECT_EQ(accepted_, 102);
}

TEST_F(Agreement, OverEveryChangeOfTheCorpus) {
  for (const CorpusFile& file : Corpus()) {
    const auto read = file.request ? Read(file.text) : ReadResponse(file.text);
    ASSERT_TRUE(read);
    request_ = file.request;
    Node call = CopyOf(read->call());
    Mutate(call, call);
  }
  RecordProperty("compared", compared_);
  EXPECT_GT(compared_, 5000);
  EXPECT_GT(accepted_, 1000);
  EXPECT_GT(refused_, 1000);
  EXPECT_GT(beyond_, 100);
}

TEST_F(Agreement, OverRoots) {
  for (const std::string_view attributes :
       {"", "xmlns='http://www.iotp.org/2000/08/PaymentAPI'", "xmlns=''", "xmlns='urn:x'",
        "xml:lang='en'", "xml:lang=''", "xml:lang='e n'", "ContentSoftwareId='x'", "PayId='1'",
        "xmlns:a='urn:x'", "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"}) {
    for (const std::string_view content :
         {"", "<RemovePaymentLog PayId='1'/>", "<RemovePaymentLog PayId='1'/>x",
          "<RemovePaymentLog PayId='1'/><!-- c --><?p i?>",
          "<RemovePaymentLog PayId='1'/><RemovePaymentLog PayId='1'/>"}) {
      Compare("root",
              "<IotpPaymentApiRequest " + std::string(attributes) + ">" + std::string(content) +
                  "</IotpPaymentApiRequest>",
              true);
    }
  }
}

TEST_F(Agreement, OverEmptyElements) {
  for (const std::string_view inside : {"", " ", "\n", "x", "&#32;"}) {
    Compare("empty",
            Request("<RemovePaymentLog PayId='1'>" + std::string(inside) + "</RemovePaymentLog>"),
            true);
  }
  EXPECT_EQ(accepted_, 1);
}

// deviations.md, "Beyond the DTD": the places where the reader is more liberal.
TEST_F(Agreement, ExceptThatAProcessStateMayBeSpelledAsInRfc3538) {
  for (const std::string_view state : {"CompletedOK", "failed", "Suspend", "suspended"}) {
    const std::string document =
        Request("<ChangeProcessState PayId='1' ProcessState='" + std::string(state) + "'/>");
    EXPECT_EQ(JudgeByDtd(document), DtdVerdict::kNotValid) << state;
    EXPECT_FALSE(OurFault(document, true)) << state;
  }
  EXPECT_TRUE(OurFault(Request("<ChangeProcessState PayId='1' ProcessState='Done'/>"), true));
}

TEST_F(Agreement, ExceptThatAnEmptyElementMayHoldCommentsAndInstructions) {
  for (const std::string_view inside : {"<!-- c -->", "<?p i?>"}) {
    const std::string document =
        Request("<RemovePaymentLog PayId='1'>" + std::string(inside) + "</RemovePaymentLog>");
    EXPECT_EQ(JudgeByDtd(document), DtdVerdict::kNotValid) << inside;
    EXPECT_FALSE(OurFault(document, true)) << inside;
  }
}

}  // namespace
}  // namespace schema
