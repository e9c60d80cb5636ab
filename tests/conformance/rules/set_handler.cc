// SET, payment handler: what PInitRes, AuthReq and PRes hold, what becomes of a PInitReq or PReq
// that is not as it should be, and what is no outcome of an authorization.
#include <fmt/format.h>

#include "payment.h"
#include "set/identities.h"
#include "set/parties.h"
#include "set/spoils.h"

namespace conform {
namespace {

using set::Manner;
using set::Value;

struct Single {
  const char* id;
  const char* clause;
  const char* sentence;
  void (*check)(Context&);
};

std::filesystem::path Pki(const Payment& payment) { return payment.context.setting().kit.pki(); }

Value PInitResDataOf(const HandlerPayment& payment) {
  return set::Decode("PInitResData",
                     set::Read(payment.pinitres).body().at("contentInfo.content").der());
}

// Starts without judging, so that one rule finds one fault.
void StartUnjudged(HandlerPayment& payment) {
  payment.pinitreq = payment.cardholder.PInitReq();
  payment.pinitres = payment.context.Expect(payment.wallet, payment.StartNode()).Message();
}

void CheckPInitRes(Context& context, bool (*holds)(const HandlerPayment&, const Value&)) {
  HandlerPayment payment(context);
  StartUnjudged(payment);
  Judged("PInitRes", [&] {
    if (!holds(payment, PInitResDataOf(payment))) throw set::Malformed("not as it must be");
  });
}

void CheckAuthReq(Context& context, CardKind card,
                  bool (*holds)(const HandlerPayment&, const set::Authorization&)) {
  HandlerPayment payment(context, card);
  payment.gateway();
  payment.MakePReq();
  payment.SendPReq();
  Judged("AuthReq", [&] {
    if (!holds(payment, payment.gateway().last())) throw set::Malformed("not as it must be");
  });
}

// Terms with an agreement on instalments or recurring payments.
void CheckInstallRecur(Context& context, const char* initiation) {
  Terms terms;
  terms.initiation = initiation;
  HandlerPayment payment(context, CardKind::kCertified, terms);
  payment.Pay();
  Judged("AuthReq", [&] {
    const set::Authorization authorization = payment.gateway().last();
    if (!set::CarriesInstallRecur(authorization.data.at("authReqItem.authReqPayload"),
                                  set::MakeBargain(terms))) {
      throw set::Malformed("InstallRecurData of AuthReqPayload");
    }
  });
}

// SaleDetail with the MerOrderNum "ABCD", in DER.
constexpr const char* kSaleDetail = "MAaDBEFCQ0Q=";

// A payment of this kind of wallet, and the AuthReq that it sends.
void CheckSale(Context& context, const WalletKind& kind, const char* sale_detail,
               bool (*holds)(const set::Authorization&)) {
  HandlerPayment payment(context, CardKind::kCertified, {}, "1", context.Open(kind));
  payment.deal.sale_detail = sale_detail;
  payment.gateway();
  payment.MakePReq();
  payment.SendPReq();
  Judged("AuthReq", [&] {
    if (!holds(payment.gateway().last())) throw set::Malformed("not as it must be");
  });
}

void CheckCaptured(Context& context) {
  HandlerPayment payment(context, CardKind::kCertified, {}, "1", context.Open(kSellingHandler));
  payment.gateway();
  payment.MakePReq();
  payment.SendPReq();
  const set::Outcome outcome =
      Judged("PRes", [&] { return payment.cardholder.TakePRes(payment.pres); });
  Require(outcome.completion == 5, "CompletionCode is not capturePerformed");
  Require(outcome.auth_code == 0 && outcome.cap_code == 0, "AuthStatus or CapStatus");
  payment.ExpectState("CompletedOk");
}

void CheckDistinct(Context& context) {
  HandlerPayment one(context);
  one.Start();
  HandlerPayment two(context, CardKind::kCertified, {}, "2", one.wallet);
  two.Start();
  const Value a = PInitResDataOf(one);
  const Value b = PInitResDataOf(two);
  Require(a.at("transIDs.xid").octets() != b.at("transIDs.xid").octets(), "XID is not new");
  Require(a.at("chall-M").octets() != b.at("chall-M").octets(), "Chall-M is not new");
}

void CheckRefusal(Context& context, Manner manner, int code, const char* name) {
  HandlerPayment payment(context);
  payment.gateway().Always(manner);
  payment.MakePReq();
  const Answer answer = payment.SendPReq();
  Require(answer.code() == "BusError", "answered by " + answer.Summary());
  const set::Outcome outcome =
      Judged("PRes", [&] { return payment.cardholder.TakePRes(payment.pres); });
  Require(outcome.completion == 4 && outcome.auth_code == code, "PRes does not say so");
  payment.ExpectState("Failed");
  const std::string text = payment.Inquire().call().Get("StatusDesc");
  Require(text.find(name) != std::string::npos, "StatusDesc does not name " + std::string(name));
}

const Single kMade[] = {
    {"SET-4.2-whole-pinitres", "set-processing 4.2 and 4.3",
     "the judge's cardholder accepts the PInitRes",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.Start();
     }},
    {"SET-4.2-copied", "set-processing 4.2(3)",
     "PInitRes returns RRPID, Chall-C, LID-C and language of the PInitReq",
     [](Context& context) {
       CheckPInitRes(context, [](const HandlerPayment& payment, const Value& data) {
         const Value request = set::Read(payment.pinitreq).body();
         return data.at("rrpid").octets() == request.at("rrpid").octets() &&
                data.at("chall-C").octets() == request.at("chall-C").octets() &&
                data.at("transIDs.lid-C").octets() == request.at("localID-C").octets() &&
                data.at("transIDs.language").octets() == request.at("language").octets();
       });
     }},
    {"SET-4.2-lid-m", "D-68", "PInitRes carries the LID-M of the Initiation",
     [](Context& context) {
       CheckPInitRes(context, [](const HandlerPayment&, const Value& data) {
         return data.at("transIDs.lid-M").octets() == set::FromHex(set::kLidMHex);
       });
     }},
    {"SET-4.2-date", "set-processing 4.2(2)", "PReqDate is the time of the host's clock",
     [](Context& context) {
       CheckPInitRes(context, [](const HandlerPayment& payment, const Value& data) {
         return data.at("transIDs.pReqDate").text() == payment.cardholder.Date();
       });
     }},
    {"SET-4.2-cert-pe", "set-processing 4.2(4) and (6)",
     "PEThumb is the thumb of Cert-PE, which comes along",
     [](Context& context) {
       CheckPInitRes(context, [](const HandlerPayment& payment, const Value& data) {
         const Octets& wanted = payment.market.gateway_exchange.certificate();
         const Value all = set::Read(payment.pinitres).body().at("certificates");
         bool there = false;
         for (std::size_t i = 0; i < all.size(); ++i) there |= all.at(i).der() == wanted;
         return there && data.at("peThumb.thumbprint").octets() == set::ThumbOf(wanted);
       });
     }},
    {"SET-4.2-signed", "set-processing 4.2(6) and 3.1",
     "PInitRes is signed with the merchant's signature certificate, contentType first",
     [](Context& context) {
       CheckPInitRes(context, [](const HandlerPayment& payment, const Value&) {
         set::Verified(set::Read(payment.pinitres).body(), set::Content::kPInitResData,
                       {payment.market.merchant_sign.certificate()});
         return true;
       });
     }},
    {"SET-4.2-fresh", "set-processing 4.2(2) and (3)", "XID and Chall-M are new in every payment",
     CheckDistinct},
    {"SET-7.1-whole-authreq", "set-processing 7.1 and 7.2",
     "the judge's gateway accepts the AuthReq of a dual signed PReq",
     [](Context& context) { HandlerPayment(context).Pay(); }},
    {"SET-7.1-whole-authreq-unsigned", "set-processing 7.1 and 7.2",
     "the judge's gateway accepts the AuthReq of an unsigned PReq",
     [](Context& context) { HandlerPayment(context, CardKind::kPlain).Pay(); }},
    {"SET-7.1-pi", "set-processing 7.1 and 13",
     "the PI goes to the gateway byte for byte as it came in the PReq",
     [](Context& context) {
       CheckAuthReq(
           context, CardKind::kCertified,
           [](const HandlerPayment& payment, const set::Authorization& authorization) {
             return set::Read(payment.preq).body().at("pReqDualSigned.piDualSigned").der() ==
                    set::Read(authorization.octets).body().at("baggage.piDualSigned").der();
           });
     }},
    {"SET-7.1-rrpid", "set-processing 7.1", "AuthReq has an RRPID of its own",
     [](Context& context) {
       CheckAuthReq(context, CardKind::kCertified,
                    [](const HandlerPayment& payment, const set::Authorization& authorization) {
                      return authorization.rrpid !=
                             set::Read(payment.preq).header().at("rrpid").octets();
                    });
     }},
    {"SET-7.1-amount", "set-processing 7.1(3); RFC 3538, 8.4.1(d)",
     "AuthReqAmt is the IOTP amount as written",
     [](Context& context) {
       CheckAuthReq(context, CardKind::kCertified,
                    [](const HandlerPayment& payment, const set::Authorization& authorization) {
                      return authorization.amount().der() ==
                             set::Encode("CurrencyAmount",
                                         set::PurchAmt(payment.deal.terms.curr_code,
                                                       payment.deal.terms.amount));
                    });
     }},
    {"SET-7.1-no-capture", "set-processing 7.1",
     "without capture_now the AuthReq asks for no capture",
     [](Context& context) {
       CheckAuthReq(context, CardKind::kCertified,
                    [](const HandlerPayment&, const set::Authorization& authorization) {
                      return !authorization.capture_now;
                    });
     }},
    {"SET-7.1-capture", "set-processing 7.1; D-60",
     "with capture_now the AuthReq asks for the capture, with a SaleDetail that may be empty",
     [](Context& context) {
       CheckSale(context, kSellingHandler, "", [](const set::Authorization& authorization) {
         return authorization.capture_now && authorization.data.Has("saleDetail");
       });
     }},
    {"SET-7.1-sale-detail", "RFC 3538, 8.3.3; set-processing 7.1",
     "with capture_now Payment:SET-SaleDetail is the SaleDetail of the AuthReq",
     [](Context& context) {
       CheckSale(context, kSellingHandler, kSaleDetail,
                 [](const set::Authorization& authorization) {
                   return authorization.data.at("saleDetail.merOrderNum").text() == "ABCD";
                 });
     }},
    {"SET-7.1-sale-detail-unused", "set-processing 7.1",
     "without capture_now no SaleDetail goes to the gateway",
     [](Context& context) {
       CheckSale(context, kHandler, kSaleDetail, [](const set::Authorization& authorization) {
         return !authorization.data.Has("saleDetail");
       });
     }},
    {"SET-7.1-instalments", "set-processing 7.1(2); D-68",
     "SET-InstallTotalTrans of the PayProtocol data is in HOD and AuthReqPayload",
     [](Context& context) { CheckInstallRecur(context, "SET-InstallTotalTrans: 6"); }},
    {"SET-7.1-recurring", "set-processing 7.1(2); D-68",
     "SET-Recurring of the PayProtocol data is in HOD and AuthReqPayload",
     [](Context& context) { CheckInstallRecur(context, "SET-Recurring: 31 20391231"); }},
    {"SET-5.5-captured", "set-processing 5.5",
     "a sale that was captured: PRes capturePerformed with CapStatus, CompletedOk", CheckCaptured},
    {"SET-7.1-thumbs", "set-processing 2.4; 7.1", "MThumbs, if sent, are SHA-1 thumbs of 20 octets",
     [](Context& context) {
       CheckAuthReq(context, CardKind::kCertified,
                    [](const HandlerPayment&, const set::Authorization& authorization) {
                      if (!authorization.data.Has("mThumbs.certThumbs")) return true;
                      const Value& thumbs = authorization.data.at("mThumbs.certThumbs");
                      for (std::size_t i = 0; i < thumbs.size(); ++i) {
                        if (thumbs.at(i).octets().size() != 20) return false;
                      }
                      return true;
                    });
     }},
    {"SET-5.5-ratio", "set-processing 5.5; O-6", "AuthRatio of a full authorization is REAL 1",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.Pay();
       const set::Outcome outcome = payment.cardholder.TakePRes(payment.pres);
       Require(outcome.auth_ratio == Octets({0x80, 0x00, 0x01}), "AuthRatio is not 1");
     }},
    {"SET-9.5-declined", "RFC 3538, 8.4.4(3) and 9.5; D-75",
     "declined: BusError with the PRes that says so",
     [](Context& context) { CheckRefusal(context, Manner::kDecline, 2, "declined"); }},
    {"SET-9.5-call-issuer", "RFC 3538, 8.4.4(3); D-75",
     "callIssuer: BusError with the PRes that says so",
     [](Context& context) { CheckRefusal(context, Manner::kCallIssuer, 4, "callIssuer"); }},
    {"SET-9.5-pi-mismatch", "D-76", "piAuthMismatch: BusError with the PRes that says so, Failed",
     [](Context& context) { CheckRefusal(context, Manner::kPiMismatch, 12, "piAuthMismatch"); }},
    {"SET-8.4.4-name", "RFC 3538, 8.4.4(4)", "the PRes is in a PackagedContent with Name PRes, End",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.gateway();
       payment.MakePReq();
       const Answer answer = payment.SendPReq();
       const Node* content = answer.call().Child("PaySchemePackagedContent");
       Require(content != nullptr && content->Get("Name") == "PRes", "Name is not PRes");
       Require(answer.call().Get("ContStatus") == "End", "ContStatus is not End");
     }},
    {"SET-8.4.2-preq-first", "RFC 3538 errata, E-63",
     "a PReq without PInit at StartPaymentPaymentHandler is paid: PRes and End",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.gateway();
       payment.pinitreq = payment.cardholder.PReq();
       const Answer answer = context.Expect(payment.wallet, payment.StartNode());
       payment.ExpectNoFault();
       Require(answer.call().Get("ContStatus") == "End", "ContStatus is not End");
       const set::Outcome outcome =
           Judged("PRes", [&] { return payment.cardholder.TakePRes(answer.Message()); });
       Require(outcome.auth_code == 0, "PRes does not say approved");
     }},
};

// --- what the payment handler refuses ------------------------------------------------------------

// One lie of the cardholder, and the SET Error that answers it.
struct Lie {
  const char* id;
  const char* clause;
  const char* sentence;
  int code;
  bool in_pinitreq;
  void (*tell)(HandlerPayment&);  // before the message is made
};

void ChangeIds(HandlerPayment& payment, const char* field, const char* in_header, Octets value) {
  payment.cardholder.spoil["OIData"] = [field, value](Value& order) {
    Value ids = set::Decode("TransIDs", order.at("transIDs").der());
    ids[field] = value;
    order["transIDs"] = ids;
  };
  payment.cardholder.spoil["MessageHeader"] = [in_header, value](Value& header) {
    header["messageIDs"][in_header] = value;
  };
}

const Lie kLies[] = {
    {"SET-8.4.2-lid-m", "D-68", "a PInitReq with another LID-M: Error unknownLID", set::kUnknownLid,
     true,
     [](HandlerPayment& payment) {
       payment.cardholder.spoil["PInitReq"] = [](Value& request) {
         request["localID-M"] = Octets(8, 9);
       };
       payment.cardholder.spoil["MessageHeader"] = [](Value& header) {
         header["messageIDs.lid-M"] = Octets(8, 9);
       };
     }},
    {"SET-2.2-pinitreq-header", "set-processing 2.2(6)",
     "a PInitReq whose header has another RRPID: Error wrapperMsgMismatch",
     set::kWrapperMsgMismatch, true,
     [](HandlerPayment& payment) {
       payment.cardholder.spoil["MessageHeader"] = [](Value& header) {
         header["rrpid"] = Octets(20, 9);
       };
     }},
    {"SET-2.2-pinitreq-extension", "set-processing 2.2(4)",
     "a PInitReq with an unknown critical extension: Error unrecognizedExtension",
     set::kUnrecognizedExtension, true,
     [](HandlerPayment& payment) {
       payment.cardholder.spoil["PInitReq"] = [](Value& request) {
         request["piRqExtensions"] = set::UnknownExtension(true);
       };
     }},
    {"SET-2.2-pinitreq-version", "set-processing 2.2(2)",
     "a PInitReq of version 2: Error versionTooNew", set::kVersionTooNew, true,
     [](HandlerPayment& payment) {
       payment.cardholder.spoil["MessageHeader"] = [](Value& header) { header["version"] = 2; };
     }},
    {"SET-5.4-signature", "set-processing 5.4(2)",
     "a PReq whose signature has one bit changed: Error signatureFailure", set::kSignatureFailure,
     false,
     [](HandlerPayment& payment) { payment.cardholder.spoil["PISignature"] = set::FlipSignature; }},
    {"SET-5.4-other-digest", "set-processing 5.4(2)",
     "a PReq whose signature covers another order: Error signatureFailure", set::kSignatureFailure,
     false,
     [](HandlerPayment& payment) {
       payment.cardholder.spoil["PI-TBS"] = [](Value& tbs) {
         tbs["hOIData.digest"] = Octets(20, 9);
       };
     }},
    {"SET-5.4-challenge-m", "set-processing 5.4(5)",
     "a PReq with another Chall-M: Error challengeMismatch", set::kChallengeMismatch, false,
     [](HandlerPayment& payment) {
       payment.cardholder.spoil["OIData"] = [](Value& order) { order["chall-M"] = Octets(20, 9); };
     }},
    {"SET-5.4-challenge-c", "set-processing 5.4(5)",
     "a PReq with another Chall-C: Error challengeMismatch", set::kChallengeMismatch, false,
     [](HandlerPayment& payment) {
       payment.cardholder.spoil["OIData"] = [](Value& order) { order["chall-C"] = Octets(20, 9); };
     }},
    {"SET-5.4-xid", "set-processing 5.4(4); D-38",
     "a PReq with Chall-M for an unknown XID: Error unknownXID", set::kUnknownXid, false,
     [](HandlerPayment& payment) { ChangeIds(payment, "xid", "xID", Octets(20, 9)); }},
    {"SET-5.4-lid-c", "set-processing 5.4(4)", "a PReq with another LID-C: Error unknownLID",
     set::kUnknownLid, false,
     [](HandlerPayment& payment) { ChangeIds(payment, "lid-C", "lid-C", Octets(8, 9)); }},
    {"SET-2.2-preq-header", "set-processing 2.2(6)",
     "a PReq whose header has another RRPID: Error wrapperMsgMismatch", set::kWrapperMsgMismatch,
     false,
     [](HandlerPayment& payment) {
       payment.cardholder.spoil["MessageHeader"] = [](Value& header) {
         header["rrpid"] = Octets(20, 9);
       };
     }},
    {"SET-2.2-preq-extension", "set-processing 2.2(4)",
     "a PReq with an unknown critical extension: Error unrecognizedExtension",
     set::kUnrecognizedExtension, false,
     [](HandlerPayment& payment) {
       payment.cardholder.spoil["OIData"] = [](Value& order) {
         order["oiExtensions"] = set::UnknownExtension(true);
       };
     }},
    {"SET-5.4-expired", "D-31",
     "a PReq signed with an expired certificate: Error expiredCertificate",
     set::kExpiredCertificate, false,
     [](HandlerPayment& payment) {
       set::Order order = set::CardOrder();
       order.not_after = "250601000000Z";
       payment.market.cardholder =
           set::IssueUnder(Pki(payment), "cca", order, payment.market.cardholder.key);
     }},
    {"SET-5.4-untrusted", "D-31",
     "a PReq signed under a root that nobody trusts: Error invalidCertificate",
     set::kInvalidCertificate, false,
     [](HandlerPayment& payment) {
       payment.market.cardholder = set::IssueUnder(Pki(payment), "other-mca", set::CardOrder(),
                                                   payment.market.cardholder.key);
     }},
    {"SET-5.4-wrong-holder", "D-31",
     "a PReq signed with a merchant's certificate: Error invalidCertificate",
     set::kInvalidCertificate, false,
     [](HandlerPayment& payment) { payment.market.cardholder = payment.market.merchant_sign; }},
    {"SET-5.4-no-certificate", "D-31",
     "a PReq without its signer's certificate: Error missingCertificate", set::kMissingCertificate,
     false,
     [](HandlerPayment& payment) {
       payment.cardholder.spoil["PISignature"] = [](Value& data) { data.Remove("certificates"); };
     }},
};

void CheckLie(Context& context, const Lie& lie) {
  HandlerPayment payment(context);
  payment.gateway();
  if (lie.in_pinitreq) {
    lie.tell(payment);
    payment.pinitreq = payment.cardholder.PInitReq();
    ExpectSetError(payment, context.Send(payment.wallet, payment.StartNode()), lie.code);
    return;
  }
  payment.Start();
  lie.tell(payment);
  payment.preq = payment.cardholder.PReq();
  ExpectSetError(payment, payment.Continue(payment.preq), lie.code);
  Require(payment.gateway().requests().empty(), "an AuthReq was sent");
}

void ExpectBrandRefused(HandlerPayment& payment, const Answer& answer) {
  ExpectNoMessage(answer, "AttNotValid");
  Require(answer.location() != nullptr && answer.location()->Get("AttName") == "BrandId",
          "AttName is not BrandId");
  Require(payment.gateway().requests().empty(), "an AuthReq was sent");
}

void ExpectOrderRejected(HandlerPayment& payment) {
  payment.preq = payment.cardholder.PReq();
  const Answer answer = payment.Continue(payment.preq);
  Require(answer.code() == "BusError", "answered by " + answer.Summary());
  const set::Outcome outcome =
      Judged("PRes", [&] { return payment.cardholder.TakePRes(answer.Message()); });
  Require(outcome.completion == 1, "CompletionCode is not orderRejected");
  Require(payment.gateway().requests().empty(), "an AuthReq was sent");
  payment.ExpectState("Failed");
}

const Single kRefused[] = {
    {"SET-8.4.4-brand-mismatch", "RFC 3538, 8.4.4(1)",
     "a certificate of another brand: AttNotValid at BrandId without a message",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.gateway();
       payment.Start();
       payment.market.cardholder =
           set::IssueUnderBrand(Pki(payment), "MasterCard", set::Holder::kCca, set::CardOrder(),
                                payment.market.cardholder.key);
       ExpectBrandRefused(payment, payment.Continue(payment.cardholder.PReq()));
     }},
    {"SET-8.4.4-brand-in-order", "RFC 3538, 8.4.4(1); D-37",
     "OIData with another BrandID: AttNotValid at BrandId without a message",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.gateway();
       payment.Start();
       payment.cardholder.spoil["OIData"] = [](Value& order) { order["brandID"] = "MasterCard"; };
       ExpectBrandRefused(payment, payment.Continue(payment.cardholder.PReq()));
     }},
    {"SET-8.4.4-brand-unsigned", "RFC 3538, 8.4.4(1); errata E-41",
     "an unsigned PReq with another BrandID: AttNotValid at BrandId",
     [](Context& context) {
       HandlerPayment payment(context, CardKind::kPlain);
       payment.gateway();
       payment.Start();
       payment.cardholder.spoil["OIData"] = [](Value& order) { order["brandID"] = "MasterCard"; };
       ExpectBrandRefused(payment, payment.Continue(payment.cardholder.PReq()));
     }},
    {"SET-8.4.2-brand", "D-74", "a PInitReq with another BrandID: AttNotValid at BrandId",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.gateway();
       payment.cardholder.spoil["PInitReq"] = [](Value& request) {
         request["brandID"] = "MasterCard";
       };
       payment.pinitreq = payment.cardholder.PInitReq();
       ExpectBrandRefused(payment, context.Send(payment.wallet, payment.StartNode()));
     }},
    {"SET-8.4.4-product", "RFC 3538 errata, E-39",
     "a certificate of the same brand with a product is accepted",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.gateway();
       payment.Start();
       set::Order order = set::CardOrder();
       order.subject.organization = "VISA:Gold";
       payment.market.cardholder =
           set::IssueUnder(Pki(payment), "cca", order, payment.market.cardholder.key);
       const Answer answer = payment.Continue(payment.cardholder.PReq());
       Require(!answer.refused() || answer.code() == "TransportError",
               "refused: " + answer.Summary());
       Require(!payment.gateway().requests().empty(), "no AuthReq was sent");
     }},
    {"SET-5.4-hod", "RFC 3538 errata, E-111; D-9",
     "another order: BusError with PRes orderRejected, Failed, nothing authorized",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.gateway();
       payment.Start();
       payment.cardholder.spoil["HODInput"] = [](Value& input) { input["od"] = "another order"; };
       ExpectOrderRejected(payment);
     }},
    {"SET-5.4-amount", "RFC 3538 errata, E-111; D-9",
     "another amount: BusError with PRes orderRejected, Failed, nothing authorized",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.gateway();
       payment.Start();
       const Value amount = set::PurchAmt("USD", "1.53");
       payment.cardholder.spoil["HODInput"] = [amount](Value& input) {
         input["purchAmt"] = amount;
       };
       payment.cardholder.spoil["PIHead"] = [amount](Value& head) {
         head["inputs.purchAmt"] = amount;
       };
       ExpectOrderRejected(payment);
     }},
    {"SET-5.4-decimals", "RFC 3538 errata, E-16",
     "the same amount with other decimals is another amount: orderRejected",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.gateway();
       payment.Start();
       payment.cardholder.spoil["HODInput"] = [](Value& input) {
         input["purchAmt"] = set::PurchAmt("USD", "157.530");
       };
       ExpectOrderRejected(payment);
     }},
    {"SET-5.4-instalments", "set-processing 5.4(7); D-68",
     "instalments that the merchant did not offer: orderRejected, Failed, nothing authorized",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.gateway();
       payment.Start();
       payment.cardholder.spoil["HODInput"] = [](Value& input) {
         input["installRecurData.installRecurInd.installTotalTrans"] = 6;
       };
       ExpectOrderRejected(payment);
     }},
    {"SET-8.3.3-sale-detail", "RFC 3538, 8.3.3; RFC 3867, 2.6.2, Table 2",
     "a Payment:SET-SaleDetail that is none is ElContIllegal at TradingRoleDataPackagedContent",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.deal.sale_detail = "MAE=";
       payment.pinitreq = payment.cardholder.PInitReq();
       const Answer answer =
           context.ExpectError(payment.wallet, payment.StartNode(), "ElContIllegal");
       Require(answer.location() != nullptr &&
                   answer.location()->Get("ElementType") == "TradingRoleDataPackagedContent",
               "the ErrorLocation names another element");
     }},
    {"SET-2.2-preq-not-der", "set-processing 2.2(1)",
     "octets behind the DER of a PReq: Error decodingFailure",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.MakePReq();
       payment.preq.push_back(0);
       ExpectSetError(payment, payment.Continue(payment.preq), set::kDecodingFailure);
     }},
};

// --- what is no outcome of an authorization ------------------------------------------------------

struct NoOutcome {
  const char* id;
  const char* sentence;
  Manner manner;
};

const NoOutcome kNoOutcomes[] = {
    {"SET-7.6-silent", "no answer of the gateway", Manner::kSilent},
    {"SET-7.6-hang-up", "a connection that ends instead of an answer", Manner::kHangUp},
    {"SET-7.6-half", "half an answer", Manner::kHangUpMidAnswer},
    {"SET-7.6-garbage", "octets that are no frame", Manner::kGarbage},
    {"SET-7.6-no-der", "an answer that is no DER", Manner::kNoDer},
    {"SET-7.6-status-failed", "Status failed", Manner::kStatusFailed},
    {"SET-7.6-foreign-signer", "an AuthRes signed under a root that nobody trusts",
     Manner::kForeignSigner},
    {"SET-7.6-bad-signature", "an AuthRes whose signature has one bit changed",
     Manner::kBadSignature},
    {"SET-7.6-other-xid", "an AuthRes for another purchase", Manner::kOtherXid},
    {"SET-7.6-other-rrpid", "an AuthRes for another request", Manner::kOtherRrpid},
    {"SET-7.6-bad-digest", "an AuthRes whose baggage is not what was signed", Manner::kBadDigest},
    {"SET-7.6-unsigned-error", "an Error that nobody signed", Manner::kUnsignedError},
    {"SET-7.6-foreign-error", "an Error signed under a root that nobody trusts",
     Manner::kForeignError},
};

void CheckNoOutcome(Context& context, Manner manner) {
  HandlerPayment payment(context);
  payment.gateway().Always(manner);
  payment.MakePReq();
  const Answer answer = payment.SendPReq();
  Require(answer.code() == "TransportError", "answered by " + answer.Summary());
  Require(answer.call().Get("Severity") == "TransientError", "Severity is not TransientError");
  Require(!answer.call().Get("MinRetrySecs").empty(), "MinRetrySecs is missing");
  Require(answer.Message().empty(), "the answer carries a message");
  payment.ExpectState("InProgress");
}

void CheckSignedError(Context& context) {
  HandlerPayment payment(context);
  payment.gateway().Always(Manner::kSignedError);
  payment.MakePReq();
  const Answer answer = payment.SendPReq();
  Require(answer.code() == "BusError", "answered by " + answer.Summary());
  const set::Outcome outcome =
      Judged("PRes", [&] { return payment.cardholder.TakePRes(payment.pres); });
  Require(outcome.completion == 1, "CompletionCode is not orderRejected");
  payment.ExpectState("Failed");
}

}  // namespace

void AddSetHandlerRules(Rules& rules) {
  for (const Single& single : kMade) {
    rules.push_back({single.id, single.clause, single.sentence, Level::kMust, single.check});
  }
  for (const Lie& lie : kLies) {
    rules.push_back({lie.id, lie.clause, lie.sentence, Level::kMust,
                     [&lie](Context& context) { CheckLie(context, lie); }});
  }
  for (const Single& single : kRefused) {
    rules.push_back({single.id, single.clause, single.sentence, Level::kMust, single.check});
  }
  for (const NoOutcome& row : kNoOutcomes) {
    rules.push_back({row.id, "set-processing 7.6; D-10",
                     fmt::format("{} is TransportError, TransientError; InProgress", row.sentence),
                     Level::kMust,
                     [&row](Context& context) { CheckNoOutcome(context, row.manner); }});
  }
  rules.push_back({"SET-7.6-signed-error", "D-10",
                   "an Error that the gateway signed is an outcome: BusError, PRes orderRejected",
                   Level::kMust, CheckSignedError});
}

}  // namespace conform
