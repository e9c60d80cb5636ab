// set-bridge decode: the messages of the vectors as golden trees (tests/golden/decode, made by
// `set-bridge decode`), every value of the vectors without a fault, secrets hidden, hostile input.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/programs/set_bridge/decode/grammar.h"
#include "bridge/programs/set_bridge/decode/tree.h"
#include "setcore/base64.h"
#include "setcore/octets.h"
#include "vectors/vector_file.h"

namespace bridge::programs::decode {
namespace {

using setcore::Octets;

// Tells whether `text` is one JSON value; strings and numbers loosely.
class JsonReader {
 public:
  static bool Accepts(std::string_view text) {
    JsonReader reader(text);
    return reader.Value(0) && (reader.Skip(), reader.rest_.empty());
  }

 private:
  explicit JsonReader(std::string_view text) : rest_(text) {}
  void Skip() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  bool Take(char c) {
    Skip();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool String() {
    if (!Take('"')) return false;
    while (!rest_.empty() && rest_[0] != '"') {
      if (static_cast<unsigned char>(rest_[0]) < 0x20) return false;
      rest_.remove_prefix(rest_[0] == '\\' ? std::min<std::size_t>(2, rest_.size()) : 1);
    }
    return Take('"');
  }
  bool List(char end, bool named, int depth) {
    if (Take(end)) return true;
    do {
      if (named && !(String() && Take(':'))) return false;
      if (!Value(depth + 1)) return false;
    } while (Take(','));
    return Take(end);
  }
  bool Value(int depth) {
    if (depth > 200) return false;
    Skip();
    if (Take('{')) return List('}', true, depth);
    if (Take('[')) return List(']', false, depth);
    if (!rest_.empty() && rest_[0] == '"') return String();
    const std::size_t end = std::min(rest_.find_first_of(",]} \n"), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return word == "true" || word == "false" || word == "null" ||
           (!word.empty() && (std::isdigit(static_cast<unsigned char>(word.back())) != 0));
  }
  std::string_view rest_;
};

struct Message {
  std::string name;  // of the golden file
  Octets octets;
};

// Every MessageWrapper of a set, named as its file and, where it has several, its prefix.
std::vector<Message> MessagesOf(const std::string& set) {
  constexpr std::string_view kWrapper = "MessageWrapper";
  std::vector<Message> messages;
  for (const std::string& name : vectors::FilesOf(set)) {
    const auto file = vectors::Load(set + "/" + name + ".txt");
    for (const auto& line : file.lines()) {
      if (!line.name.ends_with(kWrapper)) continue;
      std::string prefix = line.name.substr(0, line.name.size() - kWrapper.size());
      if (!prefix.empty()) prefix = "-" + prefix.substr(0, prefix.size() - 1);
      messages.push_back({name + prefix, vectors::FromHex(line.value)});
    }
  }
  return messages;
}

std::string TextOf(const Octets& input, bool show_secrets = false) {
  const auto node = Decode(input, {show_secrets});
  return node ? ToText(*node) : "nothing";
}

Octets AsOctets(std::string_view text) { return {text.begin(), text.end()}; }

TEST(DecodeGrammar, EveryNameThatIsUsedIsDefinedOnce) {
  std::set<std::string_view> names;
  for (const Type& type : AllTypes()) {
    EXPECT_TRUE(names.insert(type.name).second) << type.name;
    for (const Field& field : type.fields) {
      EXPECT_NE(FindType(field.type), nullptr) << type.name << "." << field.name;
    }
    if (type.shape == Shape::kList) {
      EXPECT_NE(FindType(type.element), nullptr) << type.name;
    }
  }
  for (const std::string_view name : StandAlone()) EXPECT_NE(FindType(name), nullptr) << name;
}

TEST(DecodeVectors, TheMessagesOfTheVectorsAreTheGoldenTrees) {
  const auto messages = MessagesOf("set-1024");
  ASSERT_GE(messages.size(), 20U);
  for (const Message& message : messages) {
    const std::string path = std::string(OPB_GOLDEN) + "/decode/" + message.name + ".txt";
    std::ifstream in(path, std::ios::binary);
    const std::string golden((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(TextOf(message.octets), golden) << path;
  }
}

TEST(DecodeVectors, NoMessageOfTheVectorsHasAFault) {
  for (const char* const set : vectors::kSets) {
    for (const Message& message : MessagesOf(set)) {
      const Node node = ReadDer(message.octets, "MessageWrapper", {});
      EXPECT_EQ(Faults(node), 0U) << set << " " << message.name << "\n" << ToText(node);
      EXPECT_TRUE(JsonReader::Accepts(ToJson(node))) << message.name;
    }
  }
}

TEST(DecodeVectors, ThePartsOfTheVectorsAreReadAsWhatTheyAre) {
  const std::map<std::string, std::pair<const char*, const char*>> parts = {
      {"PInitResData", {"02-pinitres", "PInitResData"}},
      {"HODInput", {"03-hodinput-hod", "HODInput.der"}},
      {"OIData", {"04-oidata", "OIData.der"}},
      {"PIHead", {"05-pihead", "PIHead"}},
      {"PANData", {"06-pandata-pidata", "PANData.der"}},
      {"PIData", {"06-pandata-pidata", "PIData.der"}},
      {"PIDualSignedTBE", {"07-ex-envelope", "plaintext"}},
      {"SignedData", {"08-pisignature", "signed-data-der"}},
      {"PReq", {"09-preq-dualsigned", "PReq"}},
      {"AuthReqTBS", {"10-authreq", "content-der"}},
      {"AuthResTBS", {"11-authres", "content-der"}},
      {"PResData", {"12-pres", "PResData"}},
      {"InqReqData", {"13-inqreq-signed", "InqReqData"}},
      {"CapReqTBS", {"15-capreq", "content-der"}},
      {"CapResData", {"16-capres", "content-der"}},
      {"PANToken", {"18-preq-unsigned", "PANToken"}},
      {"InqReq", {"20-inqreq-unsigned", "InqReq"}},
      {"AuthRevReqTBS", {"21-authrevreq", "content-der"}},
      {"AuthRevResData", {"22-authrevres", "content-der"}},
      {"ErrorTBS", {"23-error", "signed-with-thumb.ErrorTBS"}},
  };
  for (const auto& [type, where] : parts) {
    const auto octets =
        vectors::Load(std::string("set-1024/") + where.first + ".txt").Hex(where.second);
    const auto node = Decode(octets, {});
    ASSERT_TRUE(node) << type;
    EXPECT_EQ(node->type, type);
    EXPECT_EQ(Faults(*node), 0U) << ToText(*node);
  }
}

TEST(Decode, EveryWrappingOfAMessageGivesTheSameTree) {
  const Octets der = vectors::Load("set-1024/12-pres.txt").Hex("MessageWrapper");
  const std::string tree = TextOf(der);
  const std::string base64 = setcore::EncodeBase64(der);
  EXPECT_EQ(TextOf(AsOctets(base64)), tree);
  EXPECT_EQ(TextOf(AsOctets("\xEF\xBB\xBF \n" + base64.substr(0, 70) + "\r\n" + base64.substr(70))),
            tree);
  const auto packaged = Decode(
      AsOctets("<?xml version=\"1.0\"?><a><PaySchemePackagedContent Name='PRes' Content=\"PCDATA\" "
               "Transform = \"BASE64\">" +
               base64 + "</PaySchemePackagedContent></a>"),
      {});
  ASSERT_TRUE(packaged);
  EXPECT_EQ(packaged->type, "PaySchemePackagedContent");
  ASSERT_EQ(packaged->children.size(), 4U);
  EXPECT_EQ(packaged->children[0].value, "PRes");
  Node inside = packaged->children[3];
  EXPECT_EQ(inside.name, "ContentData");
  inside.name.clear();
  EXPECT_EQ(ToText(inside), tree);
  Octets mime = AsOctets("Content-Type: application/set-payment\r\n\r\n");
  mime.insert(mime.end(), der.begin(), der.end());
  EXPECT_EQ(TextOf(mime), tree);
}

TEST(Decode, AnInitiationIsShownFieldByField) {
  EXPECT_EQ(
      TextOf(AsOctets("SET-Initiation-Type: Payment-Initiation\r\nSET-Version: 1.0\r\n\r\nabc")),
      "SETInitiation\n  fields\n    SET-Initiation-Type: Payment-Initiation\n"
      "    SET-Version: 1.0\n  body: abc\n");
}

TEST(Decode, SecretsAreHiddenUnlessTheyAreAskedFor) {
  const auto file = vectors::Load("set-1024/06-pandata-pidata.txt");
  const Octets pan_data = file.Hex("PANData.der");
  const std::string pan = file.Text("pan");
  EXPECT_EQ(TextOf(pan_data),
            "PANData\n  pan: " + pan.substr(0, 6) + std::string(pan.size() - 10, '*') +
                pan.substr(pan.size() - 4) +
                "\n  cardExpiry: hidden\n  panSecret: hidden\n  exNonce: hidden\n");
  const std::string shown = TextOf(pan_data, true);
  EXPECT_NE(shown.find("pan: " + pan), std::string::npos) << shown;
  EXPECT_NE(shown.find(vectors::ToHex(file.Hex("pan-secret"))), std::string::npos) << shown;
  // Inside an Error somebody may send anything back.
  const auto node = Decode(AsOctets("SET-Echo: " + pan + "\n\n" + pan), {});
  ASSERT_TRUE(node);
  EXPECT_EQ(ToText(*node).find(pan), std::string::npos);
  EXPECT_EQ(ToJson(*node).find(pan), std::string::npos);
}

TEST(Decode, AccountNumbersAreKnownByLengthAndCheckDigit) {
  EXPECT_EQ(Masked("a 4000000000000002 b"), "a 400000******0002 b");
  EXPECT_EQ(Masked("4000000000000003"), "4000000000000003") << "check digit";
  EXPECT_EQ(Masked("000000000000"), "000000000000") << "12 digits";
  EXPECT_EQ(Masked("0000000000000"), "000000***0000");
  EXPECT_EQ(Masked("0000000000000000000"), "000000*********0000");
  EXPECT_EQ(Masked("00000000000000000000"), "00000000000000000000") << "20 digits";
}

TEST(Decode, NothingThatATerminalObeysIsPrinted) {
  EXPECT_EQ(Printable("a\x1b[31m\n\x7f"), "a\\u{1b}[31m\\u{a}\\u{7f}");
  EXPECT_EQ(Printable("\xe2\x80\xae"
                      "abc"),
            "\\u{202e}abc");
  EXPECT_EQ(Printable("\xff\xc0\x80 \xed\xa0\x80"), "\\xff\\xc0\\x80 \\xed\\xa0\\x80");
  EXPECT_EQ(Printable("Gr\xc3\xbc\xc3\x9f\x65 \xe6\x97\xa5"),
            "Gr\xc3\xbc\xc3\x9f\x65 \xe6\x97\xa5");
}

TEST(Decode, WhatIsNoneOfThemGivesNothing) {
  for (const std::string_view input :
       {"", "   \n", "<a/>", "<PackagedContent", "hello", "\x01\x02"}) {
    EXPECT_FALSE(Decode(AsOctets(input), {})) << input;
  }
}

TEST(Decode, ARatioBeyondAllDoublesIsNoNumberOfJson) {
  const Octets one = {0x09, 0x03, 0x80, 0x00, 0x01};
  EXPECT_EQ(ReadDer(one, "REAL", {}).value, "1");
  const Octets huge = {0x09, 0x04, 0x81, 0x7F, 0xFF, 0x01};  // 2^32767
  const Node node = ReadDer(huge, "REAL", {});
  EXPECT_EQ(node.fault, "beyond all doubles");
  EXPECT_TRUE(JsonReader::Accepts(ToJson(node)));
  const Octets tiny = {0x09, 0x04, 0x81, 0x80, 0x00, 0x01};  // 2^-32768
  EXPECT_EQ(ReadDer(tiny, "REAL", {}).value, "0");
}

// Each of these would take hours if the text were gone over again and again.
TEST(Decode, LongHostileTextsAreGoneOverOnce) {
  constexpr std::size_t kLong = 1U << 20U;
  for (const std::string_view piece :
       {"<", "<a ", "<PackagedContent ", "<PackagedContent><![CDATA[",
        "<PackagedContent Name=", "&", "0", "SET-A: b\n", "<PackagedContent>0000000000000<"}) {
    std::string text;
    while (text.size() < kLong) text += piece;
    const auto node = Decode(AsOctets(text + ">"), {});
    if (node) {
      EXPECT_FALSE(ToText(*node).empty()) << piece;
    }
  }
}

TEST(Decode, DamagedMessagesAreShownAsFarAsTheyGo) {
  const Octets der = vectors::Load("set-1024/10-authreq.txt").Hex("MessageWrapper");
  for (std::size_t size = 1; size < der.size(); size += 97) {
    const auto node =
        Decode(Octets(der.begin(), der.begin() + static_cast<std::ptrdiff_t>(size)), {});
    if (!node) continue;
    EXPECT_GT(Faults(*node), 0U) << size;
    EXPECT_TRUE(JsonReader::Accepts(ToJson(*node))) << size;
  }
  for (std::size_t at = 0; at < der.size(); at += 101) {
    Octets damaged = der;
    damaged[at] ^= 0xFF;
    const auto node = Decode(damaged, {});
    if (node) {
      EXPECT_TRUE(JsonReader::Accepts(ToJson(*node))) << at;
    }
  }
}

TEST(Decode, DepthAndNumberAreLimited) {
  Octets deep = {0x05, 0x00};
  for (int i = 0; i < 200; ++i) {
    Octets outer = {0x30, 0x82, static_cast<std::uint8_t>(deep.size() >> 8),
                    static_cast<std::uint8_t>(deep.size() & 0xFF)};
    outer.insert(outer.end(), deep.begin(), deep.end());
    deep = std::move(outer);
  }
  EXPECT_NE(TextOf(deep).find("!!"), std::string::npos);
  constexpr std::size_t kMany = 30'000;
  Octets wide = {0x30, 0x82, (kMany * 2) >> 8 & 0xFF, (kMany * 2) & 0xFF};
  for (std::size_t i = 0; i < kMany; ++i) wide.insert(wide.end(), {0x05, 0x00});
  EXPECT_NE(TextOf(wide).find("more than can be shown"), std::string::npos);
}

}  // namespace
}  // namespace bridge::programs::decode
