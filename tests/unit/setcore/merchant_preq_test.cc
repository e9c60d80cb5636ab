#include <gtest/gtest.h>

#include <algorithm>

#include "first_preq.h"
#include "setcore/gateway.h"
#include "unit/setcore/merchant_fixture.h"

namespace setcore {
namespace {

using MerchantPReq = MerchantTest;
using Header = msg::MessageHeader;

msg::PReqDualSigned& Dual(msg::PReq& preq) { return std::get<msg::PReqDualSigned>(preq.value); }
msg::PReqUnsigned& Unsigned(msg::PReq& preq) { return std::get<msg::PReqUnsigned>(preq.value); }

// The order of a PReq, to be changed and encoded anew.
msg::OIData& Order(msg::PReq& preq) {
  auto& kept =
      preq.value.index() == 0 ? Dual(preq).oi_dual_signed.t1 : Unsigned(preq).oi_unsigned.t1;
  kept.der.clear();
  kept.value.trans_ids.der.clear();
  return kept.value;
}

ErrorCode CodeOf(const Result<PReqFacts>& result) {
  return result ? ErrorCode{} : result.error().code;
}

TEST_P(MerchantPReq, TheDualSignedVectorIsVerified) {
  const auto facts = Check(Message("09-preq-dualsigned"));
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_EQ(facts->xid, File("02-pinitres").Hex("random.xid"));
  EXPECT_EQ(facts->rrpid, File("09-preq-dualsigned").Hex("random.preq-rrpid"));
  EXPECT_EQ(facts->lid_c, File("01-pinitreq").Hex("random.lid-c"));
  EXPECT_TRUE(facts->is_signed);
  EXPECT_EQ(facts->brand_id, "VISA");
  EXPECT_EQ(facts->certificate_brand, "VISA:Gold");
  EXPECT_EQ(facts->certificate_promotion, "");
  EXPECT_TRUE(facts->order_matches);
  const auto thumb = vectors::ChainOf(set_, "cardholder").front()->thumb();
  EXPECT_EQ(facts->signer_thumb, Octets(thumb.begin(), thumb.end()));
}

TEST_P(MerchantPReq, TheUnsignedVectorIsVerified) {
  const auto facts = CheckUnsigned(Message("18-preq-unsigned"));
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_FALSE(facts->is_signed);
  EXPECT_TRUE(facts->signer_thumb.empty());
  EXPECT_EQ(facts->certificate_brand, "");
  EXPECT_TRUE(facts->order_matches);
}

TEST_P(MerchantPReq, TheIdsAreReadWithoutVerification) {
  const auto same = [](const Result<PReqIds>& ids, const Result<PReqFacts>& facts) {
    return ids && facts && ids->xid == facts->xid && ids->rrpid == facts->rrpid;
  };
  const Octets dual = Message("09-preq-dualsigned");
  const Octets unsigned_one = Message("18-preq-unsigned");
  EXPECT_TRUE(same(ReadPReqIds(dual), Check(dual)));
  EXPECT_TRUE(same(ReadPReqIds(unsigned_one), CheckUnsigned(unsigned_one)));
  EXPECT_FALSE(ReadPReqIds(Message("02-pinitres")));
}

TEST_P(MerchantPReq, AnUnsignedOneIsRefusedWhereCertificatesAreRequired) {
  policy_.require_cardholder_certificate = true;
  EXPECT_EQ(CodeOf(CheckUnsigned(Message("18-preq-unsigned"))), ErrorCode::kSignatureRequired);
  EXPECT_EQ(CodeOf(Check(Message("09-preq-dualsigned"))), ErrorCode{});
}

TEST_P(MerchantPReq, AnotherAmountOrderOrAgreementDoesNotMatch) {
  const Octets preq = Message("09-preq-dualsigned");
  const PurchaseTerms good = terms_;
  const auto matches = [&] {
    const auto facts = Check(preq);
    return facts && facts->order_matches;
  };
  EXPECT_TRUE(matches());
  terms_.purch_amt = {840, 157530, -3};  // the same value, another digest
  EXPECT_FALSE(matches());
  terms_ = good;
  terms_.purch_amt.currency = 978;
  EXPECT_FALSE(matches());
  terms_ = good;
  terms_.od.back() ^= 1;
  EXPECT_FALSE(matches());
  terms_ = good;
  terms_.install_total_trans = 2;
  EXPECT_FALSE(matches());
  terms_ = good;
  terms_.recurring = initiation::Recurring{31, vectors::kNow};
  EXPECT_FALSE(matches());
}

TEST_P(MerchantPReq, WhateverTheSignatureCoversCannotBeChanged) {
  using Change = std::function<void(Header&, msg::PReq&)>;
  const std::vector<Change> changes = {
      [](auto&, auto& preq) { Order(preq).hod.digest.value.front() ^= 1; },
      [](auto&, auto& preq) { Order(preq).od_salt.front() ^= 1; },
      [](auto&, auto& preq) { Order(preq).chall_c.front() ^= 1; },
      [](auto&, auto& preq) { Order(preq).brand_id.value = *der::SetString::FromUtf8("JCB"); },
      [](auto&, auto& preq) { Order(preq).bin.value = "400001"; },
      [](auto&, auto& preq) { Order(preq).trans_ids.value.language.value = "de"; },
      [](auto&, auto& preq) { Dual(preq).oi_dual_signed.t2.digest.value.front() ^= 1; },
      [](auto&, auto& preq) {
        Dual(preq).pi_dual_signed.der.clear();
        Dual(preq).pi_dual_signed.value.pi_signature.signer_infos.items[0].encrypted_digest[9] ^= 1;
      },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto facts = Check(Edit<msg::PReq>(Message("09-preq-dualsigned"), changes[i]));
    EXPECT_EQ(CodeOf(facts), ErrorCode::kSignatureFailure) << i;
  }
}

TEST_P(MerchantPReq, TheExchangeIsTheOneOfThePInit) {
  // A PInitRes of our own for the same PInitReq: its XID or its challenge is another one.
  const auto file = File("02-pinitres");
  const auto with = [&](const Octets& xid, const Octets& chall_m) {
    vectors::ScriptedRandom random{xid, chall_m};
    const auto made =
        vectors::Must(ComposePInitRes(Now(random), keys_, trust_, terms_, Message("01-pinitreq")));
    Pattern pattern;
    return CodeOf(CheckPReq(Now(pattern), keys_, policy_, trust_, terms_, Message("01-pinitreq"),
                            made.message, Message("09-preq-dualsigned")));
  };
  const Octets other(20, 7);
  EXPECT_EQ(with(file.Hex("random.xid"), file.Hex("random.chall-m")), ErrorCode{});
  EXPECT_EQ(with(other, file.Hex("random.chall-m")), ErrorCode::kUnknownXID);
  EXPECT_EQ(with(file.Hex("random.xid"), other), ErrorCode::kChallengeMismatch);
}

TEST_P(MerchantPReq, LidsAndTheCardholdersChallengeAreThoseOfThePInit) {
  // Nothing signs these fields of an unsigned PReq, so that they can be changed.
  using Change = std::function<void(Header&, msg::PReq&)>;
  const auto code = [&](const Change& change) {
    return CodeOf(CheckUnsigned(Edit<msg::PReq>(Message("18-preq-unsigned"), change)));
  };
  EXPECT_EQ(code([](auto&, auto& preq) { Order(preq).chall_c.front() ^= 1; }),
            ErrorCode::kChallengeMismatch);
  EXPECT_EQ(code([](auto&, auto& preq) { Order(preq).chall_m->front() ^= 1; }),
            ErrorCode::kChallengeMismatch);
  EXPECT_EQ(code([](auto&, auto& preq) { Order(preq).chall_m.reset(); }),
            ErrorCode::kChallengeMismatch);
  EXPECT_EQ(code([](auto& header, auto& preq) {
              header.message_ids->lid_c->value.front() ^= 1;
              Order(preq).trans_ids.value.lid_c.value.front() ^= 1;
            }),
            ErrorCode::kUnknownLID);
  EXPECT_EQ(code([](auto& header, auto& preq) {
              header.message_ids->lid_m.reset();
              Order(preq).trans_ids.value.lid_m.reset();
            }),
            ErrorCode::kUnknownLID);
  EXPECT_EQ(code([](auto& header, auto& preq) {
              header.message_ids->xid->front() ^= 1;
              Order(preq).trans_ids.value.xid.front() ^= 1;
            }),
            ErrorCode::kUnknownXID);
}

TEST_P(MerchantPReq, WithoutPInitThereIsNoChallM) {
  Pattern random;
  const auto code = [&](const Octets& preq) {
    return CodeOf(CheckPReq(Now(random), keys_, policy_, trust_, unsigned_terms_, {}, {}, preq));
  };
  const Octets preq = Message("18-preq-unsigned");
  EXPECT_EQ(code(preq), ErrorCode::kUnknownXID);
  EXPECT_EQ(code(Edit<msg::PReq>(preq,
                                 [](Header& header, auto& body) {
                                   header.message_ids->lid_m.reset();
                                   Order(body).trans_ids.value.lid_m.reset();
                                   Order(body).chall_m.reset();
                                 })),
            ErrorCode{});
}

TEST_P(MerchantPReq, HeaderAndOrderMustAgree) {
  using Change = std::function<void(Header&, msg::PReq&)>;
  for (const Change& change :
       {Change([](auto&header, auto&) { header.rrpid->front() ^= 1; }),
        Change([](auto&header, auto&) { header.message_ids->xid->front() ^= 1; }),
        Change([](auto&header, auto&) { header.message_ids->lid_c->value.front() ^= 1; }),
        Change([](auto&header, auto&) { header.message_ids->lid_m->value.front() ^= 1; })}) {
    EXPECT_EQ(CodeOf(Check(Edit<msg::PReq>(Message("09-preq-dualsigned"), change))),
              ErrorCode::kWrapperMsgMismatch);
  }
}

TEST_P(MerchantPReq, TheDateMayBeADayOff) {
  const Octets preq = Message("09-preq-dualsigned");
  constexpr Time kDay = 86400;
  const auto code = [&](Time offset) {
    return CodeOf(Check(Redate(preq, vectors::kNow + offset)));
  };
  EXPECT_EQ(code(-kDay + 1), ErrorCode{});
  EXPECT_EQ(code(-kDay), ErrorCode{});
  EXPECT_EQ(code(-kDay - 1), ErrorCode::kMessageTooOld);
  EXPECT_EQ(code(kDay - 1), ErrorCode{});
  EXPECT_EQ(code(kDay), ErrorCode{});
  EXPECT_EQ(code(kDay + 1), ErrorCode::kMessageTooNew);
}

TEST_P(MerchantPReq, AnExpiredCertificateIsNamed) {
  const auto leaf = vectors::ChainOf(set_, "cardholder").front();
  const auto at = [&](Time now) { return Check(Redate(Message("09-preq-dualsigned"), now), now); };
  EXPECT_TRUE(at(leaf->not_after()));
  const auto late = at(leaf->not_after() + 1);
  ASSERT_EQ(CodeOf(late), ErrorCode::kExpiredCertificate);
  EXPECT_EQ(late.error().thumb, Octets(leaf->thumb().begin(), leaf->thumb().end()));
  EXPECT_EQ(CodeOf(at(leaf->not_before() - 1)), ErrorCode::kInvalidCertificate);
}

TEST_P(MerchantPReq, AForeignRootProvesNothing) {
  pki::TrustStore other;
  vectors::TrustRootOf(set_ == "set-1024" ? "set-2048" : "set-1024", other);
  Pattern random;
  const auto facts = CheckPReq(Now(random), keys_, policy_, other, terms_, Message("01-pinitreq"),
                               Message("02-pinitres"), Message("09-preq-dualsigned"));
  EXPECT_FALSE(facts);
  EXPECT_NE(CodeOf(facts), ErrorCode::kSignatureFailure);
}

TEST_P(MerchantPReq, AMerchantIsNoCardholder) {
  const Octets preq = Edit<msg::PReq>(Message("09-preq-dualsigned"), [&](auto&, msg::PReq& body) {
    auto& order = Dual(body).oi_dual_signed;
    msg::PITBS tbs;
    tbs.h_pi_data = order.t2;
    tbs.h_oi_data = treatments::DetachedDigest(oid::kOiData, order.t1.der);
    Dual(body).pi_dual_signed.der.clear();
    Dual(body).pi_dual_signed.value.pi_signature = treatments::SignDetached(
        {sign_.key, sign_.chain}, oid::kPiTbs, vectors::Must(der::Encode(tbs)));
  });
  const auto facts = Check(preq);
  ASSERT_EQ(CodeOf(facts), ErrorCode::kInvalidCertificate);
  const auto& thumb = sign_.certificate()->thumb();
  EXPECT_EQ(facts.error().thumb, Octets(thumb.begin(), thumb.end()));
}

TEST_P(MerchantPReq, TheDigestOfPiDataIsJudgedByItsFormOnly) {
  const auto code = [&](const std::function<void(msg::DigestedData&)>& change) {
    return CodeOf(
        CheckUnsigned(Edit<msg::PReq>(Message("18-preq-unsigned"), [&](auto&, msg::PReq& preq) {
          change(Unsigned(preq).oi_unsigned.t2);
        })));
  };
  EXPECT_EQ(code([](auto& digest) { digest.digest.value.front() ^= 1; }), ErrorCode{});
  EXPECT_EQ(code([](auto& digest) { digest.digest.value.pop_back(); }),
            ErrorCode::kDecodingFailure);
  EXPECT_EQ(code([](auto& digest) { digest.content_type = oid::kPiData; }),
            ErrorCode::kDecodingFailure);
}

TEST_P(MerchantPReq, AnOrderWithExtensionsNobodyAgreedOnDoesNotMatch) {
  const auto facts =
      CheckUnsigned(Edit<msg::PReq>(Message("18-preq-unsigned"), [](auto&, auto& preq) {
        Order(preq).od_ext_oids = std::vector<der::Oid>{{1, 2, 3}};
      }));
  ASSERT_TRUE(facts);
  EXPECT_FALSE(facts->order_matches);
}

TEST_P(MerchantPReq, ACriticalOrderExtensionIsUnknown) {
  EXPECT_EQ(CodeOf(CheckUnsigned(Edit<msg::PReq>(Message("18-preq-unsigned"),
                                                 [](auto&, auto& preq) {
                                                   Order(preq).oi_extensions = msg::MsgExtensions{
                                                       {der::Oid{1, 2, 3}, true,
                                                        msg::Any{{0x04, 0x02, 0x05, 0x00}}}};
                                                 }))),
            ErrorCode::kUnrecognizedExtension);
}

TEST_P(MerchantPReq, GarbageIsRefused) {
  Octets preq = Message("09-preq-dualsigned");
  EXPECT_EQ(CodeOf(Check({})), ErrorCode::kDecodingFailure);
  EXPECT_EQ(CodeOf(Check(Message("01-pinitreq"))), ErrorCode::kMessageNotSupported);
  preq.push_back(0);
  EXPECT_EQ(CodeOf(Check(preq)), ErrorCode::kDecodingFailure);
  preq.resize(preq.size() - 2);
  EXPECT_EQ(CodeOf(Check(preq)), ErrorCode::kDecodingFailure);
}

TEST_P(MerchantPReq, NoChangedOctetGivesOtherFacts) {
  const Octets preq = Message("09-preq-dualsigned");
  const auto good = vectors::Must(Check(preq));
  for (std::size_t at = 0; at < preq.size(); at += 19) {
    Octets mutant = preq;
    mutant[at] ^= 0x01;
    const auto facts = Check(mutant);
    if (!facts) continue;  // what nothing protects: date, swIdent, the envelope for the gateway
    EXPECT_EQ(facts->xid, good.xid) << at;
    EXPECT_EQ(facts->rrpid, good.rrpid) << at;
    EXPECT_EQ(facts->lid_c, good.lid_c) << at;
    EXPECT_EQ(facts->signer_thumb, good.signer_thumb) << at;
    EXPECT_EQ(facts->brand_id, good.brand_id) << at;
    EXPECT_EQ(facts->certificate_brand, good.certificate_brand) << at;
    EXPECT_TRUE(facts->order_matches) << at;
  }
}

// --- a purchase without PInit
// ---------------------------------------------------------------------

class MerchantFirstPReq : public MerchantTest {
 protected:
  // A PReq that comes without PInit, for the terms as the cardholder knows them.
  Octets First(const PurchaseTerms& terms, bool with_certificate) {
    const auto pki = File("pki/pki");
    pan_ = pki.Text("pan");
    expiry_ = pki.Text("card-expiry");
    secret_ = with_certificate ? pki.Hex("pan-secret") : Octets(20, 0);
    Card card{pan_, expiry_, secret_, secret_, nullptr, {}};
    if (with_certificate) {
      card.key = &cardholder_.key;
      card.chain = cardholder_.chain;
    }
    return FirstPReq(Now(random_), card, terms, "00012345", *gateway_.certificate());
  }
  Result<PReqFacts> CheckFirst(OctetView preq) {
    return CheckPReq(Now(random_), keys_, policy_, trust_, terms_, {}, {}, preq);
  }

  pki::CertifiedKey cardholder_ = vectors::KeyOf(set_, "cardholder");
  SystemRandom random_;
  std::string pan_, expiry_;
  Octets secret_;
};
INSTANTIATE_TEST_SUITE_P(Set, MerchantFirstPReq, testing::Values("set-1024"));

TEST_P(MerchantFirstPReq, IsAcceptedAndPaid) {
  std::vector<std::string> bins;
  const GatewayKeys gateway[] = {{&gateway_sign_, &gateway_, bins}};
  const GatewayPolicy gateway_policy{.sw_ident = "test"};
  for (const bool with_certificate : {true, false}) {
    const Octets preq = First(terms_, with_certificate);
    const auto facts = CheckFirst(preq);
    ASSERT_TRUE(facts) << facts.error().detail;
    EXPECT_TRUE(facts->order_matches);
    EXPECT_EQ(facts->is_signed, with_certificate);
    EXPECT_EQ(facts->brand_id, "VISA");

    const Environment env = Now(random_);
    const auto authreq = vectors::Must(ComposeAuthReq(env, keys_, policy_, terms_, preq));
    const auto request =
        vectors::Must(OpenAuthReq(env, gateway, trust_, gateway_policy, authreq.message));
    EXPECT_TRUE(std::ranges::equal(request.xid(), facts->xid));
    AuthDecision decision;
    decision.code = JudgeAuthReq(env, request, {});
    EXPECT_EQ(decision.code, msg::AuthCode::kApproved);
    const auto authres =
        vectors::Must(ComposeAuthRes(env, gateway, trust_, gateway_policy, request, decision));
    const auto outcome = vectors::Must(CheckAuthRes(env, keys_, trust_, authreq.message, authres));
    const auto pres = vectors::Must(ComposePRes(env, keys_, terms_, preq, outcome));
    EXPECT_TRUE(pres.facts.success);
    EXPECT_EQ(pres.facts.xid, facts->xid);
  }
}

TEST_P(MerchantFirstPReq, LidMMustBeThatOfTheTerms) {
  PurchaseTerms other = terms_;
  other.lid_m->front() ^= 1;
  EXPECT_EQ(CodeOf(CheckFirst(First(other, true))), ErrorCode::kUnknownLID);
  other.lid_m.reset();
  EXPECT_EQ(CodeOf(CheckFirst(First(other, true))), ErrorCode::kUnknownLID);
  terms_.lid_m.reset();
  EXPECT_TRUE(CheckFirst(First(other, true)));
}

TEST_P(MerchantFirstPReq, AnotherAmountIsAnotherOrder) {
  PurchaseTerms other = terms_;
  ++other.purch_amt.amount;
  const auto facts = CheckFirst(First(other, true));
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_FALSE(facts->order_matches);
}

INSTANTIATE_TEST_SUITE_P(KeySizes, MerchantPReq, testing::Values("set-1024", "set-2048"),
                         [](const auto& info) { return info.param.substr(4); });

}  // namespace
}  // namespace setcore
