// ALIAS: what RFC 3538 spells in a second way is taken as the first one (errata E-36, E-72), and
// never written.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "payment.h"

namespace conform {
namespace {

// --- colons at the end of a ProtocolBrandId (E-36) -----------------------------------------------

constexpr const char* kColons = "RFC 3538, 8.2.2; errata E-36";

// The deal is for "VISA:", and paid by the brand VISA.
void AddColon(Deal& deal) { deal.protocol_brand_id += ':'; }

void ColonFindsInstruments(Context& context) {
  Deal deal;
  const opb_wallet wallet = context.Open(kConsumer);
  const std::string without = context.Expect(wallet, FindPaymentInstrument(deal)).document;
  AddColon(deal);
  Require(context.Expect(wallet, FindPaymentInstrument(deal)).document == without,
          "other instruments are found for " + deal.protocol_brand_id);
}

void ColonPays(Context& context) {
  ConsumerPayment payment(context);
  AddColon(payment.deal);
  payment.Finish();
}

void ColonIsPaid(Context& context) {
  HandlerPayment payment(context);
  AddColon(payment.deal);
  payment.Pay();
}

void ColonIsWarnedOf(Context& context) {
  constexpr std::uint32_t kWarning = 2;  // opb.h, opb_host_log
  const auto warnings = [&] {
    return std::ranges::count(context.host().log(), kWarning, &LogLine::level);
  };
  const opb_wallet wallet = context.Open(kConsumer);
  Deal deal;
  context.Expect(wallet, FindPaymentInstrument(deal));
  const auto before = warnings();
  AddColon(deal);
  context.Expect(wallet, FindPaymentInstrument(deal));
  Require(warnings() > before, "the log has no warning of " + deal.protocol_brand_id);
}

// Of a module that refuses the colon there is nothing to see.
void ColonIsNotWritten(Context& context) {
  ConsumerPayment payment(context);
  AddColon(payment.deal);
  if (context.Send(payment.wallet, FindPaymentInstrument(payment.deal)).refused()) return;
  payment.Finish();  // judges the BrandID of PInitReq and PReq
  const Answer expanded =
      context.Expect(payment.wallet, ExpandPaymentReceipt(payment.pay_id(), payment.pres));
  Require(expanded.call().Get("ProtocolBrandId") == "VISA",
          "ProtocolBrandId is " + expanded.call().Get("ProtocolBrandId"));
}

// --- ProcessState (E-72) -------------------------------------------------------------------------

constexpr const char* kStates = "RFC 3538, 7.3.5; errata E-72";

struct StateAlias {
  const char* written;
  const char* state;
};

constexpr StateAlias kStateAliases[] = {
    {"Suspend", "Suspended"},
    {"failed", "Failed"},
    {"CompletedOK", "CompletedOk"},
};

// A payment that may go into any of the states.
void Bring(ConsumerPayment& payment, const StateAlias& alias) {
  if (alias.state == std::string_view("CompletedOk")) {
    payment.Finish();
  } else {
    payment.Start();
  }
}

void StateIsTaken(Context& context, const StateAlias& alias) {
  ConsumerPayment payment(context);
  Bring(payment, alias);
  payment.Change(alias.written);
  payment.ExpectState(alias.state);
}

// Of a module that refuses the alias the state still is one of RFC 3867.
void StateIsNotWritten(Context& context, const StateAlias& alias) {
  constexpr std::string_view kWritten[] = {"InProgress", "Suspended", "CompletedOk", "Failed",
                                           "ProcessError"};
  const auto check = [&](const Answer& answer) {
    if (answer.refused()) return;
    const std::string state = answer.call().Get("ProcessState");
    Require(std::ranges::find(kWritten, state) != std::end(kWritten),
            fmt::format("ProcessState {} is answered as {}", alias.written, state));
  };
  ConsumerPayment payment(context);
  Bring(payment, alias);
  check(context.Send(payment.wallet, ChangeProcessState(payment.pay_id(), alias.written)));
  check(payment.Inquire());
}

}  // namespace

void AddAliasRules(Rules& rules) {
  const auto add = [&](const char* id, const char* sentence, Level level, void (*check)(Context&)) {
    rules.push_back({id, kColons, sentence, level, check});
  };
  add("ALIAS-ProtocolBrandId-find", "the instruments for VISA: are those for VISA", Level::kShould,
      ColonFindsInstruments);
  add("ALIAS-ProtocolBrandId-consumer", "a consumer pays for VISA: as for VISA", Level::kShould,
      ColonPays);
  add("ALIAS-ProtocolBrandId-handler", "a payment handler is paid for VISA: as for VISA",
      Level::kShould, ColonIsPaid);
  add("ALIAS-ProtocolBrandId-warned", "the log warns of a ProtocolBrandId that ends in a colon",
      Level::kShould, ColonIsWarnedOf);
  add("ALIAS-ProtocolBrandId-written",
      "a ProtocolBrandId that came with a colon at its end is not written with it, nor a BrandID",
      Level::kMust, ColonIsNotWritten);
  for (const StateAlias& alias : kStateAliases) {
    rules.push_back(
        {fmt::format("ALIAS-ProcessState-{}", alias.written), kStates,
         fmt::format("ChangeProcessState({}) makes the payment {}", alias.written, alias.state),
         Level::kShould, [&alias](Context& context) { StateIsTaken(context, alias); }});
    rules.push_back(
        {fmt::format("ALIAS-ProcessState-{}-written", alias.written), kStates,
         fmt::format("after ChangeProcessState({}) answers have a ProcessState of RFC 3867",
                     alias.written),
         Level::kMust, [&alias](Context& context) { StateIsNotWritten(context, alias); }});
  }
}

}  // namespace conform
