// The receiving order of D-26: which fault wins, and every limit at n-1, n and n+1.
#include "setcore/messages/receive.h"

#include <gtest/gtest.h>

#include <functional>

#include "setcore/asn1/codec.h"
#include "setcore/compose_error.h"
#include "setcore/messages/error_message.h"
#include "setcore/messages/glance.h"
#include "setcore/messages/purchase_init.h"
#include "setcore/received_error.h"
#include "unit/setcore/party.h"
#include "vectors/scripted_random.h"
#include "vectors/vector_file.h"

namespace setcore {
namespace {

msg::PInitReq Request() {
  msg::PInitReq request;
  request.language.value = "en";
  request.local_id_c.value = {1, 2, 3};
  request.brand_id.value = *der::SetString::FromUtf8("VISA");
  request.bin.value = "400000";
  return request;
}

msg::MessageWrapper Wrapper() {
  msg::MessageWrapper wrapper;
  wrapper.header = MakeHeader(VectorClock(), "x", msg::RRPID{}, {msg::LocalID{{1, 2, 3}}, {}, {}});
  wrapper.type = msg::MessageType::kPInitReq;
  wrapper.message.der = der::MustEncode(Request());
  return wrapper;
}

// The code that a changed wrapper gets; nothing if it is accepted.
std::optional<ErrorCode> Code(OctetView octets) {
  const auto received = Receive<msg::PInitReq>(octets, msg::MessageType::kPInitReq, VectorClock());
  if (received) return std::nullopt;
  return received.error().code;
}

std::optional<ErrorCode> CodeAfter(const std::function<void(msg::MessageWrapper&)>& change) {
  msg::MessageWrapper wrapper = Wrapper();
  change(wrapper);
  return Code(der::MustEncode(wrapper));
}

msg::MsgExtensions Extensions(bool critical) {
  return {{msg::Oid{1, 2, 3, 4}, critical, msg::Any{{0x04, 0x01, 0x00}}}};
}

TEST(Receive, AGoodMessageIsTaken) { EXPECT_EQ(Code(der::MustEncode(Wrapper())), std::nullopt); }

TEST(Receive, TheSizeIsJudgedFirst) {
  Octets octets(kMaxMessage + 1, 0x00);
  EXPECT_EQ(Code(octets), ErrorCode::kMessageTooBig);
  octets.pop_back();
  EXPECT_EQ(Code(octets), ErrorCode::kDecodingFailure);
  const Octets good = der::MustEncode(Wrapper());
  EXPECT_TRUE(ReadSkeleton(good, good.size() + 1));
  EXPECT_TRUE(ReadSkeleton(good, good.size()));
  EXPECT_EQ(ReadSkeleton(good, good.size() - 1).error().code, ErrorCode::kMessageTooBig);
}

TEST(Receive, ABrokenSkeletonIsADecodingFailure) {
  Octets octets = der::MustEncode(Wrapper());
  octets.push_back(0);
  EXPECT_EQ(Code(octets), ErrorCode::kDecodingFailure);
  EXPECT_EQ(Code({}), ErrorCode::kDecodingFailure);
  EXPECT_EQ(Code(vectors::FromHex("3000")), ErrorCode::kDecodingFailure);
  EXPECT_EQ(Code(vectors::FromHex("30023000")), ErrorCode::kDecodingFailure);
  EXPECT_EQ(Code(vectors::FromHex("30043000a000")), ErrorCode::kDecodingFailure);
  EXPECT_EQ(Code(vectors::FromHex("30063000a0020500")), ErrorCode::kDecodingFailure);
}

TEST(Receive, ABrokenHeaderIsABadMessageHeader) {
  EXPECT_EQ(Code(vectors::FromHex("30083000a004a0023000")), ErrorCode::kBadMessageHeader);
  Octets octets = der::MustEncode(Wrapper());
  const auto date = std::search_n(octets.begin(), octets.end(), 1, '2');
  date[4] = '1';
  date[5] = '3';  // month 13
  EXPECT_EQ(Code(octets), ErrorCode::kBadMessageHeader);
}

TEST(Receive, VersionsOtherThanOneZeroAreNamed) {
  EXPECT_EQ(CodeAfter([](auto& w) { w.header.version = 0; }), ErrorCode::kVersionTooOld);
  EXPECT_EQ(CodeAfter([](auto& w) { w.header.version = 2; }), ErrorCode::kVersionTooNew);
  EXPECT_EQ(CodeAfter([](auto& w) { w.header.revision = 1; }), ErrorCode::kVersionTooNew);
  EXPECT_EQ(CodeAfter([](auto& w) { w.header.revision = -1; }), ErrorCode::kVersionTooNew);
}

TEST(Receive, TheDateWindowIsOneDayBothWays) {
  const auto at = [](Time offset) {
    return CodeAfter([&](auto& w) { w.header.date.value += offset; });
  };
  EXPECT_EQ(at(-kDateWindow + 1), std::nullopt);
  EXPECT_EQ(at(-kDateWindow), std::nullopt);
  EXPECT_EQ(at(-kDateWindow - 1), ErrorCode::kMessageTooOld);
  EXPECT_EQ(at(kDateWindow - 1), std::nullopt);
  EXPECT_EQ(at(kDateWindow), std::nullopt);
  EXPECT_EQ(at(kDateWindow + 1), ErrorCode::kMessageTooNew);
}

TEST(Receive, AnotherAlternativeIsNotSupported) {
  EXPECT_EQ(CodeAfter([](auto& w) { w.type = msg::MessageType::kPRes; }),
            ErrorCode::kMessageNotSupported);
  EXPECT_EQ(CodeAfter([](auto& w) { w.type = msg::MessageType::kCertReq; }),
            ErrorCode::kMessageNotSupported);
  EXPECT_EQ(CodeAfter([](auto& w) { w.type = static_cast<msg::MessageType>(32); }),
            ErrorCode::kMessageNotSupported);
}

TEST(Receive, ABrokenBodyIsADecodingFailure) {
  EXPECT_EQ(CodeAfter([](auto& w) { w.message.der = {0x05, 0x00}; }), ErrorCode::kDecodingFailure);
}

TEST(Receive, ACriticalWrapperExtensionIsNamed) {
  EXPECT_EQ(CodeAfter([](auto& w) { w.mw_extensions = Extensions(false); }), std::nullopt);
  msg::MessageWrapper wrapper = Wrapper();
  wrapper.mw_extensions = Extensions(true);
  const auto received =
      Receive<msg::PInitReq>(der::MustEncode(wrapper), msg::MessageType::kPInitReq, VectorClock());
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().code, ErrorCode::kUnrecognizedExtension);
  EXPECT_EQ(received.error().extension, vectors::FromHex("2a0304"));
}

TEST(Receive, TheFirstFaultWins) {
  const auto all = [](auto& w) {
    w.header.version = 2;
    w.header.date.value = 0;
    w.type = msg::MessageType::kPRes;
    w.message.der = {0x05, 0x00};
    w.mw_extensions = Extensions(true);
  };
  EXPECT_EQ(CodeAfter(all), ErrorCode::kVersionTooNew);
  EXPECT_EQ(CodeAfter([&](auto& w) { all(w), w.header.version = 1; }), ErrorCode::kMessageTooOld);
  EXPECT_EQ(CodeAfter([&](auto& w) {
              all(w), w.header.version = 1;
              w.header.date.value = VectorClock();
            }),
            ErrorCode::kMessageNotSupported);
  EXPECT_EQ(CodeAfter([&](auto& w) {
              all(w), w.header.version = 1;
              w.header.date.value = VectorClock();
              w.type = msg::MessageType::kPInitReq;
            }),
            ErrorCode::kDecodingFailure);
}

TEST(Receive, EarlierMessagesAreNotJudgedByDate) {
  msg::MessageWrapper wrapper = Wrapper();
  wrapper.header.date.value = 0;
  EXPECT_TRUE(
      Receive<msg::PInitReq>(der::MustEncode(wrapper), msg::MessageType::kPInitReq, std::nullopt));
}

TEST(CheckHeader, ComparesWhereBothSidesSpeak) {
  const msg::PInitReq request = Request();
  const msg::MessageHeader header = Wrapper().header;
  const msg::MessageIDs inner{request.local_id_c, {}, msg::XID{}};
  EXPECT_TRUE(CheckHeader(header, request.rrpid, inner));
  EXPECT_TRUE(CheckHeader(header, std::nullopt, {}));
  msg::RRPID other{};
  other[19] = 1;
  EXPECT_EQ(CheckHeader(header, other, inner).error().code, ErrorCode::kWrapperMsgMismatch);
  EXPECT_EQ(CheckHeader(header, {}, {msg::LocalID{{9}}, {}, {}}).error().code,
            ErrorCode::kWrapperMsgMismatch);
}

TEST(Glance, NamesTheMessageAndItsIds) {
  const auto file = vectors::Load("set-1024/12-pres.txt");
  const auto glimpse = Glance(file.Hex("MessageWrapper"));
  ASSERT_TRUE(glimpse);
  EXPECT_EQ(glimpse->name, "PRes");
  EXPECT_EQ(glimpse->xid, vectors::Load("set-1024/02-pinitres.txt").Hex("random.xid"));
  EXPECT_EQ(glimpse->rrpid,
            vectors::Load("set-1024/09-preq-dualsigned.txt").Hex("random.preq-rrpid"));
  EXPECT_EQ(Glance(vectors::Load("set-1024/23-error.txt").Hex("unsigned-oid.MessageWrapper"))->name,
            "Error");
  EXPECT_FALSE(Glance({}));
  EXPECT_FALSE(Glance(vectors::FromHex("30083000a004a0023000")));
}

Octets Compose(OctetView offending, const Error& error) {
  vectors::ScriptedRandom random{Octets(20, 7)};
  return ComposeError({VectorClock(), &random}, nullptr, offending, error);
}

msg::ErrorTBS Read(OctetView message) {
  const pki::TrustStore trust;
  vectors::ScriptedRandom none{};
  return Must(ReadError({VectorClock(), &none}, trust, message)).error;
}

Error Of(ErrorCode code) {
  Error error;
  error.code = code;
  return error;
}

TEST(ComposeError, ABodyThatDoesNotDecodeIsAnsweredWithTheWrapper) {
  const Octets offending = der::MustEncode(Wrapper());
  const auto tbs = Read(Compose(offending, Of(ErrorCode::kDecodingFailure)));
  ASSERT_EQ(tbs.error_msg.index(), 1U);
  EXPECT_EQ(std::get<1>(tbs.error_msg).value, offending);
}

TEST(ComposeError, AnEnvelopeThatDoesNotOpenIsAnsweredWithTheHeader) {
  Error error = Of(ErrorCode::kDecodingFailure);
  error.envelope = true;
  const auto tbs = Read(Compose(der::MustEncode(Wrapper()), error));
  ASSERT_EQ(tbs.error_msg.index(), 0U);
  EXPECT_EQ(std::get<0>(tbs.error_msg), Wrapper().header);
}

TEST(ComposeError, BadWrapperHoldsTheFirst20000Octets) {
  for (const std::size_t size :
       {msg::kMaxBadWrapper - 1, msg::kMaxBadWrapper, msg::kMaxBadWrapper + 1}) {
    const auto tbs = Read(Compose(Octets(size, 0x41), Of(ErrorCode::kDecodingFailure)));
    EXPECT_EQ(std::get<1>(tbs.error_msg).value.size(), std::min(size, msg::kMaxBadWrapper));
  }
}

TEST(ComposeError, EvenAnEmptyMessageIsAnswered) {
  EXPECT_EQ(Read(Compose({}, Of(ErrorCode::kDecodingFailure))).error_code,
            ErrorCode::kDecodingFailure);
}

TEST(ComposeError, TheIdsOfTheOffendingHeaderAreCopied) {
  const Octets message = Compose(der::MustEncode(Wrapper()), Of(ErrorCode::kMessageTooOld));
  const auto skeleton = ReadSkeleton(message);
  ASSERT_TRUE(skeleton);
  const auto header = ReadHeader(*skeleton);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->rrpid, Wrapper().header.rrpid);
  EXPECT_EQ(header->message_ids, Wrapper().header.message_ids);
}

TEST(ReadError, TheDateOfAnErrorIsNotJudged) {
  vectors::ScriptedRandom random{Octets(20, 7)};
  const Octets message = ComposeError({VectorClock() - 30 * kDateWindow, &random}, nullptr,
                                      der::MustEncode(Wrapper()), Of(ErrorCode::kMessageTooNew));
  EXPECT_EQ(Read(message).error_code, ErrorCode::kMessageTooNew);
}

TEST(ReadError, ASignedErrorOfAnUntrustedSignerIsRefused) {
  const auto file = vectors::Load("set-1024/23-error.txt");
  const pki::TrustStore nobody;
  vectors::ScriptedRandom none{};
  EXPECT_FALSE(
      ReadError({VectorClock(), &none}, nobody, file.Hex("signed-with-thumb.MessageWrapper")));
}

}  // namespace
}  // namespace setcore
