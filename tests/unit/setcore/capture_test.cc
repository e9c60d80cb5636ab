// CapReq and CapRes, merchant against gateway: those of the vectors, every CapCode, and every check
// with a message that fails it.
#include "setcore/messages/capture.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

#include "setcore/compose_error.h"
#include "setcore/gateway.h"
#include "setcore/messages/receive.h"
#include "setcore/order.h"
#include "setcore/treatments/digested.h"
#include "unit/setcore/acquirer_fixture.h"

namespace setcore {
namespace {

using msg::CapCode;
using msg::MessageType;
using vectors::kNow;
using vectors::Must;

class CaptureTest : public AcquirerTest {
 protected:
  Result<AcquirerRequest> Compose(OctetView authres) {
    return ComposeCapReq(env(), keys_, policy_, terms_, preq_, authreq_, authres);
  }
  Result<CaptureRequest> Open(OctetView capreq) {
    return OpenCapReq(env(), gateway_keys_, trust_, gateway_policy_, capreq);
  }
  // What is taken is read again as it was.
  Result<CaptureOutcome> Check(OctetView capreq, OctetView capres, Time now = kNow) {
    const auto outcome = CheckCapRes({now, &random_}, keys_, trust_, auth_rrpid_, capreq, capres);
    if (outcome) {
      EXPECT_EQ(Must(RereadCapRes({now, &random_}, keys_, capreq, capres)), *outcome);
    }
    return outcome;
  }
  // Composed from the random octets of the vector.
  Result<AcquirerRequest> OfTheVector() {
    const auto file = File("15-capreq");
    vectors::ScriptedRandom random{file.Hex("random.cap-rrpid"), file.Hex("random.cap-des-key"),
                                   file.Hex("random.cap-iv"), file.Hex("random.cap-e-salt"),
                                   file.Hex("random.cap-i")};
    auto capreq = ComposeCapReq({kNow, &random}, keys_, policy_, terms_, preq_, authreq_, authres_);
    EXPECT_EQ(random.left(), 0U);
    return capreq;
  }
  AuthorizationFacts Issued() const {
    AuthorizationFacts facts = Facts();
    facts.lid_c = File("01-pinitreq").Hex("random.lid-c");
    facts.cap_token_issued = true;
    return facts;
  }
  CapCode Judge(OctetView capreq, const AuthorizationFacts& facts,
                BatchState batch = BatchState::kOpen) {
    return JudgeCapItem(Must(Open(capreq)).items.front(), &facts, batch);
  }

  Octets auth_rrpid_ = File("10-authreq").Hex("random.auth-rrpid");
};

using CaptureVectors = CaptureTest;
INSTANTIATE_TEST_SUITE_P(Sets, CaptureVectors, testing::Values("set-1024", "set-2048"),
                         [](const auto& set) { return set.param.substr(4); });

// Our header names the transaction, that of the vector does not.
TEST_P(CaptureVectors, CapReqBitForBit) {
  const auto capreq = OfTheVector();
  ASSERT_TRUE(capreq) << capreq.error().detail;
  EXPECT_EQ(capreq->rrpid, File("15-capreq").Hex("random.cap-rrpid"));
  auto wrapper = Must(der::Decode<msg::MessageWrapper>(capreq->message));
  EXPECT_TRUE(wrapper.header.message_ids);
  wrapper.header.message_ids.reset();
  EXPECT_EQ(vectors::ToHex(der::MustEncode(wrapper)), vectors::ToHex(Message("15-capreq")));
}

TEST_P(CaptureVectors, TheGatewayOpensTheCapReqAndAnswersBitForBit) {
  const auto request = Open(Message("15-capreq"));
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->merchant_id, "00012345");
  ASSERT_EQ(request->items.size(), 1U);
  const CaptureItem& item = request->items.front();
  EXPECT_EQ(Octets(item.auth_rrpid.begin(), item.auth_rrpid.end()), auth_rrpid_);
  EXPECT_EQ(item.amount, AmountOf(terms_.purch_amt));
  EXPECT_EQ(item.cap_token, CapTokenState::kGood);
  const AuthorizationFacts facts = Issued();
  EXPECT_EQ(JudgeCapItem(item, &facts, BatchState::kOpen), CapCode::kSuccess);
  const auto file = File("16-capres");
  auto random = EnvelopeRandom(file, "capres");
  const CaptureDecision decision{CapCode::kSuccess, 1, 2};
  const auto answer = ComposeCapRes({kNow, &random}, gateway_keys_, trust_, gateway_policy_,
                                    *request, {&decision, 1});
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(vectors::ToHex(*answer), vectors::ToHex(file.Hex("MessageWrapper")));
}

TEST_P(CaptureVectors, TheMerchantTakesTheCapRes) {
  const auto outcome = Check(Must(OfTheVector()).message, Message("16-capres"));
  ASSERT_TRUE(outcome) << outcome.error().detail;
  EXPECT_TRUE(outcome->captured);
  EXPECT_EQ(outcome->field, "CapCode");
  EXPECT_EQ(outcome->name, "success");
  EXPECT_EQ(outcome->cap_date, kNow);
}

// --- what the merchant composes
// -------------------------------------------------------------------

class Capture : public CaptureTest {
 protected:
  // A well-made request, taken apart, changed and sealed again.
  struct Parts {
    msg::MessageHeader header;
    msg::CapReqData data;
    msg::CapTokenSeq tokens;
    const pki::CertifiedKey* signer = nullptr;
    std::vector<pki::CertificatePtr> more;
    std::optional<msg::MsgExtensions> mw_extensions;
  };
  Parts PartsOf(OctetView capreq) {
    const auto received = Must(Receive<msg::CapReq>(capreq, MessageType::kCapReq, std::nullopt));
    const auto& encb = std::get<0>(received.message.value);
    const treatments::ExchangeKey key{&gateway_.key, gateway_.certificate().get()};
    const auto opened =
        Must(treatments::OpenEncB({&key, 1}, encb.enc, encb.baggage.der, treatments::kCapReqTypes,
                                  trust_, pki::Role::kMerchantSignature, env()));
    return {received.header,    Must(der::Decode<msg::CapReqData>(opened.t)),
            encb.baggage.value, &sign_,
            exchange_.chain,    std::nullopt};
  }
  Octets Seal(const Parts& parts) {
    msg::CapReq request;
    auto& encb = request.value.emplace<0>();
    encb.baggage = Must(der::Keep(parts.tokens));
    encb.enc = Must(treatments::SealEncB({parts.signer->key, parts.signer->chain, parts.more},
                                         *gateway_.certificate(), treatments::kCapReqTypes,
                                         Must(der::Encode(parts.data)), encb.baggage.der,
                                         treatments::DrawEnvelopeRandoms(random_)));
    return Wrapped(parts, request);
  }
  // The same as EncBX: the signature covers a PANToken too, which stands in the OAEP block.
  Octets SealX(const Parts& parts, OctetView signed_token, OctetView token) {
    msg::CapReq request;
    auto& encbx = request.value.emplace<1>();
    encbx.baggage = Must(der::Keep(parts.tokens));
    msg::CapReqTBS linked;
    linked.t1 = Must(der::Keep(parts.data));
    linked.t2 = treatments::DetachedDigest(oid::kCapTokenSeq, encbx.baggage.der);
    const Octets tbs = Must(der::Encode(linked));
    const auto signature =
        treatments::SignDetached({parts.signer->key, parts.signer->chain, parts.more},
                                 oid::kCapReqTbsx, Sequence(tbs, signed_token));
    encbx.enc = Must(treatments::Seal(
        *gateway_.certificate(), oid::kCapReqTbex, Sequence(tbs, der::MustEncode(signature)),
        crypto::OaepUse::kEncXPanToken, token, treatments::DrawEnvelopeRandoms(random_)));
    return Wrapped(parts, request);
  }
  // Seals what `change` makes of a good request.
  Octets With(const std::function<void(Parts&)>& change) {
    Parts parts = PartsOf(request_);
    change(parts);
    return Seal(parts);
  }
  CapCode WithToken(const msg::Kept<msg::CapToken>& token, const AuthorizationFacts& facts) {
    return Judge(With([&](Parts& p) { p.tokens.items = {token}; }), facts);
  }
  static Octets Wrapped(const Parts& parts, const msg::CapReq& request) {
    msg::MessageWrapper wrapper;
    wrapper.header = parts.header;
    wrapper.type = MessageType::kCapReq;
    wrapper.message.der = Must(der::Encode(request));
    wrapper.mw_extensions = parts.mw_extensions;
    return Must(der::Encode(wrapper));
  }
  static msg::Kept<msg::CapToken> NoToken() {
    msg::CapToken token;
    token.value.emplace<der::Null>();
    return Must(der::Keep(std::move(token)));
  }
  msg::RRPID AuthRrpid() const {
    msg::RRPID rrpid{};
    std::ranges::copy(auth_rrpid_, rrpid.begin());
    return rrpid;
  }
  static msg::SaleDetail Sale() {
    msg::SaleDetail sale;
    sale.batch_id.emplace() = 7;
    sale.batch_sequence_num.emplace() = 9;
    return sale;
  }

  Octets request_ = Must(Compose(authres_)).message;
};
INSTANTIATE_TEST_SUITE_P(Set, Capture, testing::Values("set-1024"));

TEST_P(Capture, WithATokenTheRequestSaysNoMore) {
  const Parts parts = PartsOf(request_);
  const msg::CapPayload& payload = parts.data.cap_item_seq.items.at(0).cap_payload;
  EXPECT_FALSE(payload.auth_req_item);
  EXPECT_FALSE(payload.auth_res_payload);
  EXPECT_FALSE(payload.sale_detail);
  const auto baggage =
      Must(der::Decode<msg::AuthResBaggage>(File("11-authres").Hex("AuthResBaggage")));
  ASSERT_EQ(parts.tokens.items.size(), 1U);
  EXPECT_EQ(parts.tokens.items[0].der, baggage.cap_token->der);
}

TEST_P(Capture, TheSaleDetailOfThePaymentGoesAlong) {
  terms_.sale_detail = der::MustEncode(Sale());
  const Octets request = Must(Compose(authres_)).message;
  EXPECT_EQ(PartsOf(request).data.cap_item_seq.items.at(0).cap_payload.sale_detail, Sale());
  const CaptureItem item = Must(Open(request)).items.at(0);
  EXPECT_EQ(item.batch_id, 7);
  EXPECT_EQ(item.batch_sequence, 9);
}

TEST_P(Capture, WithoutATokenTheRequestSaysWhatWasAskedAndGranted) {
  const Octets tokenless = Edit<msg::AuthRes>(authres_, [&](auto&, msg::AuthRes& authres) {
    auto& encb = std::get<0>(authres.value);
    const treatments::ExchangeKey key{&exchange_.key, exchange_.certificate().get()};
    const auto opened =
        Must(treatments::OpenEncB({&key, 1}, encb.enc, encb.baggage.der, treatments::kAuthResTypes,
                                  trust_, pki::Role::kGatewaySignature, env()));
    encb.baggage = Must(der::Keep(msg::AuthResBaggage{}));
    encb.enc =
        Must(treatments::SealEncB({gateway_sign_.key, gateway_sign_.chain},
                                  *exchange_.certificate(), treatments::kAuthResTypes, opened.t,
                                  encb.baggage.der, treatments::DrawEnvelopeRandoms(random_)));
  });
  const auto asked = Must(der::Decode<msg::AuthReqData>(File("10-authreq").Hex("AuthReqData")));
  const auto payload = [&](OctetView authres) {
    const Parts parts = PartsOf(Must(Compose(authres)).message);
    EXPECT_TRUE(std::holds_alternative<der::Null>(parts.tokens.items.at(0).value.value));
    const msg::CapPayload& cap = parts.data.cap_item_seq.items.at(0).cap_payload;
    EXPECT_EQ(der::MustEncode(*cap.auth_req_item), der::MustEncode(asked.auth_req_item));
    return cap.auth_res_payload;
  };
  const auto granted = payload(tokenless);
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->auth_header.auth_code, msg::AuthCode::kApproved);
  EXPECT_FALSE(payload({}));  // settled by hand
  keys_.exchange = &sign_.key;
  EXPECT_FALSE(payload(tokenless));  // the key-exchange certificate was replaced meanwhile
}

// --- what the gateway decides
// ---------------------------------------------------------------------

TEST_P(Capture, EveryCodeHasItsReason) {  // D-59
  const auto code = [&](const std::function<void(AuthorizationFacts&)>& change,
                        BatchState batch = BatchState::kOpen) {
    AuthorizationFacts facts = Issued();
    change(facts);
    return Judge(request_, facts, batch);
  };
  const auto same = [](AuthorizationFacts&) {};
  EXPECT_EQ(code(same), CapCode::kSuccess);
  EXPECT_EQ(JudgeCapItem(Must(Open(request_)).items[0], nullptr, BatchState::kOpen),
            CapCode::kUnknownXID);
  EXPECT_EQ(code([](auto& f) { f.xid[0] ^= 1; }), CapCode::kUnknownXID);
  EXPECT_EQ(code([](auto& f) { (*f.lid_c)[0] ^= 1; }), CapCode::kUnknownLID);
  EXPECT_EQ(code([](auto& f) { f.lid_c.reset(); }), CapCode::kSuccess);
  EXPECT_EQ(code([](auto& f) { f.captured = true; }), CapCode::kDuplicateRequest);
  EXPECT_EQ(code([](auto& f) { f.approved = false; }), CapCode::kInvalidAuthData);
  EXPECT_EQ(code([](auto& f) { f.reversed = true; }), CapCode::kInvalidAuthData);
  EXPECT_EQ(code([](auto& f) { f.amount.currency = 978; }), CapCode::kInvalidAuthData);
  EXPECT_EQ(code(same, BatchState::kUnknown), CapCode::kBatchUnknown);
  EXPECT_EQ(code(same, BatchState::kClosed), CapCode::kBatchClosed);
}

TEST_P(Capture, TheFirstReasonCounts) {
  msg::RRPID other = AuthRrpid();
  other[0] ^= 1;
  const auto foreign = Token(other, gateway_sign_);
  const auto unreadable = Token(AuthRrpid(), sign_);
  AuthorizationFacts facts = Issued();
  facts.approved = false;
  EXPECT_EQ(Judge(request_, facts, BatchState::kUnknown), CapCode::kInvalidAuthData);
  facts.captured = true;
  EXPECT_EQ(Judge(request_, facts), CapCode::kDuplicateRequest);
  EXPECT_EQ(WithToken(foreign, facts), CapCode::kInvalidCapToken);
  EXPECT_EQ(WithToken(NoToken(), facts), CapCode::kCapTokenMissing);
  (*facts.lid_c)[0] ^= 1;
  EXPECT_EQ(WithToken(foreign, facts), CapCode::kUnknownLID);
  facts.xid[0] ^= 1;
  EXPECT_EQ(WithToken(foreign, facts), CapCode::kUnknownXID);
  EXPECT_EQ(WithToken(unreadable, facts), CapCode::kInvalidCapToken);
}

TEST_P(Capture, AtMostTheAuthorizedAmountIsCaptured) {
  const auto amount = [&](std::int64_t units, std::int64_t exponent) {
    return Judge(With([&](Parts& p) {
                   auto& asked = p.data.cap_item_seq.items[0].cap_payload.cap_req_amt;
                   asked.amount = units;
                   asked.amt_exp10 = exponent;
                 }),
                 Issued());
  };
  EXPECT_EQ(amount(15752, -2), CapCode::kSuccess);
  EXPECT_EQ(amount(15753, -2), CapCode::kSuccess);
  EXPECT_EQ(amount(15754, -2), CapCode::kInvalidAuthData);
  EXPECT_EQ(amount(157530, -3), CapCode::kSuccess);
  EXPECT_EQ(amount(157531, -3), CapCode::kInvalidAuthData);
  EXPECT_EQ(amount(1, 18), CapCode::kInvalidAuthData);
}

TEST_P(Capture, TheTokenMustBeThatOfTheAuthorization) {
  AuthorizationFacts facts = Issued();
  EXPECT_EQ(WithToken(Token(AuthRrpid(), gateway_sign_), facts), CapCode::kSuccess);
  EXPECT_EQ(WithToken(TokenWithPan(AuthRrpid(), gateway_sign_), facts), CapCode::kSuccess);
  EXPECT_EQ(WithToken(TokenWithPan(AuthRrpid(), sign_), facts), CapCode::kInvalidCapToken);
  EXPECT_EQ(WithToken(NoToken(), facts), CapCode::kCapTokenMissing);
  facts.cap_token_issued = false;
  EXPECT_EQ(WithToken(NoToken(), facts), CapCode::kSuccess);
}

TEST_P(Capture, SeveralItemsAreJudgedEachWithItsToken) {
  msg::RRPID other = AuthRrpid();
  other[0] ^= 1;
  const auto two = [&](Parts& p) {
    auto second = p.data.cap_item_seq.items[0];
    second.auth_rrpid = other;
    second.trans_ids.value.xid[0] ^= 1;
    second.trans_ids.der.clear();
    p.data.cap_item_seq.items.push_back(second);
    p.tokens.items.push_back(Token(other, gateway_sign_));
  };
  const CaptureRequest request = Must(Open(With(two)));
  ASSERT_EQ(request.items.size(), 2U);
  EXPECT_EQ(request.items[0].cap_token, CapTokenState::kGood);
  EXPECT_EQ(request.items[1].cap_token, CapTokenState::kGood);
  const CaptureDecision decisions[] = {{CapCode::kSuccess, 1, 1}, {CapCode::kUnknownXID, {}, {}}};
  const Octets answer =
      Must(ComposeCapRes(env(), gateway_keys_, trust_, gateway_policy_, request, decisions));
  // The merchant asks for one at a time, and takes no answer about more.
  EXPECT_EQ(CodeOf(Check(request_, answer)), ErrorCode::kUnspecifiedFailure);
  EXPECT_EQ(CodeOf(Open(With([&](Parts& p) {
              two(p);
              p.tokens.items.pop_back();
            }))),
            ErrorCode::kDecodingFailure);
}

TEST_P(Capture, ARequestOfAMerchantThatHoldsThePanTokenIsOpenedToo) {
  const Parts parts = PartsOf(request_);
  const Octets token = PanToken();
  EXPECT_EQ(Judge(SealX(parts, token, token), Issued()), CapCode::kSuccess);
  Octets other = token;
  other.back() ^= 1;
  EXPECT_EQ(CodeOf(Open(SealX(parts, other, token))), ErrorCode::kSignatureFailure);
  EXPECT_EQ(CodeOf(Open(SealX(parts, token, Octets{0x30, 0x00}))), ErrorCode::kDecodingFailure);
  const Octets swapped =
      Edit<msg::CapReq>(SealX(parts, token, token), [](auto&, msg::CapReq& request) {
        std::get<1>(request.value).baggage = Must(der::Keep(msg::CapTokenSeq{{NoToken()}}));
      });
  EXPECT_EQ(CodeOf(Open(swapped)), ErrorCode::kSignatureFailure);
}

TEST_P(Capture, TheReceivingRulesApplyToCapReq) {
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
  EXPECT_EQ(code([](Parts& p) { p.more.clear(); }), ErrorCode::kMissingCertificate);  // D-1
  const msg::MsgExtensions critical{{der::Oid{1, 2, 3}, true, msg::Any{{0x04, 0x00}}}};
  const std::function<void(Parts&)> kExtended[] = {
      [&](Parts& p) { p.mw_extensions = critical; },
      [&](Parts& p) { p.data.c_rq_extensions = critical; },
      [&](Parts& p) { p.data.cap_item_seq.items[0].cap_payload.c_pay_extensions = critical; },
      [&](Parts& p) {
        p.data.cap_item_seq.items[0].cap_payload.sale_detail.emplace().sale_extensions = critical;
      },
  };
  for (const auto& extended : kExtended)
    EXPECT_EQ(code(extended), ErrorCode::kUnrecognizedExtension);
  gateway_policy_.capture_supported = false;
  EXPECT_EQ(CodeOf(Open(request_)), ErrorCode::kMessageNotSupported);
}

TEST_P(Capture, OtherTokensThanTheSignedOnesAreASignatureFailure) {
  const Octets swapped = Edit<msg::CapReq>(request_, [](auto&, msg::CapReq& request) {
    std::get<0>(request.value).baggage = Must(der::Keep(msg::CapTokenSeq{{NoToken()}}));
  });
  EXPECT_EQ(CodeOf(Open(swapped)), ErrorCode::kSignatureFailure);
}

// --- what the merchant accepts as an outcome
// ------------------------------------------------------

// The answer to `request_` with its data changed, signed by `signer`.
class CaptureAnswer : public Capture {
 protected:
  Octets Answer(const std::function<void(msg::CapResData&)>& change,
                const pki::CertifiedKey& signer) {
    const CaptureRequest request = Must(Open(request_));
    msg::CapResData data;
    data.cap_rr_tags = request.tags;
    msg::CapResItem& item = data.cap_res_item_seq.items.emplace_back();
    item.trans_ids.value = request.items[0].trans_ids.value;
    item.auth_rrpid = request.items[0].auth_rrpid;
    item.cap_res_payload.cap_code = CapCode::kSuccess;
    item.cap_res_payload.cap_amt = request.items[0].amount;
    change(data);
    const auto capres = Must(treatments::SealEnc(
        {signer.key, signer.chain}, *exchange_.certificate(), treatments::kCapResTypes,
        Must(der::Encode(data)), treatments::DrawEnvelopeRandoms(random_)));
    return Must(Wrap(MakeHeader(kNow, "test", data.cap_rr_tags.rrpid,
                                IdsOf(data.cap_res_item_seq.items[0].trans_ids.value)),
                     MessageType::kCapRes, Must(der::Encode(capres))));
  }
};
INSTANTIATE_TEST_SUITE_P(Set, CaptureAnswer, testing::Values("set-1024"));

TEST_P(CaptureAnswer, EveryCodeIsAnOutcome) {
  for (int code = 0; code <= der::EnumRange<CapCode>::kMax; ++code) {
    const auto outcome =
        Check(request_, Answer(
                            [&](msg::CapResData& d) {
                              d.cap_res_item_seq.items[0].cap_res_payload.cap_code =
                                  static_cast<CapCode>(code);
                            },
                            gateway_sign_));
    ASSERT_TRUE(outcome) << outcome.error().detail;
    EXPECT_EQ(outcome->captured, code == 0);
    EXPECT_EQ(outcome->value, code);
    EXPECT_EQ(outcome->name, msg::Name(static_cast<CapCode>(code)));
  }
}

TEST_P(CaptureAnswer, WhatIsNotTheAnswerToThisRequestIsNoOutcome) {
  const msg::MsgExtensions critical{{der::Oid{1, 2, 3}, true, msg::Any{{0x04, 0x00}}}};
  const struct {
    const char* what;
    std::function<void(msg::CapResData&)> change;
    ErrorCode code;
  } kRows[] = {
      {"RRPID", [](auto& d) { d.cap_rr_tags.rrpid[0] ^= 1; }, ErrorCode::kUnknownRRPID},
      {"XID", [](auto& d) { d.cap_res_item_seq.items[0].trans_ids.value.xid[0] ^= 1; },
       ErrorCode::kUnknownXID},
      {"LID-C", [](auto& d) { d.cap_res_item_seq.items[0].trans_ids.value.lid_c.value[0] ^= 1; },
       ErrorCode::kUnknownLID},
      {"AuthRRPID", [](auto& d) { d.cap_res_item_seq.items[0].auth_rrpid[0] ^= 1; },
       ErrorCode::kUnknownRRPID},
      {"items",
       [](auto& d) {
         const auto item = d.cap_res_item_seq.items[0];
         d.cap_res_item_seq.items.push_back(item);
       },
       ErrorCode::kUnspecifiedFailure},
      {"extension", [&](auto& d) { d.c_rs_extensions = critical; },
       ErrorCode::kUnrecognizedExtension},
      {"extension of the item",
       [&](auto& d) { d.cap_res_item_seq.items[0].cap_res_payload.c_rs_pay_extensions = critical; },
       ErrorCode::kUnrecognizedExtension},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(CodeOf(Check(request_, Answer(row.change, gateway_sign_))), row.code) << row.what;
  }
  const auto same = [](msg::CapResData&) {};
  EXPECT_EQ(CodeOf(Check(request_, Answer(same, sign_))), ErrorCode::kInvalidCertificate);
  const Octets good = Answer(same, gateway_sign_);
  EXPECT_EQ(CodeOf(Check(request_, Redate(good, kNow - 86401))), ErrorCode::kMessageTooOld);
  EXPECT_EQ(CodeOf(Check(request_, Redate(good, kNow + 86401))), ErrorCode::kMessageTooNew);
  EXPECT_TRUE(Check(request_, good, kNow + 10 * 86400));  // a late answer to a resent request
  EXPECT_EQ(CodeOf(Check(request_, authres_)), ErrorCode::kMessageNotSupported);
  EXPECT_EQ(CodeOf(Check(request_, Message("16-capres"))), ErrorCode::kUnknownRRPID);
  Octets bent = good;
  bent[bent.size() - 9] ^= 1;
  EXPECT_EQ(CodeOf(Check(request_, bent)), ErrorCode::kDecodingFailure);
}

TEST_P(CaptureAnswer, OnlyASignedErrorOfThisGatewayAboutThisRequestIsAnOutcome) {
  const Error fault = Fail(ErrorCode::kMessageTooOld, "test").value();
  const auto outcome = Check(request_, ComposeError(env(), &gateway_sign_, request_, fault));
  ASSERT_TRUE(outcome) << outcome.error().detail;
  EXPECT_FALSE(outcome->captured);
  EXPECT_EQ(outcome->field, "ErrorCode");
  EXPECT_EQ(outcome->name, "messageTooOld");
  EXPECT_FALSE(Check(request_, ComposeError(env(), nullptr, request_, fault)));
  EXPECT_FALSE(Check(request_, ComposeError(env(), &sign_, request_, fault)));
  EXPECT_FALSE(Check(request_, ComposeError(env(), &gateway_sign_, authreq_, fault)));
}

}  // namespace
}  // namespace setcore
