#include <gtest/gtest.h>

#include "setcore/messages/receive.h"
#include "setcore/treatments/signed.h"
#include "unit/setcore/merchant_fixture.h"

namespace setcore {
namespace {

using MerchantPInit = MerchantTest;

// What a PInitRes signs, and the certificates and CRLs beside it.
struct Read {
  msg::PInitResData data;
  treatments::Verified verified;
};

Read ReadPInitRes(const Octets& message, const pki::TrustStore& trust) {
  const auto received =
      vectors::Must(Receive<msg::SignedData>(message, msg::MessageType::kPInitRes, vectors::kNow));
  auto verified = vectors::Must(treatments::VerifySigned(
      received.message, oid::kPInitResData, trust, pki::Role::kMerchantSignature, vectors::kNow));
  return {vectors::Must(der::Decode<msg::PInitResData>(received.message.content_info.content->der)),
          std::move(verified)};
}

TEST_P(MerchantPInit, TheVectorComesOutBitForBit) {
  const auto file = File("02-pinitres");
  vectors::ScriptedRandom random{file.Hex("random.xid"), file.Hex("random.chall-m")};
  const auto made = ComposePInitRes(Now(random), keys_, trust_, terms_, Message("01-pinitreq"));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->message, file.Hex("MessageWrapper"));
  EXPECT_EQ(made->xid, file.Hex("random.xid"));
  EXPECT_EQ(made->lid_m, terms_.lid_m);
  EXPECT_EQ(random.left(), 0U);
}

TEST_P(MerchantPInit, TheVectorWithoutALidMComesOutBitForBit) {
  const Octets expected = Message("17-unsigned-pinit", "PInitRes.");
  const auto data = ReadPInitRes(expected, trust_).data;
  const msg::TransIDs& ids = data.trans_ids.value;
  vectors::ScriptedRandom random{Octets(ids.xid.begin(), ids.xid.end()),
                                 Octets(data.chall_m.begin(), data.chall_m.end()),
                                 ids.lid_m->value};
  const auto made = ComposePInitRes(Now(random), keys_, trust_, unsigned_terms_,
                                    Message("17-unsigned-pinit", "PInitReq."));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->message, expected);
  EXPECT_EQ(made->lid_m, ids.lid_m->value);
}

TEST_P(MerchantPInit, TheBrandIsReadBeforeAnythingIsAnswered) {
  Pattern random;
  EXPECT_EQ(ReadPInitReqBrand(Now(random), Message("01-pinitreq")), "VISA");
  EXPECT_FALSE(ReadPInitReqBrand(Now(random), Message("02-pinitres")));
}

TEST_P(MerchantPInit, OnlyTheBrandOfThePaymentIsAnswered) {
  Pattern random;
  terms_.brand_id = "visa:Gold";
  EXPECT_TRUE(ComposePInitRes(Now(random), keys_, trust_, terms_, Message("01-pinitreq")));
  terms_.brand_id = "MasterCard";
  const auto made = ComposePInitRes(Now(random), keys_, trust_, terms_, Message("01-pinitreq"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kUnspecifiedFailure);
}

TEST_P(MerchantPInit, TheLidMMustBeThatOfTheOrder) {
  Pattern random;
  const auto code = [&](const std::optional<Octets>& lid_m, const Octets& request) {
    terms_.lid_m = lid_m;
    const auto made = ComposePInitRes(Now(random), keys_, trust_, terms_, request);
    return made ? ErrorCode{} : made.error().code;
  };
  const Octets with = Message("01-pinitreq");
  const Octets without = Message("17-unsigned-pinit", "PInitReq.");
  EXPECT_EQ(code(terms_.lid_m, with), ErrorCode{});
  EXPECT_EQ(code(Octets{1}, with), ErrorCode::kUnknownLID);
  EXPECT_EQ(code(std::nullopt, with), ErrorCode::kUnknownLID);
  EXPECT_EQ(code(Octets{1}, without), ErrorCode::kUnknownLID);
  EXPECT_EQ(code(std::nullopt, without), ErrorCode{});
}

TEST_P(MerchantPInit, HeaderAndMessageMustAgree) {
  Pattern random;
  using Change = std::function<void(msg::MessageHeader&, msg::PInitReq&)>;
  for (const Change& change :
       {Change([](auto&header, auto&) { header.rrpid->front() ^= 1; }),
        Change([](auto&header, auto&) { header.message_ids->lid_c->value.front() ^= 1; }),
        Change([](auto&header, auto&) { header.message_ids->lid_m->value.front() ^= 1; })}) {
    const auto made = ComposePInitRes(Now(random), keys_, trust_, terms_,
                                      Edit<msg::PInitReq>(Message("01-pinitreq"), change));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::kWrapperMsgMismatch);
  }
  const Octets bare = Edit<msg::PInitReq>(Message("01-pinitreq"), [](auto& header, auto&) {
    header.rrpid.reset();
    header.message_ids.reset();
  });
  EXPECT_TRUE(ComposePInitRes(Now(random), keys_, trust_, terms_, bare));
}

TEST_P(MerchantPInit, ACriticalExtensionIsUnknownAnOtherOneIsSkipped) {
  Pattern random;
  for (const bool critical : {true, false}) {
    const Octets request =
        Edit<msg::PInitReq>(Message("01-pinitreq"), [&](auto&, msg::PInitReq& body) {
          body.pi_rq_extensions =
              msg::MsgExtensions{{der::Oid{1, 2, 3}, critical, msg::Any{{0x04, 0x02, 0x05, 0x00}}}};
        });
    const auto made = ComposePInitRes(Now(random), keys_, trust_, terms_, request);
    ASSERT_EQ(made.has_value(), !critical);
    if (made) continue;
    EXPECT_EQ(made.error().code, ErrorCode::kUnrecognizedExtension);
    EXPECT_EQ(made.error().extension, (Octets{0x2A, 0x03}));
  }
}

TEST_P(MerchantPInit, WhatTheCardholderHasIsLeftOut) {
  Pattern random;
  const Octets request =
      Edit<msg::PInitReq>(Message("01-pinitreq"), [&](auto&, msg::PInitReq& body) {
        msg::Thumbs thumbs;
        for (const auto& certificate : gateway_.chain) {
          thumbs.cert_thumbs.emplace();
          thumbs.cert_thumbs->emplace_back().value.assign(certificate->thumb().begin(),
                                                          certificate->thumb().end());
          break;
        }
        body.thumbs = thumbs;
      });
  const auto made = ComposePInitRes(Now(random), keys_, trust_, terms_, request);
  ASSERT_TRUE(made);
  const Read all = ReadPInitRes(Message("02-pinitres"), trust_);
  const Read read = ReadPInitRes(made->message, trust_);
  EXPECT_EQ(read.verified.certificates.size() + 1, all.verified.certificates.size());
  ASSERT_TRUE(read.data.thumbs);
  EXPECT_EQ(read.data.thumbs->cert_thumbs->size(), 1U);
  EXPECT_EQ(read.data.pe_thumb, all.data.pe_thumb);
}

TEST_P(MerchantPInit, TheBrandCrlIdentifierGoesAlongWithItsCrl) {
  Pattern random;
  const auto pki = vectors::Read(OPB_VECTORS "/" + set_ + "/pki/pki.txt");
  ASSERT_TRUE(trust_.AddRevocation(pki.Hex("bci.der")));
  ASSERT_TRUE(trust_.AddRevocation(pki.Hex("crl.der")));
  const auto made = ComposePInitRes(Now(random), keys_, trust_, terms_, Message("01-pinitreq"));
  ASSERT_TRUE(made);
  const Read read = ReadPInitRes(made->message, trust_);
  ASSERT_TRUE(read.data.brand_crl_identifier);
  EXPECT_EQ(read.data.brand_crl_identifier->der, pki.Hex("bci.der"));
  ASSERT_EQ(read.verified.crls.size(), 1U);

  const Octets request =
      Edit<msg::PInitReq>(Message("01-pinitreq"), [&](auto&, msg::PInitReq& body) {
        body.thumbs.emplace().brand_crl_id_thumbs = msg::Digests{{pki.Hex("bci.thumb")}};
      });
  const auto again = ComposePInitRes(Now(random), keys_, trust_, terms_, request);
  ASSERT_TRUE(again);
  EXPECT_FALSE(ReadPInitRes(again->message, trust_).data.brand_crl_identifier);
}

INSTANTIATE_TEST_SUITE_P(KeySizes, MerchantPInit, testing::Values("set-1024", "set-2048"),
                         [](const auto& info) { return info.param.substr(4); });

}  // namespace
}  // namespace setcore
