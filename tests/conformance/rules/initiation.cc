// SET Initiation: what the consumer does with PayProtocol data that cannot be used, and what the
// payment handler does with a SET Initiation Response (RFC 3538, 8.4.1, 8.4.2, 8.12, 9.4.1).
#include <fmt/format.h>

#include <optional>
#include <sstream>

#include "payment.h"

namespace conform {
namespace {

// The value of a header field; nothing if the octets have no such field.
std::optional<std::string> Field(const Octets& octets, std::string_view name) {
  std::istringstream lines(std::string(octets.begin(), octets.end()));
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) break;
    if (!line.starts_with(fmt::format("{}: ", name))) continue;
    return line.substr(name.size() + 2);
  }
  return std::nullopt;
}

Octets AsOctets(std::string_view text) { return {text.begin(), text.end()}; }

void ExpectPercent(Payment& payment, std::string_view percent) {
  const std::string now = payment.Inquire().call().Get("PercentComplete");
  Require(now == percent, fmt::format("PercentComplete is {}, not {}", now, percent));
}

// --- the consumer -------------------------------------------------------------------------------

constexpr std::string_view kGoodFields =
    "MIME-Version: 1.0\r\nContent-Transfer-Encoding: Binary\r\n"
    "SET-Initiation-Type: Payment-Initiation\r\nSET-LID-M: 515A533033363632594B\r\n";

// The good fields without the line of `without`, and with the lines of `more`.
std::string Changed(std::string_view without, std::string_view more) {
  std::string fields(kGoodFields);
  if (!without.empty()) {
    const auto at = fields.find(without);
    fields.erase(at, fields.find('\n', at) + 1 - at);
  }
  return fields.append(more);
}

Answer StartWith(ConsumerPayment& payment, std::string_view fields) {
  payment.deal.pay_protocol = Base64(AsOctets(fields));
  return payment.context.Send(payment.wallet, payment.StartNode());
}

// Data that can be used: the answer is a PInitReq.
void Accepted(Context& context, std::string_view without, std::string_view more) {
  ConsumerPayment payment(context);
  const Answer answer = StartWith(payment, Changed(without, more));
  Require(!answer.refused(), "the start is refused: " + answer.Summary());
  Judged("PInitReq", [&] { payment.merchant.PInitRes(answer.Message()); });
}

// EncapProtErr with a SET Initiation Response that names the field (9.4.1(1)).
Octets ExpectErrorResponse(const Answer& answer, std::string_view field) {
  Require(answer.refused() && answer.code() == "EncapProtErr",
          "expected EncapProtErr, got " + answer.Summary());
  Require(answer.call().Get("Severity") == "HardError", "Severity is not HardError");
  const Octets response = answer.Message();
  const auto named = Field(response, "SET-Error-Field");
  Require(named.has_value(), "EncapProtErr carries no Initiation Response with SET-Error-Field");
  Require(*named == field, fmt::format("SET-Error-Field is {}, not {}", *named, field));
  return response;
}

struct Unusable {
  const char* id;
  const char* what;
  const char* without;
  const char* more;
  const char* field;
};

const Unusable kUnusable[] = {
    {"no-encoding", "without Content-Transfer-Encoding", "Content-Transfer-Encoding", "",
     "Content-Transfer-Encoding"},
    {"no-type", "without SET-Initiation-Type", "SET-Initiation-Type", "", "SET-Initiation-Type"},
    {"other-type", "of another SET-Initiation-Type", "SET-Initiation-Type",
     "SET-Initiation-Type: Nothing-Initiation\r\n", "SET-Initiation-Type"},
    {"other-version", "with SET-Version: 2.0", "", "SET-Version: 2.0\r\n", "SET-Version"},
    {"other-brand", "with another SET-Brand than IOTP", "", "SET-Brand: JCB\r\n", "SET-Brand"},
    {"other-amount", "with another SET-PurchAmt than IOTP", "", "SET-PurchAmt: 840 15754 -2\r\n",
     "SET-PurchAmt"},
    {"lid-m", "with a SET-LID-M that is no hex", "SET-LID-M", "SET-LID-M: 5G\r\n", "SET-LID-M"},
    {"lid-m-twice", "with two SET-LID-M", "", "SET-LID-M: 00\r\n", "SET-LID-M"},
    {"ext-mandatory", "with a mandatory SET extension that nobody knows", "",
     "SET-Ext-OID: 1.2.3.4.5\r\nSET-Ext-Mandatory: true\r\nSET-Ext-Data: 0500\r\n", "SET-Ext-OID"},
    {"ext-data", "with SET-Ext-Data before any SET-Ext-OID", "", "SET-Ext-Data: 0500\r\n",
     "SET-Ext-Data"},
    {"ext-oid", "with a SET-Ext-OID that is none", "", "SET-Ext-OID: one.two\r\n", "SET-Ext-OID"},
};

void CheckUnusable(Context& context, const Unusable& unusable) {
  ConsumerPayment payment(context);
  ExpectErrorResponse(StartWith(payment, Changed(unusable.without, unusable.more)), unusable.field);
}

void Echoed(Context& context) {
  ConsumerPayment payment(context);
  const Octets response = ExpectErrorResponse(
      StartWith(payment, Changed("", "SET-Echo-In-Response: till 7\r\nSET-Version: 2.0\r\n")),
      "SET-Version");
  const auto echo = Field(response, "SET-Echo-In-Response");
  Require(echo == "till 7", "SET-Echo-In-Response is " + echo.value_or("missing"));
}

void ConsumerProcessError(Context& context) {
  ConsumerPayment payment(context);
  ExpectErrorResponse(StartWith(payment, Changed("SET-Initiation-Type", "")),
                      "SET-Initiation-Type");
  payment.ExpectState("ProcessError");
}

// --- the payment handler ------------------------------------------------------------------------

constexpr std::string_view kResponse =
    "MIME-Version: 1.0\r\nContent-Transfer-Encoding: Binary\r\n"
    "SET-Initiation-Type: Payment-Initiation-Response\r\nSET-Version: 1.0\r\n"
    "SET-Brand: VISA\r\n";

Answer SendResponse(HandlerPayment& payment, std::string_view more) {
  return payment.context.Send(
      payment.wallet,
      StartPaymentPaymentHandler(payment.deal, AsOctets(fmt::format("{}{}\r\n", kResponse, more))));
}

void ExpectNextInitiation(HandlerPayment& payment) {
  const Answer answer = SendResponse(payment, "");
  Require(answer.call().Get("ContStatus") == "Continue",
          "an Initiation Response is answered by " + answer.Summary());
  const auto type = Field(answer.Message(), "SET-Initiation-Type");
  Require(type == "Payment-Initiation",
          "the next message has SET-Initiation-Type " + type.value_or("missing"));
}

void NextInitiation(Context& context) {
  HandlerPayment payment(context);
  ExpectNextInitiation(payment);
}

void HandlerTwentyPercent(Context& context) {
  HandlerPayment payment(context);
  ExpectNextInitiation(payment);
  payment.ExpectState("InProgress");
  ExpectPercent(payment, "20");
}

void PaidAfterResponse(Context& context) {
  HandlerPayment payment(context);
  payment.gateway();
  ExpectNextInitiation(payment);
  payment.pinitreq = payment.cardholder.PInitReq();
  const Answer answer = payment.Continue(payment.pinitreq);
  Require(!answer.refused(), "PInitReq is refused: " + answer.Summary());
  payment.pinitres = answer.Message();
  Judged("PInitRes", [&] { payment.cardholder.TakePInitRes(payment.pinitres); });
  ExpectPercent(payment, "60");
  payment.preq = payment.cardholder.PReq();
  const Answer paid = payment.SendPReq();
  Require(!paid.refused(), "PReq is refused: " + paid.Summary());
  Judged("PRes", [&] { payment.cardholder.TakePRes(payment.pres); });
}

void BadResponse(Context& context, std::string_view more) {
  HandlerPayment payment(context);
  const Answer answer = SendResponse(payment, more);
  ExpectNoMessage(answer, "EncapProtErr");
  Require(answer.call().Get("Severity") == "HardError", "Severity is not HardError");
  payment.ExpectState("ProcessError");
}

void ResponseWithError(Context& context) {
  HandlerPayment payment(context);
  const Answer answer =
      SendResponse(payment, "SET-Error-Field: SET-Brand\r\nSET-Error-Reason: unsupported\r\n");
  Require(answer.Message().empty(), "a Response with SET-Error-Field is answered by a message");
  payment.ExpectState("ProcessError");
}

}  // namespace

void AddInitiationRules(Rules& rules) {
  for (const Unusable& unusable : kUnusable) {
    rules.push_back(
        {fmt::format("SET-9.4.1-{}", unusable.id),
         "RFC 3538, 8.4.1(3) and 9.4.1(1); set-initiation 5",
         fmt::format("an Initiation {} is EncapProtErr with an Initiation Response whose "
                     "SET-Error-Field is {}",
                     unusable.what, unusable.field),
         Level::kMust, [&unusable](Context& c) { CheckUnusable(c, unusable); }});
  }
  const auto add = [&](const char* id, const char* clause, const char* sentence,
                       std::function<void(Context&)> check) {
    rules.push_back({id, clause, sentence, Level::kMust, std::move(check)});
  };
  add("CALL-8.3.1-MIME-Version", "RFC 3538, 8.3.1",
      "PayProtocol data without MIME-Version are used",
      [](Context& c) { Accepted(c, "MIME-Version", ""); });
  add("CALL-8.3.1-SET-Ext-Mandatory", "RFC 3538, 8.3.1; set-initiation 3.4",
      "a SET extension that is not mandatory is skipped", [](Context& c) {
        Accepted(c, "",
                 "SET-Ext-OID: 1.2.3.4.5\r\nSET-Ext-Mandatory: false\r\nSET-Ext-Data: 0500\r\n");
      });
  add("CALL-8.3.1-SET-Echo-In-Response", "RFC 3538, 8.3.1; set-initiation 5",
      "an Initiation Response returns SET-Echo-In-Response", Echoed);
  add("STATE-consumer-initiation-error", "RFC 3538, 8.9.1 and 9.4.1(2)",
      "an Initiation that cannot be used makes the consumer's payment ProcessError",
      ConsumerProcessError);
  add("SET-8.4.2-initiation-response", "RFC 3538, 8.4.2(2); errata E-55",
      "a SET Initiation Response at StartPaymentPaymentHandler is answered by the next SET "
      "Initiation",
      NextInitiation);
  add("SET-8.4.2-initiation-paid", "RFC 3538, 8.4.2(2)",
      "after that a PInitReq and a PReq in ContinueProcess are paid", PaidAfterResponse);
  add("STATE-handler-initiation", "RFC 3538, 8.9.2 and 8.12",
      "a SET Initiation Response makes the payment InProgress, 20 percent", HandlerTwentyPercent);
  add("SET-9.4.1-response-syntax", "RFC 3538, 9.4.1(1)(b)",
      "a SET Initiation Response that cannot be read is EncapProtErr without scheme data",
      [](Context& c) { BadResponse(c, "no field\r\n"); });
  add("SET-9.4.1-response-brand", "RFC 3538, 9.4.1(1)(b)",
      "a SET Initiation Response with another brand is EncapProtErr without scheme data",
      [](Context& c) { BadResponse(c, "SET-Brand: JCB\r\n"); });
  add("SET-9.4.1-response-error", "set-initiation 5",
      "a SET Initiation Response with SET-Error-Field ends the payment: no message, ProcessError",
      ResponseWithError);
}

}  // namespace conform
