// What is not DER is refused, by the reader of a known type and by the lint of unknown ones; limits
// at n-1, n and n+1.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "setcore/asn1/codec.h"
#include "setcore/asn1/lint.h"
#include "setcore/asn1/oids.h"
#include "setcore/messages/common.h"
#include "setcore/messages/pkcs7.h"
#include "setcore/messages/purchase_init.h"
#include "vectors/vector_file.h"

namespace setcore {
namespace {

// One of everything that the mutations need.
struct Zoo {
  der::BoundedOctets<2, 4> octets;
  der::VisibleTextUb<8> visible;
  der::NumericText<1, 4> numeric;
  der::AnyInteger integer;
  msg::Oid oid;
  bool flag = true;
  bool defaulted = false;
  der::Date date;
  std::vector<der::AnyInteger> set;
  der::SetText<4> text;
  der::Any any;
  std::optional<der::AnyInteger> last;
};

template <class Ar>
void Io(Ar& ar, Zoo& z) {
  ar.Sequence([&] {
    ar(z.octets, z.visible, z.numeric, z.integer, z.oid, z.flag);
    ar.DefaultImplicit(3, z.defaulted, false);
    ar(z.date);
    ar.SetOf(z.set);
    ar(z.text, z.any);
    ar.OptionalImplicit(31, z.last);
  });
}

constexpr const char* kParts[] = {"0403010203",  // octets
                                  "1a0141",      // visible
                                  "120131",      // numeric
                                  "02020080",    // integer
                                  "06032a0304",  // oid
                                  "0101ff",      // flag
                                  "",            // defaulted
                                  "180f32303236303131353132303030305a",
                                  "3106020101020102",  // set
                                  "1e0265e5",          // text
                                  "3003020101",        // any
                                  "9f1f0105"};         // last, [31]

std::string Length(std::size_t size) {
  return vectors::ToHex(size < 0x80 ? Octets{static_cast<std::uint8_t>(size)}
                                    : Octets{0x81, static_cast<std::uint8_t>(size)});
}

// The encoding with the parts `replaced` says, wrapped correctly.
Octets Encoded(std::size_t index = SIZE_MAX, const std::string& replaced = "") {
  std::string body;
  for (std::size_t i = 0; i < std::size(kParts); ++i) body += i == index ? replaced : kParts[i];
  return vectors::FromHex("30" + Length(body.size() / 2) + body);
}

bool Accepts(OctetView octets) { return der::Decode<Zoo>(octets).has_value(); }

TEST(StrictDer, TheUnchangedEncodingIsReadAndWrittenBack) {
  const auto zoo = der::Decode<Zoo>(Encoded());
  ASSERT_TRUE(zoo) << zoo.error().detail;
  EXPECT_EQ(der::MustEncode(*zoo), Encoded());
  EXPECT_EQ(der::Lint(Encoded()), nullptr);
  EXPECT_TRUE(Accepts(Encoded(11, "")));
}

struct Mutation {
  const char* what;
  std::size_t part;
  const char* replaced;
  bool lint_refuses = true;
};

// The table of mutations that BER decoders let through.
constexpr Mutation kMutations[] = {
    {"constructed OCTET STRING", 0, "24050403010203"},
    {"length 81 where one octet does", 0, "048103010203"},
    {"length 82 where one octet does", 0, "04820003010203"},
    {"length with a leading zero octet", 0, "0484000000030a0b0c"},
    {"high tag form for a low tag", 0, "1f0403010203"},
    {"OCTET STRING shorter than SIZE", 0, "040101", false},
    {"OCTET STRING longer than SIZE", 0, "04050102030405", false},
    {"indefinite length in a string", 0, "2480040301020300 00"},
    {"constructed VisibleString", 1, "3a031a0141"},
    {"control character in VisibleString", 1, "1a010a"},
    {"octet above 7E in VisibleString", 1, "1a017f"},
    {"empty VisibleString", 1, "1a00", false},
    {"letter in NumericString", 2, "120141"},
    {"NumericString longer than SIZE", 2, "12053132333435", false},
    {"INTEGER with a superfluous 00", 3, "02020001"},
    {"INTEGER with a superfluous FF", 3, "0202ff80"},
    {"INTEGER without contents", 3, "0200"},
    {"INTEGER beyond 64 bits", 3, "0209010000000000000000", false},
    {"OBJECT IDENTIFIER with a leading 80", 4, "060480030405"},
    {"OBJECT IDENTIFIER cut in an arc", 4, "06022a83"},
    {"OBJECT IDENTIFIER without contents", 4, "0600"},
    {"BOOLEAN TRUE as 01", 5, "010101"},
    {"BOOLEAN of two octets", 5, "0102ffff"},
    {"DEFAULT encoded", 6, "830100", false},
    {"GeneralizedTime without seconds", 7, "180d3230323630313135313230305a"},
    {"GeneralizedTime with a fraction", 7, "181132303236303131353132303030302e305a"},
    {"GeneralizedTime without Z", 7, "180e3230323630313135313230303030"},
    {"31 February", 7, "180f32303236303233313132303030305a"},
    {"SET OF not sorted", 8, "3106020102020101"},
    {"BMPString of odd length", 9, "1e0365e500"},
    {"BMPString with a surrogate", 9, "1e02d800"},
    {"another string type", 9, "0c0141", false},
    {"non-minimal length inside an open type", 10, "3081030201 01"},
    {"BOOLEAN 01 inside an open type", 10, "3003010101"},
    {"unsorted SET OF inside an open type", 10, "3106020102020101"},
    {"indefinite length inside an open type", 10, "30800201010000"},
    {"primitive SEQUENCE inside an open type", 10, "1003020101"},
    {"end-of-contents as a value", 10, "0000"},
    {"element behind the last OPTIONAL", 11, "9f1f01050500", false},
    {"tag number with a leading 80", 11, "9f801f0105"},
    {"tag number below 31 in the high form", 11, "9f1e0105"},
};

TEST(StrictDer, EveryMutationIsRefused) {
  for (const Mutation& mutation : kMutations) {
    std::string hex = mutation.replaced;
    std::erase(hex, ' ');
    const Octets octets = Encoded(mutation.part, hex);
    EXPECT_FALSE(Accepts(octets)) << mutation.what;
    EXPECT_EQ(der::Lint(octets) != nullptr, mutation.lint_refuses) << mutation.what;
  }
  EXPECT_GE(std::size(kMutations), 30U);
}

TEST(StrictDer, TruncatedAndTrailingOctetsAreRefusedEverywhere) {
  const Octets whole = Encoded();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(Accepts(OctetView(whole).first(size))) << size;
    EXPECT_NE(der::Lint(OctetView(whole).first(size)), nullptr) << size;
  }
  Octets longer = whole;
  longer.push_back(0);
  EXPECT_FALSE(Accepts(longer));
  EXPECT_NE(der::Lint(longer), nullptr);
}

TEST(StrictDer, IndefiniteLengthOfTheOutermostElementIsRefused) {
  Octets octets = Encoded();
  octets[1] = 0x80;
  octets.insert(octets.end(), {0, 0});
  EXPECT_FALSE(Accepts(octets));
  EXPECT_NE(der::Lint(octets), nullptr);
}

// `depth` SEQUENCEs inside one another.
Octets Nested(int depth) {
  Octets octets{0x30, 0x00};
  for (int i = 1; i < depth; ++i) {
    octets.insert(octets.begin(), {0x30, static_cast<std::uint8_t>(octets.size())});
  }
  return octets;
}

TEST(Limits, LintAcceptsTheDepthLimitAndNoMore) {
  EXPECT_EQ(der::Lint(Nested(der::kMaxDepth - 1)), nullptr);
  EXPECT_EQ(der::Lint(Nested(der::kMaxDepth)), nullptr);
  EXPECT_NE(der::Lint(Nested(der::kMaxDepth + 1)), nullptr);
}

TEST(Limits, AnOpenTypeCountsTheElementsAroundIt) {
  const auto accepts = [](int depth) {
    Octets inner = Nested(depth);
    inner.insert(inner.begin(), {0x30, 0, 0x06, 0x01, 0x2a});
    inner[1] = static_cast<std::uint8_t>(inner.size() - 2);
    return der::Decode<msg::AlgorithmIdentifier>(inner).has_value();
  };
  EXPECT_TRUE(accepts(der::kMaxDepth - 2));
  EXPECT_TRUE(accepts(der::kMaxDepth - 1));
  EXPECT_FALSE(accepts(der::kMaxDepth));
}

struct Nest {
  int depth = 0;
};

template <class Ar>
void Io(Ar& ar, Nest& nest) {
  ar.Sequence([&] {
    ++nest.depth;
    if (ar.ok() && !ar.AtEnd()) Io(ar, nest);
  });
}

TEST(Limits, TheReaderAcceptsTheDepthLimitAndNoMore) {
  EXPECT_TRUE(der::Decode<Nest>(Nested(der::kMaxDepth - 1)));
  EXPECT_TRUE(der::Decode<Nest>(Nested(der::kMaxDepth)));
  EXPECT_FALSE(der::Decode<Nest>(Nested(der::kMaxDepth + 1)));
}

Octets Integers(std::size_t count) {
  der::Writer writer;
  std::vector<der::AnyInteger> items(count, 1);
  writer.SequenceOf(items);
  return writer.Take();
}

TEST(Limits, ASequenceOfHoldsTheLimitAndNoMore) {
  using List = std::vector<der::AnyInteger>;
  EXPECT_TRUE(der::Decode<List>(Integers(der::kMaxElements - 1)));
  EXPECT_TRUE(der::Decode<List>(Integers(der::kMaxElements)));
  EXPECT_FALSE(der::Decode<List>(Integers(der::kMaxElements + 1)));
}

TEST(Limits, ABoundedListCountsBothWays) {
  using List = der::ListOf<der::AnyInteger, 1, 2>;
  EXPECT_FALSE(der::Decode<List>(Integers(0)));
  EXPECT_TRUE(der::Decode<List>(Integers(1)));
  EXPECT_TRUE(der::Decode<List>(Integers(2)));
  EXPECT_FALSE(der::Decode<List>(Integers(3)));
  EXPECT_FALSE(der::Encode(List{}));
  EXPECT_FALSE(der::Encode(List{{1, 2, 3}}));
}

Octets Oid(std::size_t contents) {
  Octets octets{0x06, static_cast<std::uint8_t>(contents)};
  octets.resize(2 + contents, 0x01);
  return octets;
}

TEST(Limits, AnObjectIdentifierHoldsItsOctetsAndNoMore) {
  EXPECT_TRUE(der::Decode<msg::Oid>(Oid(der::kMaxOidOctets - 1)));
  EXPECT_TRUE(der::Decode<msg::Oid>(Oid(der::kMaxOidOctets)));
  EXPECT_FALSE(der::Decode<msg::Oid>(Oid(der::kMaxOidOctets + 1)));
}

TEST(Limits, LengthsAreWrittenInTheirShortestForm) {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 255U, 256U, 65535U, 65536U}) {
    const Octets der = der::MustEncode(Octets(size, 0xAB));
    const std::size_t header = size < 128 ? 2 : size < 256 ? 3 : size < 65536 ? 4 : 5;
    EXPECT_EQ(der.size(), size + header);
    EXPECT_EQ(der::Decode<Octets>(der)->size(), size);
  }
}

TEST(Limits, TagNumbersOfOneAndSeveralOctets) {
  for (const std::uint32_t number : {0U, 30U, 31U, 127U, 128U, 999U, 16383U, 16384U}) {
    der::Writer tagged;
    der::Null null;
    tagged.Implicit(number, null);
    const Octets octets = tagged.Take();
    der::Element element;
    ASSERT_EQ(der::ParseElement(octets, element), nullptr);
    EXPECT_EQ(element.tag, der::Context(number, false));
  }
  const Octets error = vectors::FromHex("bf87670100");
  der::Element element;
  ASSERT_EQ(der::ParseElement(error, element), nullptr);
  EXPECT_EQ(element.tag, der::Context(999, true));
  EXPECT_NE(der::ParseElement(vectors::FromHex("bfffffffff7f00"), element), nullptr);
}

TEST(Bounds, AUbBoundHoldsOnOutputOnly) {
  using Brand = msg::BrandID;
  const auto brand = [](std::size_t size) {
    return Brand{*der::SetString::FromUtf8(std::string(size, 'V'))};
  };
  EXPECT_TRUE(der::Encode(brand(39)));
  const auto longest = der::Encode(brand(40));
  ASSERT_TRUE(longest);
  EXPECT_FALSE(der::Encode(brand(41)));
  EXPECT_FALSE(der::Encode(brand(0)));
  Octets longer = *longest;
  longer[1] = 41;
  longer.push_back('V');
  EXPECT_TRUE(der::Decode<Brand>(longer));
}

TEST(Bounds, ABoundWithoutUbHoldsInBothDirections) {
  const auto pan = [](std::size_t size) { return msg::PAN{std::string(size, '4')}; };
  EXPECT_FALSE(der::Encode(pan(0)));
  EXPECT_TRUE(der::Encode(pan(18)));
  const auto longest = der::Encode(pan(19));
  ASSERT_TRUE(longest);
  EXPECT_FALSE(der::Encode(pan(20)));
  Octets longer = *longest;
  longer[1] = 20;
  longer.push_back('4');
  EXPECT_FALSE(der::Decode<msg::PAN>(longer));
}

TEST(Bounds, ValueRangesHoldInBothDirections) {
  for (const auto& [value, good] : std::vector<std::pair<std::int64_t, bool>>{
           {0, false}, {1, true}, {999, true}, {1000, false}}) {
    EXPECT_EQ(der::Encode(msg::Currency(value)).has_value(), good) << value;
    EXPECT_EQ(der::Decode<msg::Currency>(der::MustEncode(der::AnyInteger(value))).has_value(),
              good);
  }
}

TEST(Bounds, ApprovalCodesArePaddedOnOutputAndLenientOnInput) {
  using Code = der::VisibleTextPadded<6>;
  EXPECT_FALSE(der::Encode(Code{"12345"}));
  EXPECT_TRUE(der::Encode(Code{"123456"}));
  EXPECT_FALSE(der::Encode(Code{"1234567"}));
  EXPECT_FALSE(der::Decode<Code>(vectors::FromHex("1a00")));
  EXPECT_TRUE(der::Decode<Code>(vectors::FromHex("1a0131")));
  EXPECT_TRUE(der::Decode<Code>(vectors::FromHex("1a06313233343536")));
  EXPECT_FALSE(der::Decode<Code>(vectors::FromHex("1a0731323334353637")));
}

TEST(SetString, EqualityIsOfCharactersAndTheFormIsKept) {
  const Octets visible = vectors::FromHex("1a0156");
  const Octets bmp = vectors::FromHex("1e020056");
  const auto a = der::Decode<msg::BrandID>(visible);
  const auto b = der::Decode<msg::BrandID>(bmp);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(*a, *b);
  EXPECT_EQ(der::MustEncode(*a), visible);
  EXPECT_EQ(der::MustEncode(*b), bmp);
}

TEST(SetString, TextOutsideTheVisibleCharactersBecomesBmp) {
  EXPECT_FALSE(der::SetString::FromUtf8("Visa ~")->bmp());
  EXPECT_TRUE(der::SetString::FromUtf8("Visa\t")->bmp());
  EXPECT_EQ(der::SetString::FromUtf8("Caf\u00e9 \u65e5")->Utf8(), "Caf\u00e9 \u65e5");
  EXPECT_FALSE(der::SetString::FromUtf8("\xF0\x9F\x98\x80"));  // U+1F600
  EXPECT_FALSE(der::SetString::FromUtf8("\xED\xA0\x80"));      // a surrogate
  EXPECT_FALSE(der::SetString::FromUtf8("\xC0\x80"));          // overlong
  EXPECT_FALSE(der::SetString::FromUtf8("\xE6\x97"));          // cut
}

TEST(MsgExtension, BothFormsAreReadAndKept) {
  for (const char* hex : {"300906022a03040301 0203", "300906022a03a003020105"}) {
    std::string text = hex;
    std::erase(text, ' ');
    const Octets octets = vectors::FromHex(text);
    const auto extension = der::Decode<msg::MsgExtension>(octets);
    ASSERT_TRUE(extension) << extension.error().detail;
    EXPECT_EQ(der::MustEncode(*extension), octets);
  }
  EXPECT_FALSE(der::Decode<msg::MsgExtension>(vectors::FromHex("300906022a03a103020105")));
  EXPECT_FALSE(der::Decode<msg::MsgExtension>(vectors::FromHex("300606022a03a000")));
  EXPECT_FALSE(der::Decode<msg::MsgExtension>(vectors::FromHex("300c06022a03a006020105020106")));
}

TEST(Pkcs7, BothFormsOfTheCollectionsAreReadAndKept) {
  const auto file = vectors::Load("set-1024/02-pinitres.txt");
  auto data = der::Decode<msg::SignedData>(file.Hex("signed-data-der"));
  ASSERT_TRUE(data);
  EXPECT_FALSE(data->digest_algorithms.set);
  data->version = 1;
  data->digest_algorithms.set = true;
  data->certificates->set = true;
  data->signer_infos.set = true;
  data->signer_infos.items[0].authenticated_attributes->attributes.set = true;
  const Octets old_form = der::MustEncode(*data);
  const auto again = der::Decode<msg::SignedData>(old_form);
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(der::MustEncode(*again), old_form);
  EXPECT_TRUE(again->certificates->set);
  EXPECT_EQ(again->signer_infos.items[0].authenticated_attributes->der[0], 0x31);
}

TEST(Oid, ReadsAsDottedDecimal) {
  EXPECT_EQ(oid::kPInitResData.Text(), "2.23.42.0.12");
  EXPECT_EQ(oid::kRsaOaepEncryptionSet.Text(), "1.2.840.113549.1.1.6");
  EXPECT_EQ((msg::Oid{2, 999, 4294967295U}).Text(), "2.999.4294967295");
}

}  // namespace
}  // namespace setcore
