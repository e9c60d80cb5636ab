// AuthRevReq and AuthRevRes, merchant against gateway: those of the vectors, every AuthRevCode, and
// every check with a message that fails it.
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

#include "setcore/compose_error.h"
#include "setcore/gateway.h"
#include "setcore/messages/authorization_reversal.h"
#include "setcore/messages/receive.h"
#include "setcore/order.h"
#include "unit/setcore/acquirer_fixture.h"

namespace setcore {
namespace {

using msg::AuthRevCode;
using msg::MessageType;
using vectors::kNow;
using vectors::Must;

class ReversalTest : public AcquirerTest {
 protected:
  Result<AcquirerRequest> Compose(OctetView authres) {
    return ComposeAuthRevReq(env(), keys_, policy_, terms_, preq_, authreq_, authres);
  }
  Result<ReversalRequest> Open(OctetView authrevreq) {
    return OpenAuthRevReq(env(), gateway_keys_, trust_, gateway_policy_, authrevreq);
  }
  Octets Respond(const ReversalRequest& request, AuthRevCode code) {
    return Must(ComposeAuthRevRes(env(), gateway_keys_, trust_, gateway_policy_, request, code));
  }
  // What is taken is read again as it was.
  Result<ReversalOutcome> Check(OctetView authrevreq, OctetView authrevres, Time now = kNow) {
    const auto outcome = CheckAuthRevRes({now, &random_}, keys_, trust_, authrevreq, authrevres);
    if (outcome) {
      EXPECT_EQ(Must(RereadAuthRevRes({now, &random_}, keys_, authrevres)), *outcome);
    }
    return outcome;
  }
};

using ReversalVectors = ReversalTest;
INSTANTIATE_TEST_SUITE_P(Sets, ReversalVectors, testing::Values("set-1024", "set-2048"),
                         [](const auto& set) { return set.param.substr(4); });

// The vectors hold no PReq of the purchase that is reversed, so the request is sealed from its
// signed content.
TEST_P(ReversalVectors, AuthRevReqBitForBit) {
  const auto file = File("21-authrevreq");
  const auto tbs = Must(der::Decode<msg::AuthRevReqTBS>(file.Hex("content-der")));
  auto random = EnvelopeRandom(file, "rev");
  const treatments::Signer signer{sign_.key, sign_.chain, exchange_.chain};
  msg::AuthRevReq request;
  request.baggage.der = file.Hex("AuthRevReqBaggage");
  request.enc = Must(treatments::SealEncB(
      signer, *gateway_.certificate(), treatments::kAuthRevReqTypes, tbs.t1.der,
      request.baggage.der, treatments::DrawEnvelopeRandoms(random)));
  const auto wrapper = Must(der::Decode<msg::MessageWrapper>(file.Hex("MessageWrapper")));
  EXPECT_EQ(vectors::ToHex(
                Must(Wrap(wrapper.header, MessageType::kAuthRevReq, Must(der::Encode(request))))),
            vectors::ToHex(file.Hex("MessageWrapper")));
}

TEST_P(ReversalVectors, TheGatewayOpensTheAuthRevReqAndAnswersBitForBit) {
  const auto request = Open(Message("21-authrevreq"));
  ASSERT_TRUE(request) << request.error().detail;
  const auto file = File("22-authrevres");
  EXPECT_EQ(request->merchant_id, "00012345");
  EXPECT_EQ(request->new_amount.amount, 0);
  EXPECT_TRUE(request->instruction_fits);
  EXPECT_TRUE(request->auth_rrpid);
  AuthorizationFacts facts = Facts();
  facts.xid = request->xid();
  EXPECT_EQ(JudgeAuthRevReq(*request, &facts), AuthRevCode::kApproved);
  auto random = EnvelopeRandom(file, "revres");
  const auto answer = ComposeAuthRevRes({kNow, &random}, gateway_keys_, trust_, gateway_policy_,
                                        *request, AuthRevCode::kApproved);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(vectors::ToHex(*answer), vectors::ToHex(file.Hex("MessageWrapper")));
}

TEST_P(ReversalVectors, TheMerchantTakesTheAuthRevRes) {
  const auto outcome = Check(Message("21-authrevreq"), Message("22-authrevres"));
  ASSERT_TRUE(outcome) << outcome.error().detail;
  EXPECT_TRUE(outcome->reversed);
  EXPECT_EQ(outcome->field, "AuthRevCode");
  EXPECT_EQ(outcome->name, "approved");
}

// --- what the merchant composes
// -------------------------------------------------------------------

class Reversal : public ReversalTest {
 protected:
  // A well-made request, taken apart, changed and sealed again.
  struct Parts {
    msg::MessageHeader header;
    msg::AuthRevReqData data;
    msg::AuthRevReqBaggage baggage;
    const pki::CertifiedKey* signer = nullptr;
    std::vector<pki::CertificatePtr> more;
    std::optional<msg::MsgExtensions> mw_extensions;
  };
  Parts PartsOf(OctetView authrevreq) {
    const auto received =
        Must(Receive<msg::AuthRevReq>(authrevreq, MessageType::kAuthRevReq, std::nullopt));
    const treatments::ExchangeKey key{&gateway_.key, gateway_.certificate().get()};
    const auto opened = Must(treatments::OpenEncB(
        {&key, 1}, received.message.enc, received.message.baggage.der, treatments::kAuthRevReqTypes,
        trust_, pki::Role::kMerchantSignature, env()));
    return {received.header,
            Must(der::Decode<msg::AuthRevReqData>(opened.t)),
            received.message.baggage.value,
            &sign_,
            exchange_.chain,
            std::nullopt};
  }
  Octets Seal(const Parts& parts) {
    msg::AuthRevReq request;
    request.baggage = Must(der::Keep(parts.baggage));
    request.enc = Must(treatments::SealEncB({parts.signer->key, parts.signer->chain, parts.more},
                                            *gateway_.certificate(), treatments::kAuthRevReqTypes,
                                            Must(der::Encode(parts.data)), request.baggage.der,
                                            treatments::DrawEnvelopeRandoms(random_)));
    msg::MessageWrapper wrapper;
    wrapper.header = parts.header;
    wrapper.type = MessageType::kAuthRevReq;
    wrapper.message.der = Must(der::Encode(request));
    wrapper.mw_extensions = parts.mw_extensions;
    return Must(der::Encode(wrapper));
  }
  // Seals what `change` makes of a good request.
  Octets With(const std::function<void(Parts&)>& change) {
    Parts parts = PartsOf(request_);
    change(parts);
    return Seal(parts);
  }
  AuthRevCode Judge(OctetView authrevreq, const AuthorizationFacts& facts) {
    return JudgeAuthRevReq(Must(Open(authrevreq)), &facts);
  }
  Octets request_ = Must(Compose(authres_)).message;
};
INSTANTIATE_TEST_SUITE_P(Set, Reversal, testing::Values("set-1024"));

TEST_P(Reversal, TheRequestSaysWhatWasAskedAndGranted) {
  const Parts parts = PartsOf(request_);
  const auto asked = Must(der::Decode<msg::AuthReqData>(File("10-authreq").Hex("AuthReqData")));
  EXPECT_EQ(der::MustEncode(*parts.data.auth_req_data), File("10-authreq").Hex("AuthReqData"));
  EXPECT_EQ(parts.data.auth_rev_tags.auth_rrpid, asked.auth_req_item.auth_tags.auth_rr_tags.rrpid);
  EXPECT_NE(parts.data.auth_rev_tags.auth_rev_rr_tags.rrpid,
            asked.auth_req_item.auth_tags.auth_rr_tags.rrpid);
  ASSERT_TRUE(parts.data.auth_res_payload);
  EXPECT_EQ(parts.data.auth_res_payload->auth_header.auth_code, msg::AuthCode::kApproved);
  EXPECT_EQ(parts.data.auth_new_amt.amount, 0);
  EXPECT_EQ(parts.data.auth_new_amt.currency, 840);
  EXPECT_EQ(parts.baggage.pi.der, File("10-authreq").Hex("PI"));
  const auto baggage =
      Must(der::Decode<msg::AuthResBaggage>(File("11-authres").Hex("AuthResBaggage")));
  ASSERT_TRUE(parts.baggage.cap_token);
  EXPECT_EQ(parts.baggage.cap_token->der, baggage.cap_token->der);
}

TEST_P(Reversal, WithoutAnAuthResTheRequestHasNoPayloadAndNoToken) {
  const Parts settled_by_hand = PartsOf(Must(Compose({})).message);
  EXPECT_FALSE(settled_by_hand.data.auth_res_payload);
  EXPECT_FALSE(settled_by_hand.baggage.cap_token);
  // The key-exchange certificate was replaced meanwhile.
  const Octets authres = authres_;
  keys_.exchange = &sign_.key;
  const Parts replaced = PartsOf(Must(Compose(authres)).message);
  EXPECT_FALSE(replaced.data.auth_res_payload);
  EXPECT_TRUE(replaced.baggage.cap_token);
}

// --- what the gateway decides
// ---------------------------------------------------------------------

TEST_P(Reversal, AnApprovedAuthorizationIsReversed) {
  EXPECT_EQ(Judge(request_, Facts()), AuthRevCode::kApproved);
}

TEST_P(Reversal, EveryCodeHasItsReason) {  // D-57
  const auto code = [&](const std::function<void(AuthorizationFacts&)>& change) {
    AuthorizationFacts facts = Facts();
    change(facts);
    return Judge(request_, facts);
  };
  EXPECT_EQ(JudgeAuthRevReq(Must(Open(request_)), nullptr), AuthRevCode::kInvalidTransaction);
  EXPECT_EQ(code([](auto& f) { f.approved = false; }), AuthRevCode::kInvalidTransaction);
  EXPECT_EQ(code([](auto& f) { f.captured = true; }), AuthRevCode::kInvalidTransaction);
  EXPECT_EQ(code([](auto& f) { f.reversed = true; }), AuthRevCode::kInvalidTransaction);
  EXPECT_EQ(code([](auto& f) { f.xid[0] ^= 1; }), AuthRevCode::kInvalidTransaction);
  EXPECT_EQ(code([](auto& f) { f.amount.amount = 0; }), AuthRevCode::kInvalidAmount);
  EXPECT_EQ(code([](auto& f) { f.amount.currency = 978; }), AuthRevCode::kInvalidAmount);
}

TEST_P(Reversal, TheNewAmountMustBeLess) {
  const auto amount = [&](std::int64_t units, std::int64_t exponent) {
    return Judge(With([&](Parts& p) {
                   p.data.auth_new_amt.amount = units;
                   p.data.auth_new_amt.amt_exp10 = exponent;
                 }),
                 Facts());
  };
  EXPECT_EQ(amount(15752, -2), AuthRevCode::kApproved);
  EXPECT_EQ(amount(15753, -2), AuthRevCode::kInvalidAmount);
  EXPECT_EQ(amount(15754, -2), AuthRevCode::kInvalidAmount);
  EXPECT_EQ(amount(157529, -3), AuthRevCode::kApproved);
  EXPECT_EQ(amount(157530, -3), AuthRevCode::kInvalidAmount);
  EXPECT_EQ(amount(1, 18), AuthRevCode::kInvalidAmount);
}

TEST_P(Reversal, TheCapTokenMustBeThatOfTheAuthorization) {
  const auto rrpid = *PartsOf(request_).data.auth_rev_tags.auth_rrpid;
  msg::RRPID other = rrpid;
  other[0] ^= 1;
  AuthorizationFacts issued = Facts();
  issued.cap_token_issued = true;
  const auto judge = [&](std::optional<msg::Kept<msg::CapToken>> token) {
    return Judge(With([&](Parts& p) { p.baggage.cap_token = std::move(token); }), issued);
  };
  EXPECT_EQ(judge(PartsOf(request_).baggage.cap_token), AuthRevCode::kApproved);
  EXPECT_EQ(judge(Token(rrpid, gateway_sign_)), AuthRevCode::kApproved);
  EXPECT_EQ(judge(TokenWithPan(rrpid, gateway_sign_)), AuthRevCode::kApproved);
  EXPECT_EQ(judge(TokenWithPan(other, gateway_sign_)), AuthRevCode::kInvalidCapToken);
  EXPECT_EQ(judge(TokenWithPan(rrpid, sign_)), AuthRevCode::kInvalidCapToken);
  EXPECT_EQ(judge(std::nullopt), AuthRevCode::kMissingCapToken);
  msg::CapToken null;
  null.value.emplace<2>();
  EXPECT_EQ(judge(Must(der::Keep(null))), AuthRevCode::kMissingCapToken);
  EXPECT_EQ(judge(Token(other, gateway_sign_)), AuthRevCode::kInvalidCapToken);
  EXPECT_EQ(judge(Token(rrpid, sign_)), AuthRevCode::kInvalidCapToken);
  auto damaged = Token(rrpid, gateway_sign_);
  std::get<1>(damaged.value.value).encrypted_content_info.encrypted_content->back() ^= 1;
  EXPECT_EQ(judge(Must(der::Keep(damaged.value))), AuthRevCode::kInvalidCapToken);
}

TEST_P(Reversal, TheInstructionMustBeThatOfTheAuthorization) {
  const auto plain =
      Must(Receive<msg::PReq>(Message("18-preq-unsigned"), MessageType::kPReq, std::nullopt));
  const auto& other = std::get<msg::PReqUnsigned>(plain.message.value).pi_unsigned;
  const Octets mixed = With([&](Parts& p) {
    p.baggage.pi = {};
    p.baggage.pi.value.value.emplace<0>(other);
  });
  EXPECT_EQ(Judge(mixed, Facts()), AuthRevCode::kInvalidTransaction);
}

TEST_P(Reversal, TheRrpidOfTheAuthReqIsTakenFromWhereItStands) {  // D-56
  const auto rrpid = PartsOf(request_).data.auth_rev_tags.auth_rrpid;
  EXPECT_EQ(Must(Open(With([](Parts& p) { p.data.auth_rev_tags.auth_rrpid.reset(); }))).auth_rrpid,
            rrpid);
  EXPECT_EQ(Must(Open(With([](Parts& p) { p.data.auth_req_data.reset(); }))).auth_rrpid, rrpid);
  EXPECT_FALSE(
      Must(Open(With([](Parts& p) { (*p.data.auth_rev_tags.auth_rrpid)[0] ^= 1; }))).auth_rrpid);
  EXPECT_FALSE(Must(Open(With([](Parts& p) {
                 p.data.auth_rev_tags.auth_rrpid.reset();
                 p.data.auth_req_data.reset();
               }))).auth_rrpid);
}

TEST_P(Reversal, TheReceivingRulesApplyToAuthRevReq) {
  const auto code = [&](const std::function<void(Parts&)>& change) {
    return CodeOf(Open(With(change)));
  };
  EXPECT_EQ(CodeOf(Open(authreq_)), ErrorCode::kMessageNotSupported);
  EXPECT_EQ(CodeOf(Open(Octets{0x30, 0x00})), ErrorCode::kDecodingFailure);
  EXPECT_EQ(CodeOf(Open(Redate(request_, kNow - 86401))), ErrorCode::kMessageTooOld);
  gateway_policy_.max_message = request_.size() - 1;
  EXPECT_EQ(CodeOf(Open(request_)), ErrorCode::kMessageTooBig);
  gateway_policy_.max_message = request_.size() + 1000;
  EXPECT_EQ(code([](Parts& p) { (*p.header.rrpid)[0] ^= 1; }), ErrorCode::kWrapperMsgMismatch);
  EXPECT_EQ(code([](Parts& p) { (*p.header.message_ids->xid)[0] ^= 1; }),
            ErrorCode::kWrapperMsgMismatch);
  EXPECT_EQ(code([&](Parts& p) { p.signer = &gateway_sign_; }), ErrorCode::kInvalidCertificate);
  EXPECT_EQ(code([](Parts& p) { p.more.clear(); }), ErrorCode::kMissingCertificate);
  const msg::MsgExtensions critical{{der::Oid{1, 2, 3}, true, msg::Any{{0x04, 0x00}}}};
  EXPECT_EQ(code([&](Parts& p) { p.mw_extensions = critical; }), ErrorCode::kUnrecognizedExtension);
  EXPECT_EQ(code([&](Parts& p) { p.data.a_rv_rq_extensions = critical; }),
            ErrorCode::kUnrecognizedExtension);
  EXPECT_EQ(code([&](Parts& p) { p.data.auth_res_payload->a_rs_extensions = critical; }),
            ErrorCode::kUnrecognizedExtension);
  EXPECT_EQ(code([&](Parts& p) {
              p.data.auth_req_data->auth_req_item.auth_req_payload.a_rq_extensions = critical;
            }),
            ErrorCode::kUnrecognizedExtension);
  // Neither AuthReqData nor a PI that can be opened: nothing names the transaction.
  const auto unnamed = Open(With([](Parts& p) {
    p.data.auth_req_data.reset();
    auto pi = std::get<1>(p.baggage.pi.value.value).value;
    pi.ex_pi_data.recipient_infos.items[0].encrypted_key[9] ^= 1;
    p.baggage.pi = {};
    p.baggage.pi.value.value.emplace<1>().value = std::move(pi);
  }));
  EXPECT_EQ(CodeOf(unnamed), ErrorCode::kDecodingFailure);
  EXPECT_TRUE(unnamed.error().envelope);
}

TEST_P(Reversal, AnotherBaggageThanTheSignedOneIsASignatureFailure) {
  auto a = Must(der::Decode<msg::MessageWrapper>(request_));
  auto mixed = Must(der::Decode<msg::AuthRevReq>(a.message.der));
  mixed.baggage.value.cap_token.reset();
  mixed.baggage.der.clear();
  a.message.der = der::MustEncode(mixed);
  EXPECT_EQ(CodeOf(Open(der::MustEncode(a))), ErrorCode::kSignatureFailure);
}

// --- what the merchant accepts as an outcome
// ------------------------------------------------------

// The answer to `request_` with its data changed, signed by `signer`.
class ReversalAnswer : public Reversal {
 protected:
  Octets Answer(const std::function<void(msg::AuthRevResData&)>& change,
                const pki::CertifiedKey& signer, bool with_baggage = false) {
    const auto header =
        Must(Receive<msg::AuthRevReq>(request_, MessageType::kAuthRevReq, std::nullopt)).header;
    const ReversalRequest request = Must(Open(request_));
    msg::AuthRevResData data;
    data.auth_rev_code = AuthRevCode::kApproved;
    data.auth_rev_tags = request.tags;
    data.auth_new_amt = request.new_amount;
    data.auth_res_data_new.trans_ids.value = request.trans_ids.value;
    change(data);
    const Octets t = Must(der::Encode(data));
    const treatments::Signer by{signer.key, signer.chain};
    msg::AuthRevRes answer;
    if (with_baggage) {
      msg::AuthRevResEncB encb;
      encb.baggage =
          Must(der::Keep(msg::AuthRevResBaggage{Token(*request.auth_rrpid, signer), {}}));
      encb.enc =
          Must(treatments::SealEncB(by, *exchange_.certificate(), treatments::kAuthRevResTypes, t,
                                    encb.baggage.der, treatments::DrawEnvelopeRandoms(random_)));
      answer.value = std::move(encb);
    } else {
      answer.value =
          Must(treatments::SealEnc(by, *exchange_.certificate(), treatments::kAuthRevResPlainTypes,
                                   t, treatments::DrawEnvelopeRandoms(random_)));
    }
    msg::MessageHeader answered = header;
    answered.message_ids = IdsOf(data.auth_res_data_new.trans_ids.value);
    answered.rrpid = data.auth_rev_tags.auth_rev_rr_tags.rrpid;
    return Must(Wrap(answered, MessageType::kAuthRevRes, Must(der::Encode(answer))));
  }
};
INSTANTIATE_TEST_SUITE_P(Set, ReversalAnswer, testing::Values("set-1024"));

TEST_P(ReversalAnswer, BothAlternativesAreTaken) {
  for (const bool with_baggage : {false, true}) {
    const auto outcome =
        Check(request_, Answer([](msg::AuthRevResData&) {}, gateway_sign_, with_baggage));
    ASSERT_TRUE(outcome) << outcome.error().detail;
    EXPECT_TRUE(outcome->reversed);
  }
}

TEST_P(ReversalAnswer, ARefusalIsAnOutcomeWithItsCode) {
  const Octets answer = Respond(Must(Open(request_)), AuthRevCode::kInvalidTransaction);
  const auto outcome = Check(request_, answer);
  ASSERT_TRUE(outcome) << outcome.error().detail;
  EXPECT_FALSE(outcome->reversed);
  EXPECT_EQ(outcome->name, "invalidTransaction");
  EXPECT_EQ(outcome->value, 5);
}

TEST_P(ReversalAnswer, WhatIsNotTheAnswerToThisRequestIsNoOutcome) {
  const struct {
    const char* what;
    std::function<void(msg::AuthRevResData&)> change;
    ErrorCode code;
  } kRows[] = {
      {"RRPID", [](auto& d) { d.auth_rev_tags.auth_rev_rr_tags.rrpid[0] ^= 1; },
       ErrorCode::kUnknownRRPID},
      {"XID", [](auto& d) { d.auth_res_data_new.trans_ids.value.xid[0] ^= 1; },
       ErrorCode::kUnknownXID},
      {"LID-C", [](auto& d) { d.auth_res_data_new.trans_ids.value.lid_c.value[0] ^= 1; },
       ErrorCode::kUnknownLID},
      {"AuthNewAmt", [](auto& d) { d.auth_new_amt.amount = 1; }, ErrorCode::kUnspecifiedFailure},
      {"extension",
       [](auto& d) {
         d.a_rv_rs_extensions = {{der::Oid{1, 2, 3}, true, msg::Any{{0x04, 0x00}}}};
       },
       ErrorCode::kUnrecognizedExtension},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(CodeOf(Check(request_, Answer(row.change, gateway_sign_))), row.code) << row.what;
  }
  const auto same = [](msg::AuthRevResData&) {};
  EXPECT_EQ(CodeOf(Check(request_, Answer(same, sign_))), ErrorCode::kInvalidCertificate);
  const Octets good = Answer(same, gateway_sign_);
  EXPECT_EQ(CodeOf(Check(request_, Redate(good, kNow - 86401))), ErrorCode::kMessageTooOld);
  EXPECT_EQ(CodeOf(Check(request_, Redate(good, kNow + 86401))), ErrorCode::kMessageTooNew);
  EXPECT_TRUE(Check(request_, good, kNow + 10 * 86400));  // a late answer to a resent request
  EXPECT_EQ(CodeOf(Check(request_, authres_)), ErrorCode::kMessageNotSupported);
  EXPECT_EQ(CodeOf(Check(request_, Message("22-authrevres"))), ErrorCode::kUnknownRRPID);
}

TEST_P(ReversalAnswer, OnlyASignedErrorOfThisGatewayAboutThisRequestIsAnOutcome) {
  const Error fault = Fail(ErrorCode::kSignatureFailure, "test").value();
  const auto outcome = Check(request_, ComposeError(env(), &gateway_sign_, request_, fault));
  ASSERT_TRUE(outcome) << outcome.error().detail;
  EXPECT_FALSE(outcome->reversed);
  EXPECT_EQ(outcome->field, "ErrorCode");
  EXPECT_EQ(outcome->name, "signatureFailure");
  EXPECT_FALSE(Check(request_, ComposeError(env(), nullptr, request_, fault)));
  EXPECT_FALSE(Check(request_, ComposeError(env(), &sign_, request_, fault)));
  EXPECT_FALSE(Check(request_, ComposeError(env(), &gateway_sign_, authreq_, fault)));
}

}  // namespace
}  // namespace setcore
