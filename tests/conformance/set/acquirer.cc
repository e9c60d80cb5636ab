#include "set/acquirer.h"

#include <algorithm>

namespace conform::set {
namespace {

void Check(bool holds, const char* what) {
  if (!holds) throw Malformed(what);
}

void CheckDigest(const Value& dd, Content content, const Octets& der, const std::string& what) {
  const std::string fault = DigestFault(dd, content, der);
  if (!fault.empty()) throw Malformed(what + ": " + fault);
}

bool HasCertificate(const Value& signed_data, const Octets& certificate) {
  const Value& all = signed_data.at("certificates");
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all.at(i).der() == certificate) return true;
  }
  return false;
}

void CheckSameIds(const Value& a, const Value& b, const char* what) {
  Check(
      a.at("xid").octets() == b.at("xid").octets() &&
          a.at("lid-C").octets() == b.at("lid-C").octets() &&
          (!a.Has("lid-M") || !b.Has("lid-M") || a.at("lid-M").octets() == b.at("lid-M").octets()),
      what);
}

}  // namespace

Authorization Acquirer::Open(const Octets& authreq) const {
  const Message message = Expect(authreq, "authorizationRequest", now_ms());
  const Plain plain = OpenEnvelope(message.body().at("enc"), market_.gateway_exchange,
                                   Content::kAuthReqTbe, kBlockE);
  const Value signed_data = Decode("SignedData", plain.plaintext);
  const Value tbs = Decode("AuthReqTBS", Verified(signed_data, Content::kAuthReqTbs,
                                                  {market_.merchant_sign.certificate()}));
  const Value& pi = message.body().at("baggage");
  CheckDigest(tbs.at("t2"), Content::kPi, pi.der(), "AuthReqTBS: digest of the PI");
  // D-1.
  Check(HasCertificate(signed_data, market_.merchant_exchange.certificate()),
        "AuthReq: the merchant's key-exchange certificate did not come");
  Check(HasCertificate(signed_data, market_.merchant_sign.certificate()),
        "AuthReq: the merchant's signature certificate did not come");
  Authorization out;
  out.octets = authreq;
  out.data = tbs.at("t1");
  out.instruction = OpenPi(pi, market_.gateway_exchange, {market_.cardholder.certificate()});
  const Value& item = out.data.at("authReqItem");
  out.rrpid = item.at("authTags.authRRTags.rrpid").octets();
  out.capture_now = out.data.Has("captureNow");
  CheckHeader(message, out.trans_ids(), out.rrpid);
  const Value& head = out.instruction.pi_head;
  CheckSameIds(out.trans_ids(), head.at("transIDs"), "AuthTags: TransIDs are not those of PIHead");
  Check(item.at("authTags.authRRTags.merTermIDs.merchantID").text() == market_.merchant_id,
        "AuthTags: MerchantID");
  Check(head.at("merchantID").text() == market_.merchant_id, "PIHead: MerchantID");
  Check(item.Has("checkDigests"), "AuthReq: checkDigests missing");
  Check(item.at("checkDigests.hOIData").der() == out.instruction.oi_digest_dd,
        "CheckDigests: HOIData is not that of the PI");
  Check(item.at("checkDigests.hod2").der() == head.at("inputs.hod").der(),
        "CheckDigests: HOD2 is not that of PIHead");
  Check(out.amount().at("currency").number() == head.at("inputs.purchAmt.currency").number(),
        "AuthReqAmt: currency");
  Check(out.amount().der() == head.at("inputs.purchAmt").der(), "AuthReqAmt is not PurchAmt");
  Check(item.Has("authReqPayload.installRecurData") == head.Has("installRecurData"),
        "AuthReqPayload: InstallRecurData is not that of PIHead");
  return out;
}

Octets Acquirer::AuthRes(const Authorization& authorization, const AuthAnswer& answer) const {
  Value data;
  data["authTags"] = Value::Der(authorization.data.at("authReqItem.authTags").der());
  Value& payload = data["authResPayload"];
  payload["authHeader.authAmt"] = Value::Der(authorization.amount().der());
  payload["authHeader.authCode"] = answer.auth_code;
  payload["authHeader.responseData"] = Value();
  if (answer.auth_code == 0) {
    payload["authHeader.responseData.authValCodes.approvalCode"] = "000001";
    if (authorization.capture_now) {
      payload["capResPayload.capCode"] = 0;
      payload["capResPayload.capAmt"] = Value::Der(authorization.amount().der());
    }
  }
  Value tbs;
  tbs["t1"] = Value::Der(Make("AuthResData", std::move(data)));
  tbs["t2"] = DigestOf(Content::kAuthResBaggage, answer.baggage);
  Signing signing;
  if (const auto lie = spoil.find("AuthRes"); lie != spoil.end()) signing.spoil = lie->second;
  const Octets signed_data =
      SignedData(answer.signer ? *answer.signer : market_.gateway_sign, Content::kAuthResTbs,
                 Make("AuthResTBS", std::move(tbs)), signing);
  Envelope envelope;
  envelope.content = Content::kAuthResTbe;
  Value response;
  response["encB.enc"] =
      Value::Der(EnvelopedData(market_.merchant_exchange.certificate(), signed_data,
                               DrawEnvelope(dice, "authres"), envelope));
  response["encB.baggage"] = Value::Der(answer.baggage);
  return Wrap(MessageIds(authorization.trans_ids()), authorization.rrpid, "authorizationResponse",
              Encode("AuthRes", response));
}

Acquirer::Reversal Acquirer::OpenReversal(const Octets& authrevreq,
                                          const Authorization& first) const {
  const Message message = Expect(authrevreq, "authReversalRequest", now_ms());
  const Plain plain = OpenEnvelope(message.body().at("enc"), market_.gateway_exchange,
                                   Content::kAuthRevReqTbe, kBlockE);
  const Value signed_data = Decode("SignedData", plain.plaintext);
  const Value tbs = Decode("AuthRevReqTBS", Verified(signed_data, Content::kAuthRevReqTbs,
                                                     {market_.merchant_sign.certificate()}));
  CheckDigest(tbs.at("t2"), Content::kAuthRevReqBaggage, message.body().at("baggage").der(),
              "AuthRevReqTBS: digest of the baggage");
  Check(HasCertificate(signed_data, market_.merchant_exchange.certificate()),
        "AuthRevReq: the merchant's key-exchange certificate did not come");
  Reversal out;
  out.data = tbs.at("t1");
  out.rrpid = out.data.at("authRevTags.authRevRRTags.rrpid").octets();
  CheckHeader(message, first.trans_ids(), out.rrpid);
  Check(out.rrpid != first.rrpid, "AuthRevReq: RRPID is not new");
  // D-55, D-56.
  Check(out.data.Has("authRevTags.authRRPID") &&
            out.data.at("authRevTags.authRRPID").octets() == first.rrpid,
        "AuthRevReq: authRRPID is not that of the AuthReq");
  Check(out.data.at("authNewAmt.amount").number() == 0, "AuthRevReq: AuthNewAmt is not 0");
  return out;
}

Octets Acquirer::AuthRevRes(const Reversal& reversal, const Authorization& first, int code) const {
  Value data;
  data["authRevCode"] = code;
  data["authRevTags"] = Value::Der(reversal.data.at("authRevTags").der());
  data["authNewAmt"] = Value::Der(reversal.data.at("authNewAmt").der());
  data["authResDataNew.transIDs"] = Value::Der(first.trans_ids().der());
  Envelope envelope;
  envelope.content = Content::kAuthRevResTbe;
  Value response;
  response["enc"] =
      Value::Der(EnvelopedData(market_.merchant_exchange.certificate(),
                               SignedData(market_.gateway_sign, Content::kAuthRevResData,
                                          Make("AuthRevResData", std::move(data))),
                               DrawEnvelope(dice, "revres"), envelope));
  return Wrap(MessageIds(first.trans_ids()), reversal.rrpid, "authReversalResponse",
              Encode("AuthRevRes", response));
}

Octets Acquirer::Error(int code, const Octets& offending,
                       const std::optional<Identity>& signer) const {
  const Message message = Read(offending);
  Value tbs;
  tbs["errorCode"] = code;
  tbs["errorNonce"] = dice("error-nonce", 20);
  tbs["errorMsg.messageHeader"] = Value::Der(message.header().der());
  const Octets tbs_der = Make("ErrorTBS", std::move(tbs));
  Value error;
  if (signer) {
    error["signedError"] = Value::Der(SignedData(*signer, Content::kErrorTbs, tbs_der));
  } else {
    error["unsignedError"] = Value::Der(tbs_der);
  }
  return Wrap(message.header().at("messageIDs"), message.header().at("rrpid").octets(), "error",
              Make("Error", std::move(error)));
}

}  // namespace conform::set
