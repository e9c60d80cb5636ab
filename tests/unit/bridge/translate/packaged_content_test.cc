#include "bridge/translate/packaged_content.h"

#include <gtest/gtest.h>

namespace bridge {
namespace {

using schema::FaultCode;
using setcore::Octets;

constexpr std::string_view kElement = "PaySchemePackagedContent";

TEST(PackagedContent, ASetMessageComesBackAsItWentIn) {
  Octets message;
  for (int size = 1; size < 200; ++size) {
    message.push_back(static_cast<std::uint8_t>(size * 37));
    const PackagedContent packaged = MakeSetContent(message);
    EXPECT_EQ(packaged.content, "PCDATA");
    EXPECT_EQ(packaged.transform, "BASE64");
    EXPECT_EQ(packaged.name, std::nullopt);
    EXPECT_EQ(ReadSetContent(packaged, kElement), message);
  }
  EXPECT_EQ(MakeSetContent(message, kPResName).name, "PRes");
}

TEST(PackagedContent, OnlyTheContentsOfSetAreRead) {
  PackagedContent packaged = MakeSetContent(Octets{0x30, 0x00});
  for (const char* content : {"PCDATA", "MIME", "MIME:application/set-payment",
                              "MIME:application/set-payment-initiation"}) {
    packaged.content = content;
    EXPECT_TRUE(ReadSetContent(packaged, kElement)) << content;
  }
  packaged.content.reset();
  EXPECT_TRUE(ReadSetContent(packaged, kElement));
  for (const char* content : {"", "pcdata", "XML", "MIME:text/plain"}) {
    packaged.content = content;
    const auto read = ReadSetContent(packaged, kElement);
    ASSERT_FALSE(read) << content;
    EXPECT_EQ(read.error().code, FaultCode::kAttValIllegal);
    EXPECT_EQ(read.error().att_name, "Content");
    EXPECT_EQ(read.error().element_type, kElement);
  }
}

TEST(PackagedContent, TheTransformMustBeBase64) {
  PackagedContent packaged = MakeSetContent(Octets{0x30, 0x00});
  for (const auto& transform : {std::optional<std::string>(), std::optional<std::string>("NONE")}) {
    packaged.transform = transform;
    const auto read = ReadSetContent(packaged, kElement);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, FaultCode::kAttValIllegal);
    EXPECT_EQ(read.error().att_name, "Transform");
  }
}

TEST(PackagedContent, DataThatAreNoBase64AreIllegalContent) {
  PackagedContent packaged = MakeSetContent(Octets{0x30, 0x00});
  for (const char* data :
       {"", " ", "MA", "MAA", "MAA==", "MAB=", "M-A=", "MAA=MAA=", "MA\xC3\xA4="}) {
    packaged.data = data;
    const auto read = ReadSetContent(packaged, kElement);
    ASSERT_FALSE(read) << data;
    EXPECT_EQ(read.error().code, FaultCode::kElContIllegal) << data;
  }
  packaged.data = "\n M A\r\nA\t=\n";
  EXPECT_EQ(ReadSetContent(packaged, kElement), (Octets{0x30, 0x00}));
}

TEST(PackagedContent, AnOrderHashTravelsAsItIs) {
  const std::string hash = "wVn96VS6+gUk4kGzkNFWLL4UqSs=";
  PackagedContent packaged = MakeSetOd(hash);
  EXPECT_EQ(packaged.name, "Payment:SET-OD");
  EXPECT_EQ(packaged.transform, "NONE");
  EXPECT_EQ(ReadSetOd(packaged, kElement), hash);
  packaged.data = "\n  " + hash + "\n";
  EXPECT_EQ(ReadSetOd(packaged, kElement), hash);
  packaged.data = hash + "=";
  EXPECT_EQ(ReadSetOd(packaged, kElement).error().code, FaultCode::kElContIllegal);
  packaged = MakeSetOd(hash);
  packaged.transform = "BASE64";
  EXPECT_EQ(ReadSetOd(packaged, kElement).error().att_name, "Transform");
  packaged = MakeSetOd(hash);
  packaged.content = "MIME";
  EXPECT_EQ(ReadSetOd(packaged, kElement).error().att_name, "Content");
}

}  // namespace
}  // namespace bridge
