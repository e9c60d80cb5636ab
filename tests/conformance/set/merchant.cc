#include "set/merchant.h"

namespace conform::set {
namespace {

void Check(bool holds, const char* what) {
  if (!holds) throw Malformed(what);
}

void CheckDigest(const Value& dd, Content content, const Octets& der, const std::string& what) {
  const std::string fault = DigestFault(dd, content, der);
  if (!fault.empty()) throw Malformed(what + ": " + fault);
}

std::string OrganizationOf(const Octets& certificate) {
  const Value name = Decode("Certificate", certificate).at("toBeSigned.subject");
  for (std::size_t i = 0; i < name.size(); ++i) {
    const Value& part = name.at(i).at(0);
    if (part.at("type").octets() != Oid({2, 5, 4, 10})) continue;
    const Octets& value = part.at("value").der();
    return {value.begin() + 2, value.end()};
  }
  return {};
}

// 1/1 is 2**0, n/2**k the same with an exponent; enough for what the judge says.
Octets Ratio(int numerator) {
  return numerator == 0 ? Octets{} : Octets{0x80, 0x00, static_cast<std::uint8_t>(numerator)};
}

}  // namespace

Instruction OpenPi(const Value& pi, const Identity& gateway_exchange,
                   const std::vector<Octets>& cardholders) {
  Instruction out;
  out.dual_signed = pi.alternative() == "piDualSigned";
  const Value& envelope = out.dual_signed ? pi.at("piDualSigned.exPIData") : pi.at("piUnsigned");
  const Plain plain =
      OpenEnvelope(envelope, gateway_exchange,
                   out.dual_signed ? Content::kPiDualSignedTbe : Content::kPiUnsignedTbe,
                   out.dual_signed ? kBlockExPanData : kBlockExhPanToken);
  const Value link = Decode("PIEnvelope", plain.plaintext);
  out.pan_der = plain.x;
  out.pan = Decode(out.dual_signed ? "PANData" : "PANToken", plain.x);
  CheckDigest(link.at("t2"), out.dual_signed ? Content::kPanData : Content::kPanToken, plain.x,
              "PI: digest of the card data");
  out.pi_head = link.at("t1.t1");
  out.oi_digest_dd = link.at("t1.t2").der();
  if (!out.dual_signed) return out;
  Value data;
  data["piHead"] = Value::Der(out.pi_head.der());
  data["panData"] = Value::Der(plain.x);
  Value tbs;
  tbs["hPIData"] = DigestOf(Content::kPiData, Encode("PIData", data));
  tbs["hOIData"] = Value::Der(out.oi_digest_dd);
  const Octets tbs_der = Encode("PI-TBS", tbs);
  Verified(pi.at("piDualSigned.piSignature"), Content::kPiTbs, cardholders, &tbs_der);
  return out;
}

Octets Merchant::PInitRes(const Octets& pinitreq) {
  const set::Message message = Expect(pinitreq, "purchaseInitRequest", now_ms());
  pinitreq_ = message.body();
  const Value& header = message.header();
  Check(header.at("rrpid").octets() == pinitreq_.at("rrpid").octets(), "PInitReq: header rrpid");
  Check(header.at("messageIDs.lid-C").octets() == pinitreq_.at("localID-C").octets(),
        "PInitReq: header lid-C");
  Check(pinitreq_.at("brandID").text() == bargain_.brand, "PInitReq: BrandID");
  Check(pinitreq_.Has("localID-M") == !bargain_.lid_m.empty(), "PInitReq: LID-M");
  if (!bargain_.lid_m.empty()) {
    Check(pinitreq_.at("localID-M").octets() == bargain_.lid_m, "PInitReq: LID-M");
    Check(
        header.Has("messageIDs.lid-M") && header.at("messageIDs.lid-M").octets() == bargain_.lid_m,
        "PInitReq: header lid-M");
  }
  chall_c_ = pinitreq_.at("chall-C").octets();
  xid_ = dice("xid", 20);
  chall_m_ = dice("chall-m", 20);
  Value ids;
  ids["lid-C"] = pinitreq_.at("localID-C").octets();
  if (!bargain_.lid_m.empty()) ids["lid-M"] = bargain_.lid_m;
  ids["xid"] = xid_;
  ids["pReqDate"] = Date();
  ids["language"] = pinitreq_.at("language").text();
  trans_ids_ = Make("TransIDs", std::move(ids));
  Value data;
  data["transIDs"] = Value::Der(trans_ids_);
  data["rrpid"] = pinitreq_.at("rrpid").octets();
  data["chall-C"] = chall_c_;
  data["chall-M"] = chall_m_;
  data["peThumb"] = CertThumb(market_.gateway_exchange.certificate());
  if (pinitreq_.Has("thumbs")) data["thumbs"] = Value::Der(pinitreq_.at("thumbs").der());
  Signing signing;
  signing.more_certificates = market_.gateway_exchange.chain;
  if (const auto lie = spoil.find("PInitRes"); lie != spoil.end()) signing.spoil = lie->second;
  return Wrap(
      MessageIds(Decode("TransIDs", trans_ids_)), pinitreq_.at("rrpid").octets(),
      "purchaseInitResponse",
      SignedData(signer(), Content::kPInitResData, Make("PInitResData", std::move(data)), signing));
}

void Merchant::TakePReq(const Octets& octets, const Card& card) {
  const set::Message message = Expect(octets, "purchaseRequest", now_ms());
  const Value& preq = message.body();
  signed_ = preq.alternative() == "pReqDualSigned";
  Check(signed_ == card.certified, "PReq: signed or not does not follow the card");
  const Value& link =
      signed_ ? preq.at("pReqDualSigned.oiDualSigned") : preq.at("pReqUnsigned.oiUnsigned");
  const Value& order = link.at("t1");
  preq_rrpid_ = order.at("rrpid").octets();
  CheckHeader(message, order.at("transIDs"), preq_rrpid_);
  Check(order.at("transIDs").der() == trans_ids_, "PReq: TransIDs are not those of PInitRes");
  Check(preq_rrpid_ != pinitreq_.at("rrpid").octets(), "PReq: RRPID is not new");
  Check(order.at("chall-C").octets() == chall_c_, "PReq: Chall-C");
  Check(order.Has("chall-M") && order.at("chall-M").octets() == chall_m_, "PReq: Chall-M");
  Check(order.at("brandID").text() == bargain_.brand, "PReq: BrandID");
  Check(order.at("bin").text() == card.pan.substr(0, 6), "PReq: BIN");
  const Octets hod_input = Encode("HODInput", HodInput(bargain_, order.at("odSalt").octets()));
  CheckDigest(order.at("hod"), Content::kHodInput, hod_input, "PReq: HOD");

  Value pi;
  if (signed_) {
    pi["piDualSigned"] = preq.at("pReqDualSigned.piDualSigned");
    // What a merchant can check without seeing PIData (set-processing.md, 5.4(2)).
    Value tbs;
    tbs["hPIData"] = Value::Der(link.at("t2").der());
    tbs["hOIData"] = DigestOf(Content::kOiData, order.der());
    const Octets tbs_der = Encode("PI-TBS", tbs);
    Verified(pi.at("piDualSigned.piSignature"), Content::kPiTbs, {market_.cardholder.certificate()},
             &tbs_der);
    Check(OrganizationOf(market_.cardholder.certificate()).substr(0, bargain_.brand.size()) ==
              bargain_.brand,
          "PReq: brand of the certificate");
  } else {
    pi["piUnsigned"] = preq.at("pReqUnsigned.piUnsigned");
  }
  const Instruction instruction =
      OpenPi(pi, market_.gateway_exchange, {market_.cardholder.certificate()});
  const Value& head = instruction.pi_head;
  Check(head.at("transIDs").der() == trans_ids_, "PIHead: TransIDs");
  CheckDigest(head.at("inputs.hod"), Content::kHodInput, hod_input, "PIHead: HOD");
  Check(Encode("CurrencyAmount", head.at("inputs.purchAmt")) ==
            Encode("CurrencyAmount", bargain_.purch_amt),
        "PIHead: PurchAmt");
  Check(head.at("merchantID").text() == market_.merchant_id, "PIHead: MerchantID");
  Check(head.at("transStain").octets() == HmacSha1(xid_, card.card_secret), "PIHead: TransStain");
  Check(head.at("swIdent").text() == message.header().at("swIdent").text(), "PIHead: SWIdent");
  Check(head.Has("installRecurData") == bargain_.has_install_recur, "PIHead: InstallRecurData");
  Check(instruction.oi_digest_dd == Encode("DD", DigestOf(Content::kOiData, order.der())),
        "PI-OILink: digest of OIData");
  Check(instruction.pan.at("pan").text() == card.pan, "PI: PAN");
  Check(instruction.pan.at("cardExpiry").text() == card.expiry, "PI: CardExpiry");
  Value data;
  data["piHead"] = Value::Der(head.der());
  data[signed_ ? "panData" : "panToken"] = Value::Der(instruction.pan_der);
  if (signed_) {
    Check(instruction.pan.at("panSecret").octets() == card.pan_secret, "PI: PANSecret");
    CheckDigest(link.at("t2"), Content::kPiData, Encode("PIData", data), "OIDualSigned");
  } else {
    CheckDigest(link.at("t2"), Content::kPiDataUnsigned, Encode("PIDataUnsigned", data),
                "OIUnsigned");
  }
}

Octets Merchant::Response(std::string_view alternative, const Octets& rrpid,
                          const Octets& challenge, int completion, std::optional<int> auth_code,
                          int ratio_numerator) {
  Value payload;
  payload["completionCode"] = completion;
  if (auth_code) {
    Value& status = payload["results.authStatus"];
    status["authDate"] = Date();
    status["authCode"] = *auth_code;
    status["authRatio"] = Ratio(ratio_numerator);
    if (completion == 5) {
      Value& captured = payload["results.capStatus"];
      captured["capDate"] = Date();
      captured["capCode"] = 0;
      captured["capRatio"] = Ratio(ratio_numerator);
    }
  }
  Value data;
  data["transIDs"] = Value::Der(trans_ids_);
  data["rrpid"] = rrpid;
  data["chall-C"] = challenge;
  data["pResPayloadSeq"].Add(std::move(payload));
  Signing signing;
  if (const auto lie = spoil.find("PRes"); lie != spoil.end()) signing.spoil = lie->second;
  return Wrap(MessageIds(Decode("TransIDs", trans_ids_)), rrpid, alternative,
              SignedData(signer(), Content::kPResData, Make("PResData", std::move(data)), signing));
}

Octets Merchant::PRes(int completion, std::optional<int> auth_code, int ratio_numerator) {
  return Response("purchaseResponse", preq_rrpid_, chall_c_, completion, auth_code,
                  ratio_numerator);
}

void Merchant::TakeInqReq(const Octets& octets) {
  const set::Message message = Expect(octets, "inquiryRequest", now_ms());
  const Value& request = message.body();
  // A PReq that was not judged here says nothing about it.
  if (preq_rrpid_.empty()) signed_ = request.alternative() == "inqReqSigned";
  Check((request.alternative() == "inqReqSigned") == signed_,
        "InqReq: signed if and only if the PReq was");
  const Value data =
      signed_ ? Decode("InqReqData", Verified(request.at("inqReqSigned"), Content::kInqReqData,
                                              {market_.cardholder.certificate()}))
              : request.at("inqReqUnsigned");
  inq_rrpid_ = data.at("rrpid").octets();
  chall_c2_ = data.at("chall-C2").octets();
  CheckHeader(message, data.at("transIDs"), inq_rrpid_);
  Check(data.at("transIDs.xid").octets() == xid_, "InqReq: XID");
  Check(inq_rrpid_ != preq_rrpid_, "InqReq: RRPID is not new");
  Check(chall_c2_ != chall_c_, "InqReq: Chall-C2 is not new");
}

Octets Merchant::InqRes(int completion, std::optional<int> auth_code) {
  return Response("inquiryResponse", inq_rrpid_, chall_c2_, completion, auth_code, 1);
}

Octets Merchant::Error(int code, const Octets& offending) {
  const set::Message message = Read(offending);
  Value tbs;
  tbs["errorCode"] = code;
  tbs["errorNonce"] = dice("error-nonce", 20);
  tbs["errorMsg.messageHeader"] = Value::Der(message.header().der());
  Value error;
  error["signedError"] =
      Value::Der(SignedData(signer(), Content::kErrorTbs, Make("ErrorTBS", std::move(tbs))));
  Value ids;
  if (message.header().Has("messageIDs")) ids = message.header().at("messageIDs");
  return Wrap(ids, message.header().at("rrpid").octets(), "error", Make("Error", std::move(error)));
}

}  // namespace conform::set
