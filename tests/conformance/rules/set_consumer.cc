// SET, consumer: what PInitReq and PReq hold, and what becomes of a PInitRes or PRes that is not
// as it should be.
#include <fmt/format.h>

#include <algorithm>

#include "payment.h"
#include "set/identities.h"
#include "set/parties.h"
#include "set/spoils.h"

namespace conform {
namespace {

using set::Value;

bool Contains(const Octets& octets, std::string_view text) {
  return std::search(octets.begin(), octets.end(), text.begin(), text.end()) != octets.end();
}

// --- what the consumer makes ---------------------------------------------------------------------

Value PInitReqOf(const ConsumerPayment& payment) { return set::Read(payment.pinitreq).body(); }

Value OiLinkOf(const ConsumerPayment& payment) {
  const Value body = set::Read(payment.preq).body();
  return body.alternative() == "pReqDualSigned" ? body.at("pReqDualSigned.oiDualSigned")
                                                : body.at("pReqUnsigned.oiUnsigned");
}

Value OiDataOf(const ConsumerPayment& payment) { return OiLinkOf(payment).at("t1"); }

set::Instruction PiOf(const ConsumerPayment& payment) {
  const Value body = set::Read(payment.preq).body();
  Value pi;
  if (body.alternative() == "pReqDualSigned") {
    pi["piDualSigned"] = body.at("pReqDualSigned.piDualSigned");
  } else {
    pi["piUnsigned"] = body.at("pReqUnsigned.piUnsigned");
  }
  return set::OpenPi(pi, payment.market.gateway_exchange,
                     {payment.market.cardholder.certificate()});
}

// Starts or orders without judging, so that one rule finds one fault.
void OrderUnjudged(ConsumerPayment& payment) {
  payment.Start();
  payment.preq =
      payment.context.Expect(payment.wallet, payment.ContinueNode(payment.pinitres)).Message();
}

struct Made {
  const char* id;
  const char* clause;
  const char* sentence;
  CardKind card;
  std::string (*fault)(ConsumerPayment&);  // after the PReq; empty if the rule holds
};

std::string Unless(bool holds, const char* fault) { return holds ? "" : fault; }

const Made kMade[] = {
    {"SET-2.1-pinitreq-header", "set-processing 2.1",
     "the header of PInitReq carries RRPID, LID-C, LID-M and the date of now", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       const set::Message message =
           set::Expect(payment.pinitreq, "purchaseInitRequest", payment.context.host().now_ms());
       const Value& header = message.header();
       return Unless(
           header.at("rrpid").octets() == message.body().at("rrpid").octets() &&
               header.at("messageIDs.lid-C").octets() == message.body().at("localID-C").octets() &&
               header.at("messageIDs.lid-M").octets() == set::FromHex(set::kLidMHex),
           "header and message differ");
     }},
    {"SET-4.1-brand", "RFC 3538, 8.4.1(c); D-67",
     "BrandID of PInitReq and OIData is the offer's ProtocolBrandId", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       return Unless(PInitReqOf(payment).at("brandID").text() == "VISA" &&
                         OiDataOf(payment).at("brandID").text() == "VISA",
                     "BrandID is another one");
     }},
    {"SET-4.1-bin", "set-processing 4.1", "BIN is the first six digits of the account number",
     CardKind::kCertified,
     [](ConsumerPayment& payment) {
       return Unless(PInitReqOf(payment).at("bin").text() == kPan.substr(0, 6) &&
                         OiDataOf(payment).at("bin").text() == kPan.substr(0, 6),
                     "BIN is another one");
     }},
    {"SET-4.1-lid-m", "set-processing 4.1; RFC 3538, 8.3.1",
     "LID-M of PInitReq is that of the Initiation", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       return Unless(PInitReqOf(payment).at("localID-M").octets() == set::FromHex(set::kLidMHex),
                     "LID-M is another one");
     }},
    {"SET-5.1-rrpid-new", "set-processing 5.1(2b)", "the PReq has an RRPID of its own",
     CardKind::kCertified,
     [](ConsumerPayment& payment) {
       return Unless(
           OiDataOf(payment).at("rrpid").octets() != PInitReqOf(payment).at("rrpid").octets(),
           "RRPID of the PInitReq was used again");
     }},
    {"SET-5.1-transids", "set-processing 5.1(2a)",
     "TransIDs of OIData and PIHead are those of PInitRes, octet for octet", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       const Value data = set::Decode(
           "PInitResData", set::Read(payment.pinitres).body().at("contentInfo.content").der());
       return Unless(OiDataOf(payment).at("transIDs").der() == data.at("transIDs").der() &&
                         PiOf(payment).pi_head.at("transIDs").der() == data.at("transIDs").der(),
                     "TransIDs differ");
     }},
    {"SET-5.1-challenges", "set-processing 5.1(2)",
     "OIData returns Chall-C of the PInitReq and Chall-M of the PInitRes", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       const Value data = set::Decode(
           "PInitResData", set::Read(payment.pinitres).body().at("contentInfo.content").der());
       const Value order = OiDataOf(payment);
       return Unless(order.at("chall-C").octets() == PInitReqOf(payment).at("chall-C").octets() &&
                         order.Has("chall-M") &&
                         order.at("chall-M").octets() == data.at("chall-M").octets(),
                     "a challenge differs");
     }},
    {"SET-8.4.1-hod", "RFC 3538, 8.4.1(e); set-processing 5.1(2d)",
     "HOD is the digest of the order hash, PurchAmt and ODSalt", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       const Value order = OiDataOf(payment);
       return set::DigestFault(
           order.at("hod"), set::Content::kHodInput,
           set::Encode("HODInput", set::HodInput(set::MakeBargain(payment.deal.terms),
                                                 order.at("odSalt").octets())));
     }},
    {"SET-5.1-pihead-hod", "set-processing 5.1(3)", "PIHead carries the HOD of OIData",
     CardKind::kCertified,
     [](ConsumerPayment& payment) {
       return Unless(
           PiOf(payment).pi_head.at("inputs.hod").der() == OiDataOf(payment).at("hod").der(),
           "HOD differs");
     }},
    {"SET-5.1-merchant-id", "set-processing 5.1(3)",
     "PIHead names the MerchantID of the merchant's certificate", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       return Unless(PiOf(payment).pi_head.at("merchantID").text() == kMerchantId,
                     "MerchantID differs");
     }},
    {"SET-5.1-transstain", "set-processing 1.1",
     "TransStain is the HMAC of XID under the CardSecret", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       return Unless(PiOf(payment).pi_head.at("transStain").octets() ==
                         set::HmacSha1(payment.merchant.xid(), payment.card.card_secret),
                     "TransStain differs");
     }},
    {"SET-5.1-transstain-zero", "set-processing 1.1",
     "without a certificate TransStain is made with a CardSecret of zeros", CardKind::kPlain,
     [](ConsumerPayment& payment) {
       return Unless(PiOf(payment).pi_head.at("transStain").octets() ==
                         set::HmacSha1(payment.merchant.xid(), Octets(20, 0)),
                     "TransStain differs");
     }},
    {"SET-5.2-dual-signature", "set-processing 5.2",
     "the cardholder's signature covers the digests of PIData and OIData", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       const Value link = OiLinkOf(payment);
       Value tbs;
       tbs["hPIData"] = Value::Der(link.at("t2").der());
       tbs["hOIData"] = set::DigestOf(set::Content::kOiData, link.at("t1").der());
       const Octets der = set::Encode("PI-TBS", tbs);
       set::Verified(set::Read(payment.preq).body().at("pReqDualSigned.piDualSigned.piSignature"),
                     set::Content::kPiTbs, {payment.market.cardholder.certificate()}, &der);
       return std::string();
     }},
    {"SET-5.2-link", "set-processing 5.2(3)",
     "PI-OILink carries the digest of the OIData that the merchant gets", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       return Unless(
           PiOf(payment).oi_digest_dd ==
               set::Encode("DD", set::DigestOf(set::Content::kOiData, OiDataOf(payment).der())),
           "the digest differs");
     }},
    {"SET-5.2-pandata", "set-processing 5.2(4), 3.3",
     "PANData is in the OAEP block: account number, expiry and PANSecret", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       const Value pan = PiOf(payment).pan;
       return Unless(pan.at("pan").text() == kPan && pan.at("cardExpiry").text() == kExpiry &&
                         pan.at("panSecret").octets() == payment.card.pan_secret,
                     "PANData differs");
     }},
    {"SET-5.2-certificates", "set-processing 3.1(6)",
     "PISignature brings the cardholder's chain without the root", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       const Value all = set::Read(payment.preq)
                             .body()
                             .at("pReqDualSigned.piDualSigned.piSignature.certificates");
       for (const Octets& wanted : payment.market.cardholder.chain) {
         bool there = false;
         for (std::size_t i = 0; i < all.size(); ++i) there |= all.at(i).der() == wanted;
         if (!there) return std::string("a certificate of the chain is missing");
       }
       return std::string();
     }},
    {"SET-5.3-unsigned", "set-processing 5.3",
     "a card without certificate pays with PReqUnsigned and EXH", CardKind::kPlain,
     [](ConsumerPayment& payment) {
       const set::Instruction pi = PiOf(payment);
       return Unless(!pi.dual_signed && pi.pan.at("pan").text() == kPlainPan,
                     "the PI is not that of an unsigned PReq");
     }},
    {"SET-5.3-oiunsigned", "set-processing 5.3",
     "OIUnsigned carries the digest of {PIHead, PANToken}", CardKind::kPlain,
     [](ConsumerPayment& payment) {
       const set::Instruction pi = PiOf(payment);
       Value data;
       data["piHead"] = Value::Der(pi.pi_head.der());
       data["panToken"] = Value::Der(pi.pan_der);
       return set::DigestFault(OiLinkOf(payment).at("t2"), set::Content::kPiDataUnsigned,
                               set::Encode("PIDataUnsigned", data));
     }},
    {"SET-3.3-pan-hidden", "set-processing 3.3",
     "the account number is nowhere in PInitReq or PReq in the clear", CardKind::kCertified,
     [](ConsumerPayment& payment) {
       return Unless(!Contains(payment.pinitreq, kPan) && !Contains(payment.preq, kPan) &&
                         !Contains(payment.preq, kPan.substr(6)),
                     "the account number is readable");
     }},
    {"SET-5.4-whole-preq", "set-processing 5.4 and 7.2",
     "merchant and gateway of the judge accept the PReq of a card with certificate",
     CardKind::kCertified,
     [](ConsumerPayment& payment) {
       payment.merchant.TakePReq(payment.preq, payment.card);
       return std::string();
     }},
    {"SET-5.4-whole-preq-unsigned", "set-processing 5.4 and 7.2",
     "merchant and gateway of the judge accept the PReq of a card without certificate",
     CardKind::kPlain,
     [](ConsumerPayment& payment) {
       payment.merchant.TakePReq(payment.preq, payment.card);
       return std::string();
     }},
};

// RFC 3538, 8.4.1(d): amounts as written.
constexpr std::pair<const char*, const char*> kAmounts[] = {
    {"USD", "129.50"}, {"USD", "129.5"}, {"USD", "7"}, {"JPY", "1000"}, {"USD", "007.10"},
};

void CheckAmounts(Context& context) {
  opb_wallet wallet = 0;
  int number = 0;
  for (const auto& row : kAmounts) {
    const char* currency = row.first;
    const char* amount = row.second;
    Terms terms;
    terms.curr_code = currency;
    terms.amount = amount;
    ConsumerPayment payment(context, CardKind::kCertified, terms, fmt::format("{}", ++number),
                            wallet);
    wallet = payment.wallet;
    OrderUnjudged(payment);
    Judged(fmt::format("{} {}", currency, amount), [&] {
      const Value got = PiOf(payment).pi_head.at("inputs.purchAmt");
      if (got.der() != set::Encode("CurrencyAmount", set::PurchAmt(currency, amount))) {
        throw set::Malformed("PurchAmt differs");
      }
    });
  }
}

// What the merchant and the consumer have agreed on beside the amount.
void CheckInstallRecur(Context& context, const char* initiation) {
  Terms terms;
  terms.initiation = initiation;
  ConsumerPayment payment(context, CardKind::kCertified, terms);
  OrderUnjudged(payment);
  Judged("PReq", [&] {
    const set::Bargain bargain = set::MakeBargain(terms);
    const Value head = PiOf(payment).pi_head;
    if (!set::CarriesInstallRecur(head, bargain)) {
      throw set::Malformed("InstallRecurData of PIHead");
    }
    const Value order = OiDataOf(payment);
    const std::string fault = set::DigestFault(
        order.at("hod"), set::Content::kHodInput,
        set::Encode("HODInput", set::HodInput(bargain, order.at("odSalt").octets())));
    if (!fault.empty()) throw set::Malformed("HOD: " + fault);
  });
}

void CheckFresh(Context& context) {
  ConsumerPayment one(context);
  OrderUnjudged(one);
  ConsumerPayment two(context, CardKind::kCertified, {}, "2", one.wallet);
  OrderUnjudged(two);
  const Value a = PInitReqOf(one);
  const Value b = PInitReqOf(two);
  for (const char* field : {"rrpid", "chall-C", "localID-C"}) {
    Require(a.at(field).octets() != b.at(field).octets(), fmt::format("{} is not new", field));
  }
  Require(OiDataOf(one).at("odSalt").octets() != OiDataOf(two).at("odSalt").octets(),
          "ODSalt is not new");
  Require(PiOf(one).pan.at("exNonce").octets() != PiOf(two).pan.at("exNonce").octets(),
          "EXNonce is not new");
}

// --- what the consumer refuses -------------------------------------------------------------------

// One lie in a PInitRes, and the SET Error that answers it.
struct Lie {
  const char* id;
  const char* clause;
  const char* sentence;
  int code;
  void (*tell)(ConsumerPayment&);  // before the PInitRes is made
};

void SetDate(ConsumerPayment& payment, std::int64_t seconds) {
  set::Party clock = payment.merchant;
  Context& context = payment.context;
  clock.now_ms = [&context, seconds] { return context.host().now_ms() + seconds * 1000; };
  const std::string date = clock.Date();
  payment.merchant.spoil["MessageHeader"] = [date](Value& header) { header["date"] = date; };
}

const Lie kLies[] = {
    {"SET-4.3-signature", "set-processing 4.3(2); 2.2(5)",
     "a PInitRes whose signature has one bit changed: Error signatureFailure",
     set::kSignatureFailure,
     [](ConsumerPayment& payment) { payment.merchant.spoil["PInitRes"] = set::FlipSignature; }},
    {"SET-4.3-untrusted", "set-processing 2.2(5); D-31",
     "a PInitRes signed under a root that nobody trusts: Error invalidCertificate",
     set::kInvalidCertificate,
     [](ConsumerPayment& payment) {
       payment.merchant.SignAs(
           set::ReadIdentity(payment.context.setting().kit.pki(), "other-merchant-sign"));
     }},
    {"SET-4.3-expired", "set-processing 2.2(5); D-31",
     "a PInitRes signed with an expired certificate: Error expiredCertificate",
     set::kExpiredCertificate,
     [](ConsumerPayment& payment) {
       set::Order order = set::MerchantOrder();
       order.not_after = "250601000000Z";
       payment.merchant.SignAs(set::IssueUnder(payment.context.setting().kit.pki(), "mca", order,
                                               payment.market.merchant_sign.key));
     }},
    {"SET-4.3-wrong-holder", "D-31",
     "a PInitRes signed with a cardholder certificate: Error invalidCertificate",
     set::kInvalidCertificate,
     [](ConsumerPayment& payment) { payment.merchant.SignAs(payment.market.cardholder); }},
    {"SET-4.3-wrong-usage", "D-31",
     "a PInitRes signed with a key-exchange certificate: Error invalidCertificate",
     set::kInvalidCertificate,
     [](ConsumerPayment& payment) { payment.merchant.SignAs(payment.market.merchant_exchange); }},
    {"SET-4.3-missing-certificate", "D-31",
     "a PInitRes without its signer's certificate: Error missingCertificate",
     set::kMissingCertificate,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["PInitRes"] = [](Value& data) { data.Remove("certificates"); };
     }},
    {"SET-4.3-rrpid", "set-processing 4.3(4)",
     "a PInitRes for an RRPID that was never sent: Error unknownRRPID", set::kUnknownRrpid,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["PInitResData"] = [](Value& data) { data["rrpid"] = Octets(20, 9); };
       payment.merchant.spoil["MessageHeader"] = [](Value& header) {
         header["rrpid"] = Octets(20, 9);
       };
     }},
    {"SET-4.3-challenge", "set-processing 4.3(5)",
     "a PInitRes with another Chall-C: Error challengeMismatch", set::kChallengeMismatch,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["PInitResData"] = [](Value& data) {
         data["chall-C"] = Octets(20, 9);
       };
     }},
    {"SET-4.3-lid-c", "set-processing 4.3(3)", "a PInitRes with another LID-C: Error unknownLID",
     set::kUnknownLid,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["TransIDs"] = [](Value& ids) { ids["lid-C"] = Octets(8, 9); };
     }},
    {"SET-4.3-lid-m", "set-processing 4.3(3)", "a PInitRes with another LID-M: Error unknownLID",
     set::kUnknownLid,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["TransIDs"] = [](Value& ids) { ids["lid-M"] = Octets(8, 9); };
     }},
    {"SET-4.3-thumbs", "set-processing 4.3(11)",
     "a PInitRes that returns other thumbs than were sent: Error thumbsMismatch",
     set::kThumbsMismatch,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["PInitResData"] = [](Value& data) {
         Value thumbs;
         thumbs["digestAlgorithm"] = set::Sha1Algorithm();
         thumbs["certThumbs"].Add(Octets(20, 3));
         data["thumbs"] = thumbs;
       };
     }},
    {"SET-2.2-header-rrpid", "set-processing 2.2(6)",
     "a header whose RRPID is not that of the message: Error wrapperMsgMismatch",
     set::kWrapperMsgMismatch,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["MessageHeader"] = [](Value& header) {
         header["rrpid"] = Octets(20, 9);
       };
     }},
    {"SET-2.2-header-xid", "set-processing 2.2(6)",
     "a header whose XID is not that of the message: Error wrapperMsgMismatch",
     set::kWrapperMsgMismatch,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["MessageHeader"] = [](Value& header) {
         header["messageIDs.xID"] = Octets(20, 9);
       };
     }},
    {"SET-2.2-version-new", "set-processing 2.2(2)", "version 2: Error versionTooNew",
     set::kVersionTooNew,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["MessageHeader"] = [](Value& header) { header["version"] = 2; };
     }},
    {"SET-2.2-version-old", "set-processing 2.2(2)", "version 0: Error versionTooOld",
     set::kVersionTooOld,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["MessageHeader"] = [](Value& header) { header["version"] = 0; };
     }},
    {"SET-2.2-revision", "D-19", "revision 1: Error versionTooNew", set::kVersionTooNew,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["MessageHeader"] = [](Value& header) { header["revision"] = 1; };
     }},
    {"SET-2.2-too-old", "set-processing 2.2(2); D-29", "a date 86401 s ago: Error messageTooOld",
     set::kMessageTooOld, [](ConsumerPayment& payment) { SetDate(payment, -86401); }},
    {"SET-2.2-too-new", "set-processing 2.2(2); D-29", "a date 86401 s ahead: Error messageTooNew",
     set::kMessageTooNew, [](ConsumerPayment& payment) { SetDate(payment, 86401); }},
    {"SET-2.2-extension", "set-processing 2.2(4)",
     "a critical extension that nobody knows: Error unrecognizedExtension",
     set::kUnrecognizedExtension,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["PInitResData"] = [](Value& data) {
         data["piRsExtensions"] = set::UnknownExtension(true);
       };
     }},
    {"SET-3.1-unauthenticated", "D-6",
     "a SignedData with unauthenticatedAttributes: Error signatureFailure", set::kSignatureFailure,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["PInitRes"] = [](Value& data) {
         Value info = data.at("signerInfos").at(0);
         Value attribute;
         attribute["type"] = set::Oid({1, 2, 3});
         attribute["values"].Add(Value::Der({0x05, 0x00}));
         info["unauthenticatedAttributes"].Add(std::move(attribute));
         data.Remove("signerInfos");
         data["signerInfos"].Add(info);
       };
     }},
    {"SET-3.1-two-signers", "D-6", "a SignedData with two SignerInfos: Error signatureFailure",
     set::kSignatureFailure,
     [](ConsumerPayment& payment) {
       payment.merchant.spoil["PInitRes"] = [](Value& data) {
         const Value info = data.at("signerInfos").at(0);
         data["signerInfos"].Add(info);
       };
     }},
};

void CheckLie(Context& context, const Lie& lie) {
  ConsumerPayment payment(context);
  lie.tell(payment);
  payment.Start();
  ExpectSetError(payment, payment.Continue(payment.pinitres), lie.code);
}

void CheckAccepted(Context& context, void (*tell)(ConsumerPayment&)) {
  ConsumerPayment payment(context);
  tell(payment);
  payment.Start();
  const Answer answer = payment.Continue(payment.pinitres);
  Require(answer.call().Get("ContStatus") == "Continue", "answered by " + answer.Summary());
}

void CheckNoDer(Context& context, void (*spoil)(Octets&)) {
  ConsumerPayment payment(context);
  payment.Start();
  spoil(payment.pinitres);
  const auto error =
      ExpectSetError(payment, payment.Continue(payment.pinitres), set::kDecodingFailure);
  Require(error.bad_wrapper, "errorMsg is not badWrapper (D-27)");
}

void CheckOtherBrand(Context& context) {
  ConsumerPayment payment(context);
  payment.merchant.SignAs(set::IssueUnderBrand(context.setting().kit.pki(), "MasterCard",
                                               set::Holder::kMca, set::MerchantOrder(),
                                               payment.market.merchant_sign.key));
  payment.Start();
  ExpectNoMessage(payment.Continue(payment.pinitres), "EncapProtErr");
  payment.ExpectState("ProcessError");
}

// A lie in the PRes.
void CheckPRes(Context& context, const char* type, void (*lie)(Value&), int code) {
  ConsumerPayment payment(context);
  payment.Order();
  payment.merchant.spoil[type] = lie;
  ExpectSetError(payment, payment.SendPRes(), code);
}

struct Single {
  const char* id;
  const char* clause;
  const char* sentence;
  void (*check)(Context&);
};

const Single kSingles[] = {
    {"SET-5.1-instalments", "set-processing 5.1(2d) and (3); RFC 3538, 8.3.1",
     "with SET-InstallTotalTrans, PIHead and HOD carry that InstallRecurData",
     [](Context& context) { CheckInstallRecur(context, "SET-InstallTotalTrans: 6"); }},
    {"SET-5.1-recurring", "set-processing 5.1(2d) and (3); RFC 3538, 8.3.1",
     "with SET-Recurring, PIHead and HOD carry that InstallRecurData",
     [](Context& context) { CheckInstallRecur(context, "SET-Recurring: 31 20391231"); }},
    {"SET-5.6-captured", "set-processing 5.5 and 5.6; RFC 3538, 8.12",
     "a PRes that says capturePerformed ends the exchange at 100 percent and makes CompletedOk",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Order();
       const Answer answer = payment.SendPRes(5, 0);
       Require(answer.call().Get("ContStatus") == "End", "answered by " + answer.Summary());
       const std::string percent = payment.Inquire().call().Get("PercentComplete");
       Require(percent == "100", "PercentComplete is " + percent);
       const std::string state = payment.Change("CompletedOk");
       Require(state == "CompletedOk", "ProcessState is " + state);
     }},
    {"SET-8.4.1-purchamt", "RFC 3538, 8.4.1(d)",
     "PurchAmt has the decimals of the Amount as written", CheckAmounts},
    {"SET-1-fresh", "set-processing 1 and 1.1",
     "RRPID, Chall-C, LID-C, ODSalt and EXNonce are new in every payment", CheckFresh},
    {"SET-2.2-not-der", "set-processing 2.2(1); D-27",
     "octets behind the DER of a PInitRes: Error decodingFailure with badWrapper",
     [](Context& context) { CheckNoDer(context, [](Octets& octets) { octets.push_back(0); }); }},
    {"SET-2.2-truncated", "set-processing 2.2(1); D-27",
     "a PInitRes that ends early: Error decodingFailure with badWrapper",
     [](Context& context) {
       CheckNoDer(context, [](Octets& octets) { octets.resize(octets.size() - 7); });
     }},
    {"SET-2.2-extension-skipped", "set-processing 2.2(4)",
     "an extension that is not critical is skipped",
     [](Context& context) {
       CheckAccepted(context, [](ConsumerPayment& payment) {
         payment.merchant.spoil["PInitResData"] = [](Value& data) {
           data["piRsExtensions"] = set::UnknownExtension(false);
         };
       });
     }},
    {"SET-2.2-date-bound", "D-29", "a date 86400 s ago is accepted",
     [](Context& context) {
       CheckAccepted(context, [](ConsumerPayment& payment) { SetDate(payment, -86400); });
     }},
    {"SET-11-certificate-order", "D-24",
     "the order of the certificates in a SignedData does not matter",
     [](Context& context) {
       CheckAccepted(context, [](ConsumerPayment& payment) {
         payment.merchant.spoil["PInitRes"] = [](Value& data) {
           const Value all = data.at("certificates");
           data.Remove("certificates");
           for (std::size_t i = all.size(); i-- > 0;) {
             data["certificates"].Add(Value::Der(all.at(i).der()));
           }
         };
       });
     }},
    {"SET-4.3-brand", "set-processing 4.3(10); D-36",
     "a merchant certificate of another brand: EncapProtErr without a message, ProcessError",
     CheckOtherBrand},
    {"SET-5.6-signature", "set-processing 5.6",
     "a PRes whose signature has one bit changed: Error signatureFailure",
     [](Context& context) {
       CheckPRes(context, "PRes", set::FlipSignature, set::kSignatureFailure);
     }},
    {"SET-5.6-challenge", "set-processing 5.6",
     "a PRes with another Chall-C: Error challengeMismatch",
     [](Context& context) {
       CheckPRes(
           context, "PResData", [](Value& data) { data["chall-C"] = Octets(20, 9); },
           set::kChallengeMismatch);
     }},
    {"SET-5.6-rrpid", "set-processing 5.6",
     "a PRes whose RRPID is not that of the header: Error wrapperMsgMismatch",
     [](Context& context) {
       CheckPRes(
           context, "PResData", [](Value& data) { data["rrpid"] = Octets(20, 9); },
           set::kWrapperMsgMismatch);
     }},
};

}  // namespace

void AddSetConsumerRules(Rules& rules) {
  for (const Made& made : kMade) {
    rules.push_back({made.id, made.clause, made.sentence, Level::kMust, [&made](Context& context) {
                       ConsumerPayment payment(context, made.card);
                       OrderUnjudged(payment);
                       const std::string fault =
                           Judged(made.id, [&] { return made.fault(payment); });
                       Require(fault.empty(), fault);
                     }});
  }
  for (const Lie& lie : kLies) {
    rules.push_back({lie.id, lie.clause, lie.sentence, Level::kMust,
                     [&lie](Context& context) { CheckLie(context, lie); }});
  }
  for (const Single& single : kSingles) {
    rules.push_back({single.id, single.clause, single.sentence, Level::kMust, single.check});
  }
}

}  // namespace conform
