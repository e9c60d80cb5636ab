#include "set/cardholder.h"

namespace conform::set {
namespace {

void Check(bool holds, const char* what) {
  if (!holds) throw Malformed(what);
}

}  // namespace

Value HodInput(const Bargain& bargain, const Octets& od_salt) {
  Value input;
  input["od"] = bargain.od;
  input["purchAmt"] = bargain.purch_amt;
  input["odSalt"] = od_salt;
  if (bargain.has_install_recur) input["installRecurData"] = bargain.install_recur;
  return input;
}

Octets Cardholder::PInitReq() {
  rrpid_ = dice("pinit-rrpid", 20);
  lid_c_ = dice("lid-c", 8);
  chall_c_ = dice("chall-c", 20);
  Value request;
  request["rrpid"] = rrpid_;
  request["language"] = language;
  request["localID-C"] = lid_c_;
  if (!bargain_.lid_m.empty()) request["localID-M"] = bargain_.lid_m;
  request["chall-C"] = chall_c_;
  request["brandID"] = bargain_.brand;
  request["bin"] = card_.pan.substr(0, 6);
  Value ids;
  ids["lid-C"] = lid_c_;
  if (!bargain_.lid_m.empty()) ids["lid-M"] = bargain_.lid_m;
  return Wrap(ids, rrpid_, "purchaseInitRequest", Make("PInitReq", std::move(request)));
}

void Cardholder::TakePInitRes(const Octets& octets) {
  const set::Message message = Expect(octets, "purchaseInitResponse", now_ms());
  const Octets der =
      Verified(message.body(), Content::kPInitResData, {market_.merchant_sign.certificate()});
  const Value data = Decode("PInitResData", der);
  const Value& ids = data.at("transIDs");
  CheckHeader(message, ids, rrpid_);
  Check(ids.at("lid-C").octets() == lid_c_, "PInitRes: LID-C");
  if (!bargain_.lid_m.empty()) {
    Check(ids.Has("lid-M") && ids.at("lid-M").octets() == bargain_.lid_m, "PInitRes: LID-M");
  }
  Check(ids.at("language").text() == language, "PInitRes: language");
  Check(data.at("rrpid").octets() == rrpid_, "PInitRes: RRPID");
  Check(data.at("chall-C").octets() == chall_c_, "PInitRes: Chall-C");
  Check(data.at("peThumb.thumbprint").octets() == ThumbOf(market_.gateway_exchange.certificate()),
        "PInitRes: PEThumb");
  bool has_cert_pe = false;
  const Value& certificates = message.body().at("certificates");
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    has_cert_pe |= certificates.at(i).der() == market_.gateway_exchange.certificate();
  }
  Check(has_cert_pe, "PInitRes: Cert-PE is not among the certificates");
  trans_ids_ = ids;
  chall_m_ = data.at("chall-M").octets();
}

Octets Cardholder::PiHead(const Octets& hod_input) {
  Value head;
  head["transIDs"] = Value::Der(trans_ids_.der());
  head["inputs.hod"] = DigestOf(Content::kHodInput, hod_input);
  head["inputs.purchAmt"] = bargain_.purch_amt;
  head["merchantID"] = market_.merchant_id;
  if (bargain_.has_install_recur) head["installRecurData"] = bargain_.install_recur;
  head["transStain"] = HmacSha1(trans_ids_.at("xid").octets(), card_.card_secret);
  head["swIdent"] = sw_ident;
  const Octets iv = dice("back-iv", 8);
  Value& back_key = head["acqBackKeyData"];
  back_key["backAlgID.algorithm"] = Oid({1, 3, 14, 3, 2, 7});
  back_key["backAlgID.parameters"] = Value::Der(Concat({Octets{0x04, 0x08}, iv}));
  back_key["backKey"] = WithOddParity(dice("back-key", 8));
  return Make("PIHead", std::move(head));
}

Octets Cardholder::PReq() {
  if (trans_ids_.size() == 0) {  // set-processing.md, 5.1(2a): no PInit
    Value ids;
    ids["lid-C"] = dice("lid-c", 8);
    if (!bargain_.lid_m.empty()) ids["lid-M"] = bargain_.lid_m;
    ids["xid"] = dice("xid", 20);
    ids["pReqDate"] = Date();
    ids["language"] = language;
    trans_ids_ = Decode("TransIDs", Make("TransIDs", std::move(ids)));
    chall_c_ = dice("chall-c", 20);
  }
  preq_rrpid_ = dice("preq-rrpid", 20);
  od_salt_ = dice("od-salt", 20);
  const Octets hod_input = Make("HODInput", HodInput(bargain_, od_salt_));
  Value order;
  order["transIDs"] = Value::Der(trans_ids_.der());
  order["rrpid"] = preq_rrpid_;
  order["chall-C"] = chall_c_;
  order["hod"] = DigestOf(Content::kHodInput, hod_input);
  order["odSalt"] = od_salt_;
  if (!chall_m_.empty()) order["chall-M"] = chall_m_;
  order["brandID"] = bargain_.brand;
  order["bin"] = card_.pan.substr(0, 6);
  const Octets oi_data = Make("OIData", std::move(order));
  const Octets pi_head = PiHead(hod_input);

  Value pan;
  pan["pan"] = card_.pan;
  pan["cardExpiry"] = card_.expiry;
  if (card_.certified) pan["panSecret"] = card_.pan_secret;
  pan["exNonce"] = dice("ex-nonce", 20);
  const char* pan_type = card_.certified ? "PANData" : "PANToken";
  const Content pan_content = card_.certified ? Content::kPanData : Content::kPanToken;
  const Octets pan_der = Make(pan_type, std::move(pan));

  Value pi_data;
  pi_data["piHead"] = Value::Der(pi_head);
  pi_data[card_.certified ? "panData" : "panToken"] = Value::Der(pan_der);
  const Octets pi_data_der =
      Make(card_.certified ? "PIData" : "PIDataUnsigned", std::move(pi_data));

  Value link;
  link["t1"] = Value::Der(pi_head);
  link["t2"] = DigestOf(Content::kOiData, oi_data);
  Value envelope;
  envelope["t1"] = Value::Der(Make("PI-OILink", std::move(link)));
  envelope["t2"] = DigestOf(pan_content, pan_der);
  Envelope how;
  how.content = card_.certified ? Content::kPiDualSignedTbe : Content::kPiUnsignedTbe;
  how.bc = card_.certified ? kBlockExPanData : kBlockExhPanToken;
  how.x = pan_der;
  if (const auto lie = spoil.find("exPIData"); lie != spoil.end()) how.spoil = lie->second;
  const Octets enveloped =
      EnvelopedData(market_.gateway_exchange.certificate(), Make("PIEnvelope", std::move(envelope)),
                    DrawEnvelope(dice, "pi"), how);

  Value oi_link;
  oi_link["t1"] = Value::Der(oi_data);
  Value preq;
  if (card_.certified) {
    Value tbs;
    tbs["hPIData"] = DigestOf(Content::kPiData, pi_data_der);
    tbs["hOIData"] = DigestOf(Content::kOiData, oi_data);
    Signing so;
    so.content_absent = true;
    if (const auto lie = spoil.find("PISignature"); lie != spoil.end()) so.spoil = lie->second;
    Value pi;
    pi["piSignature"] = Value::Der(
        SignedData(market_.cardholder, Content::kPiTbs, Make("PI-TBS", std::move(tbs)), so));
    pi["exPIData"] = Value::Der(enveloped);
    oi_link["t2"] = DigestOf(Content::kPiData, pi_data_der);
    preq["pReqDualSigned.piDualSigned"] = std::move(pi);
    preq["pReqDualSigned.oiDualSigned"] = Value::Der(Make("OILink", std::move(oi_link)));
  } else {
    oi_link["t2"] = DigestOf(Content::kPiDataUnsigned, pi_data_der);
    preq["pReqUnsigned.piUnsigned"] = Value::Der(enveloped);
    preq["pReqUnsigned.oiUnsigned"] = Value::Der(Make("OILink", std::move(oi_link)));
  }
  return Wrap(MessageIds(trans_ids_), preq_rrpid_, "purchaseRequest",
              Make("PReq", std::move(preq)));
}

Outcome Cardholder::TakePRes(const Octets& octets) {
  return TakeResponse(octets, "purchaseResponse", preq_rrpid_, chall_c_);
}

Octets Cardholder::InqReq() {
  inq_rrpid_ = dice("inq-rrpid", 20);
  chall_c2_ = dice("chall-c2", 20);
  Value data;
  data["transIDs"] = Value::Der(trans_ids_.der());
  data["rrpid"] = inq_rrpid_;
  data["chall-C2"] = chall_c2_;
  const Octets der = Make("InqReqData", std::move(data));
  Value request;
  if (card_.certified) {
    request["inqReqSigned"] = Value::Der(SignedData(market_.cardholder, Content::kInqReqData, der));
  } else {
    request["inqReqUnsigned"] = Value::Der(der);
  }
  return Wrap(MessageIds(trans_ids_), inq_rrpid_, "inquiryRequest",
              Make("InqReq", std::move(request)));
}

Outcome Cardholder::TakeInqRes(const Octets& octets) {
  return TakeResponse(octets, "inquiryResponse", inq_rrpid_, chall_c2_);
}

Outcome Cardholder::TakeResponse(const Octets& octets, std::string_view alternative,
                                 const Octets& rrpid, const Octets& challenge) {
  const set::Message message = Expect(octets, alternative, now_ms());
  const Octets der =
      Verified(message.body(), Content::kPResData, {market_.merchant_sign.certificate()});
  Outcome outcome;
  outcome.data = Decode("PResData", der);
  const Value& data = outcome.data;
  CheckHeader(message, data.at("transIDs"), rrpid);
  Check(data.at("transIDs.lid-C").octets() == trans_ids_.at("lid-C").octets(), "PRes: LID-C");
  Check(data.at("transIDs.xid").octets() == trans_ids_.at("xid").octets(), "PRes: XID");
  Check(data.at("rrpid").octets() == rrpid, "PRes: RRPID");
  Check(data.at("chall-C").octets() == challenge, "PRes: Chall-C");
  Check(data.at("pResPayloadSeq").size() >= 1, "PRes: no payload");
  const Value& payload = data.at("pResPayloadSeq").at(0);
  outcome.completion = static_cast<int>(payload.at("completionCode").number());
  if (payload.Has("results.authStatus")) {
    outcome.auth_code = static_cast<int>(payload.at("results.authStatus.authCode").number());
    outcome.auth_ratio = payload.at("results.authStatus.authRatio").octets();
  }
  if (payload.Has("results.capStatus")) {
    outcome.cap_code = static_cast<int>(payload.at("results.capStatus.capCode").number());
  }
  return outcome;
}

}  // namespace conform::set
