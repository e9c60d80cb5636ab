// CALL, what comes after the PReq: receipts with their amounts, and the status inquiry on both
// sides.
#include <fmt/format.h>

#include "payment.h"
#include "set/identities.h"
#include "set/spoils.h"

namespace conform {
namespace {

using set::Manner;
using set::Value;

// --- receipts ------------------------------------------------------------------------------------

// REAL contents: the ratios of set-processing.md, O-6 and D-15.
const Octets kHalf = {0x80, 0xFF, 0x01};
const Octets kThird = {0x80, 0xCA, 0x15, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55};
const Octets kTenth = {0x80, 0xC9, 0x0C, 0xCC, 0xCC, 0xCC, 0xCC, 0xCC, 0xCD};
const Octets kZero = {};

struct Ratio {
  const char* id;
  const char* clause;
  const char* sentence;
  const char* amount;
  const Octets* auth_ratio;
  const Octets* cap_ratio;  // null: nothing was captured
  const char* expanded;
};

const Ratio kRatios[] = {
    {"CALL-7.5.2-half", "RFC 3538, 7.5.2; errata E-18",
     "Amount is the amount times AuthRatio, rounded half to even", "157.53", &kHalf, nullptr,
     "78.76"},
    {"CALL-7.5.2-third", "RFC 3538 errata, E-18; D-15",
     "a ratio of 1/3 gives a third of the amount", "100.00", &kThird, nullptr, "33.33"},
    {"CALL-7.5.2-exact", "D-16", "0.05 times the double of 1/10 is 0.01", "0.05", &kTenth, nullptr,
     "0.01"},
    {"CALL-7.5.2-scale", "RFC 3538 errata, E-18", "the result has the decimals of the Amount text",
     "157", &kHalf, nullptr, "78"},
    {"CALL-7.5.2-cap-ratio", "RFC 3538, 7.5.2", "CapRatio goes before AuthRatio", "157.54", &kThird,
     &kHalf, "78.77"},
    {"CALL-7.5.2-cap-zero", "RFC 3538 errata, E-18", "CapRatio 0 is available, too", "157.54",
     &kHalf, &kZero, "0.00"},
};

void CheckRatio(Context& context, const Ratio& ratio) {
  Terms terms;
  terms.amount = ratio.amount;
  ConsumerPayment payment(context, CardKind::kCertified, terms);
  payment.Order();
  payment.merchant.spoil["PResData"] = [&ratio](Value& data) {
    Value payload = data.at("pResPayloadSeq").at(0);
    payload["results.authStatus.authRatio"] = *ratio.auth_ratio;
    if (ratio.cap_ratio != nullptr) payload["results.capStatus.capRatio"] = *ratio.cap_ratio;
    data.Remove("pResPayloadSeq");
    data["pResPayloadSeq"].Add(payload);
  };
  payment.SendPRes(ratio.cap_ratio == nullptr ? 4 : 5, 0);
  const std::string amount =
      context.Expect(payment.wallet, ExpandPaymentReceipt(payment.pay_id(), payment.pres))
          .call()
          .Get("Amount");
  Require(amount == ratio.expanded, fmt::format("Amount is {}, not {}", amount, ratio.expanded));
}

Node Check(const Payment& payment, const Octets& pres) {
  return CheckPaymentReceipt(payment.pay_id(), pres);
}

// --- status inquiry ------------------------------------------------------------------------------

Node InquiryNode(const Payment& payment, const Octets& message) {
  Node node = payment.ContinueNode(message);
  node.Set("ProcessType", "Inquiry");
  return node;
}

void ConsumerInquires(Context& context, CardKind card) {
  ConsumerPayment payment(context, card);
  payment.Order();
  const Octets inqreq = context.Expect(payment.wallet, StartPaymentInquiry(payment.deal)).Message();
  Require(!inqreq.empty(), "StartPaymentInquiry gives no InqReq");
  Judged("InqReq", [&] { payment.merchant.TakeInqReq(inqreq); });
}

// The consumer has inquired; the InqRes says `auth_code`.
Answer TakeInqRes(ConsumerPayment& payment, int auth_code) {
  const Octets inqreq =
      payment.context.Expect(payment.wallet, StartPaymentInquiry(payment.deal)).Message();
  Judged("InqReq", [&] { payment.merchant.TakeInqReq(inqreq); });
  return payment.context.Send(payment.wallet,
                              InquiryNode(payment, payment.merchant.InqRes(4, auth_code)));
}

void InqResCounts(Context& context, bool suspended) {
  ConsumerPayment payment(context);
  payment.Order();
  if (suspended) payment.Change("Suspended");
  const Answer answer = TakeInqRes(payment, 0);
  Require(answer.call().Get("ContStatus") == "End",
          "an InqRes was answered by " + answer.Summary());
  Node change = ChangeProcessState(payment.pay_id(), "CompletedOk");
  if (suspended) change.Set("ProcessType", "Inquiry");
  const std::string state = context.Expect(payment.wallet, change).call().Get("ProcessState");
  Require(state == "CompletedOk", "CompletedOk was not believed: " + state);
}

void InqResOtherChallenge(Context& context) {
  ConsumerPayment payment(context);
  payment.Order();
  const Octets inqreq = context.Expect(payment.wallet, StartPaymentInquiry(payment.deal)).Message();
  Judged("InqReq", [&] { payment.merchant.TakeInqReq(inqreq); });
  payment.merchant.spoil["PResData"] = [](Value& data) { data["chall-C"] = Octets(20, 9); };
  ExpectSetError(payment,
                 context.Send(payment.wallet, InquiryNode(payment, payment.merchant.InqRes(4, 0))),
                 set::kChallengeMismatch);
}

void InquiriesAreNew(Context& context) {
  ConsumerPayment payment(context);
  payment.Order();
  Octets seen;
  for (int i = 0; i < 2; ++i) {
    const Octets inqreq =
        context.Expect(payment.wallet, StartPaymentInquiry(payment.deal)).Message();
    const Octets rrpid = Judged("InqReq", [&] {
      payment.merchant.TakeInqReq(inqreq);
      return set::Read(inqreq).header().at("rrpid").octets();
    });
    Require(rrpid != seen, "two inquiries have the same RRPID");
    seen = rrpid;
    // Answered, so that the next one is no repetition.
    context.Send(payment.wallet, InquiryNode(payment, payment.merchant.InqRes(2, std::nullopt)));
  }
}

// The payment handler is asked; gives the answer to InquirePaymentStatus.
Answer Ask(HandlerPayment& payment) {
  return payment.context.Send(payment.wallet,
                              InquirePaymentStatus(payment.deal, payment.cardholder.InqReq()));
}

set::Outcome InqResOf(HandlerPayment& payment, const Answer& answer) {
  Require(answer.call().name == "InquirePaymentStatusResponse",
          "an InqReq was answered by " + answer.Summary());
  return Judged("InqRes", [&] { return payment.cardholder.TakeInqRes(answer.Message()); });
}

void HandlerAnswers(Context& context, CardKind card) {
  HandlerPayment payment(context, card);
  payment.Pay();
  const Answer answer = Ask(payment);
  const set::Outcome outcome = InqResOf(payment, answer);
  Require(outcome.completion == 4 && outcome.auth_code == 0, "InqRes does not say approved");
  Require(answer.call().Get("ProcessState") == "CompletedOk", "ProcessState is not CompletedOk");
}

void HandlerSaysDeclined(Context& context) {
  HandlerPayment payment(context);
  payment.gateway().Always(Manner::kDecline);
  payment.MakePReq();
  payment.SendPReq();
  const Answer answer = Ask(payment);
  Require(InqResOf(payment, answer).auth_code == 2, "InqRes does not say declined");
  Require(answer.call().Get("ProcessState") == "Failed", "ProcessState is not Failed");
}

void HandlerKnowsNoOrder(Context& context) {
  HandlerPayment payment(context);
  payment.Start();
  const set::Outcome outcome = InqResOf(payment, Ask(payment));
  Require(outcome.completion == 3, "InqRes does not say orderNotReceived");
}

void InqReqOfAnother(Context& context) {
  HandlerPayment payment(context);
  payment.Pay();
  payment.market.cardholder = set::IssueUnder(context.setting().kit.pki(), "cca", set::CardOrder(),
                                              payment.market.cardholder.key);
  ExpectSetError(payment, Ask(payment), set::kInvalidCertificate);
  payment.ExpectState("CompletedOk");
}

void InqReqUnsigned(Context& context) {
  HandlerPayment payment(context);
  payment.Pay();
  payment.cardholder.UseCard(set::PlainCard());
  ExpectSetError(payment, Ask(payment), set::kSignatureRequired);
  payment.ExpectState("CompletedOk");
}

struct Single {
  const char* id;
  const char* clause;
  const char* sentence;
  void (*check)(Context&);
};

const Single kSingles[] = {
    {"CALL-8.5.1-declined", "RFC 3538 errata, E-119", "a PRes that says declined is the receipt",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Order();
       payment.SendPRes(4, 2);
       context.Expect(payment.wallet, Check(payment, payment.pres));
     }},
    {"CALL-8.5.1-late", "RFC 3538 errata, E-120",
     "a verified PRes that came after cancellation is the receipt",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Order();
       payment.Change("Failed");
       payment.SendPRes();
       context.Expect(payment.wallet, Check(payment, payment.pres));
     }},
    {"CALL-8.5.1-none", "RFC 3538 errata, E-92",
     "a receipt for a payment that has none is BusError",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Order();
       context.ExpectError(payment.wallet, Check(payment, payment.merchant.PRes(4, 0)), "BusError");
     }},
    {"CALL-8.5.1-refused", "RFC 3538 errata, E-92", "a PRes that was refused is no receipt",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Order();
       payment.merchant.spoil["PRes"] = set::FlipSignature;
       payment.SendPRes();
       context.ExpectError(payment.wallet, Check(payment, payment.pres), "BusError");
     }},
    {"CALL-8.5.1-restart", "opb.h, call", "the receipt is there after close and open",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Finish();
       payment.Reopen();
       context.Expect(payment.wallet, Check(payment, payment.pres));
     }},
    {"CALL-8.5.1-handler", "RFC 3867, 4.5.1", "the payment handler knows its own PRes",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.Pay();
       context.Expect(payment.wallet, Check(payment, payment.pres));
     }},
    {"CALL-7.5.2-instrument", "RFC 3538, 7.5.2", "the consumer's receipt names the instrument",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Finish();
       const std::string id =
           context.Expect(payment.wallet, ExpandPaymentReceipt(payment.pay_id(), payment.pres))
               .call()
               .Get("PaymentInstrumentId");
       Require(id == kInstrument, "PaymentInstrumentId is " + id);
     }},
    {"CALL-7.5.2-handler", "RFC 3538 errata, E-123",
     "the payment handler's receipt names no instrument",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.Pay();
       const Answer answer =
           context.Expect(payment.wallet, ExpandPaymentReceipt(payment.pay_id(), payment.pres));
       Require(answer.call().Find("PaymentInstrumentId") == nullptr, "it names one");
       Require(answer.call().Get("Amount") == payment.deal.terms.amount, "Amount");
     }},
    {"CALL-8.6-inqreq-signed", "RFC 3538, 8.6; set-processing 6",
     "the InqReq for a signed PReq is signed and names its XID",
     [](Context& context) { ConsumerInquires(context, CardKind::kCertified); }},
    {"CALL-8.6-inqreq-unsigned", "RFC 3538, 8.6; set-processing 6",
     "the InqReq for an unsigned PReq is unsigned",
     [](Context& context) { ConsumerInquires(context, CardKind::kPlain); }},
    {"CALL-8.6-inqreq-new", "set-processing 6",
     "an inquiry after an answered one has an RRPID of its own", InquiriesAreNew},
    {"CALL-8.6-inqres-counts", "RFC 3538 errata, E-77", "a positive InqRes counts like a PRes",
     [](Context& context) { InqResCounts(context, false); }},
    {"CALL-8.6-inqres-suspended", "RFC 3538 errata, E-75",
     "ProcessType Inquiry makes a Suspended payment CompletedOk after a positive InqRes",
     [](Context& context) { InqResCounts(context, true); }},
    {"CALL-8.6-inqres-challenge", "set-processing 5.6 and 6",
     "an InqRes with another Chall-C2: Error challengeMismatch", InqResOtherChallenge},
    {"CALL-8.6-status", "RFC 3538, 7.5.5; set-processing 6",
     "the payment handler answers a signed InqReq with the InqRes of an approved payment",
     [](Context& context) { HandlerAnswers(context, CardKind::kCertified); }},
    {"CALL-8.6-status-unsigned", "RFC 3538, 7.5.5; set-processing 6",
     "the payment handler answers an unsigned InqReq about an unsigned PReq",
     [](Context& context) { HandlerAnswers(context, CardKind::kPlain); }},
    {"CALL-8.6-status-declined", "RFC 3538, 7.5.5", "the InqRes of a declined payment says so",
     HandlerSaysDeclined},
    {"CALL-8.6-order-not-received", "D-40",
     "an InqReq after PInit without PReq: InqRes orderNotReceived", HandlerKnowsNoOrder},
    {"CALL-8.6-other-signer", "set-processing 6; D-40, D-77",
     "an InqReq signed with another certificate: Error invalidCertificate, state unchanged",
     InqReqOfAnother},
    {"CALL-8.6-signature-required", "D-40",
     "an unsigned InqReq about a signed PReq: Error signatureRequired", InqReqUnsigned},
};

}  // namespace

void AddReceiptRules(Rules& rules) {
  for (const Ratio& ratio : kRatios) {
    rules.push_back({ratio.id, ratio.clause, ratio.sentence, Level::kMust,
                     [&ratio](Context& context) { CheckRatio(context, ratio); }});
  }
  for (const Single& single : kSingles) {
    rules.push_back({single.id, single.clause, single.sentence, Level::kMust, single.check});
  }
}

}  // namespace conform
