// The merchant tells the cardholder the outcome (set-processing.md, 5.5).

#include <utility>

#include "setcore/asn1/real.h"
#include "setcore/merchant.h"
#include "setcore/merchant_common.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/receipt.h"

namespace setcore {
namespace {

using merchant::Forward;

// RatioOf gives part / whole (D-41).  AuthAmt and CapAmt are copies of the amount that was asked
// for, which is the whole; one that cannot be compared with it counts as that.  A whole of zero
// gives the ratio 0.
Result<der::FloatingPoint> RatioOf(const initiation::PurchAmt& part,
                                   const initiation::PurchAmt& whole) {
  if (whole.amount == 0) return der::FloatingPoint{};
  if (part.currency == whole.currency) {
    const auto ratio = der::NearestRatio({static_cast<std::int64_t>(part.amount),
                                          static_cast<std::int64_t>(whole.amount),
                                          part.amt_exp10 - whole.amt_exp10});
    if (ratio) return *ratio;
  }
  const auto one = der::NearestRatio({1, 1, 0});
  if (!one) return Fail(ErrorCode::kUnspecifiedFailure, "no ratio");
  return *one;
}

template <class Code>
bool IsCode(int value) {
  return value >= der::EnumRange<Code>::kMin && value <= der::EnumRange<Code>::kMax;
}

// What was authorized but not captured is no further than authorized (set-processing.md, 5.5).
bool Captured(const AuthOutcome& outcome) {
  return outcome.cap_code == static_cast<int>(msg::CapCode::kSuccess);
}

// ResultsOf fills in what the acquirer decided.
Result<msg::Results> ResultsOf(const PurchaseTerms& terms, const AuthOutcome& outcome) {
  if (!IsCode<msg::AuthCode>(outcome.auth_code) ||
      (outcome.cap_code && !IsCode<msg::CapCode>(*outcome.cap_code))) {
    return Fail(ErrorCode::kUnspecifiedFailure, "outcome with an unknown code");
  }
  msg::Results results;
  if (outcome.acq_card_msg) {
    auto message = der::Decode<der::Kept<msg::EncryptedData>>(*outcome.acq_card_msg);
    if (!message) return Forward(message);
    results.acq_card_msg = *std::move(message);
  }
  auto auth_ratio = RatioOf(outcome.auth_amt, terms.purch_amt);
  if (!auth_ratio) return Forward(auth_ratio);
  msg::AuthStatus& authorized = results.auth_status.emplace();
  authorized.auth_date.value = outcome.auth_date;
  authorized.auth_code = static_cast<msg::AuthCode>(outcome.auth_code);
  authorized.auth_ratio = *std::move(auth_ratio);
  if (outcome.curr_conv) {
    auto conversion = der::Decode<msg::CurrConv>(*outcome.curr_conv);
    if (!conversion) return Forward(conversion);
    authorized.curr_conv = *std::move(conversion);
  }
  if (Captured(outcome)) {
    auto cap_ratio = RatioOf(outcome.cap_amt, terms.purch_amt);
    if (!cap_ratio) return Forward(cap_ratio);
    results.cap_status =
        msg::CapStatus{der::Date{outcome.cap_date}, static_cast<msg::CapCode>(*outcome.cap_code),
                       *std::move(cap_ratio)};
  }
  return results;
}

// PayloadOf chooses the completion code: the furthest stage that was reached.
Result<msg::PResPayload> PayloadOf(const PurchaseTerms& terms,
                                   const std::optional<AuthOutcome>& outcome) {
  msg::PResPayload payload;
  if (!outcome || !outcome->authorized_or_refused) {  // D-9
    payload.completion_code = msg::CompletionCode::kOrderRejected;
    return payload;
  }
  auto results = ResultsOf(terms, *outcome);
  if (!results) return Forward(results);
  payload.results = *std::move(results);
  payload.completion_code = Captured(*outcome) ? msg::CompletionCode::kCapturePerformed
                                               : msg::CompletionCode::kAuthorizationPerformed;
  if (terms.purch_amt.amount == 0) {
    payload.completion_code = msg::CompletionCode::kMeaninglessRatio;  // D-42
  }
  return payload;
}

}  // namespace

Result<ComposedPRes> ComposePRes(const Environment& env, const MerchantKeys& keys,
                                 const PurchaseTerms& terms, OctetView preq,
                                 const std::optional<AuthOutcome>& outcome) {
  auto received = merchant::RereadPReq(preq);
  if (!received) return Forward(received);
  const msg::OIData& order = merchant::OrderPart(received->message).t1.value;
  auto payload = PayloadOf(terms, outcome);
  if (!payload) return Forward(payload);
  msg::PResData data;
  data.trans_ids = order.trans_ids;
  data.rrpid = order.rrpid;
  data.chall_c = order.chall_c;
  data.p_res_payload_seq.items.push_back(*std::move(payload));

  return merchant::WrapPResData(env, keys, terms.sw_ident, msg::MessageType::kPRes, data);
}

Result<ComposedPRes> merchant::WrapPResData(const Environment& env, const MerchantKeys& keys,
                                            std::string_view sw_ident, msg::MessageType type,
                                            const msg::PResData& data) {
  auto content = der::Encode(data);
  if (!content) return Forward(content);
  auto signed_data = der::Encode(treatments::Sign(SignerOf(keys), oid::kPResData, *content));
  if (!signed_data) return Forward(signed_data);
  auto message = Wrap(MakeHeader(env.now, sw_ident, data.rrpid, IdsOf(data.trans_ids.value)), type,
                      *std::move(signed_data));
  if (!message) return Forward(message);
  return ComposedPRes{*std::move(message), FactsOf(data, env.now)};
}

}  // namespace setcore
