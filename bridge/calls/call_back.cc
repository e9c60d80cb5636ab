#include "bridge/calls/call_back.h"

#include <string>
#include <string_view>

#include "bridge/calls/pay_scheme.h"
#include "bridge/software_id.h"
#include "schema/reader.h"
#include "schema/writer.h"

namespace bridge {
namespace {

// The first language of CallBackLanguageList that we speak (RFC 3867, 4, CallBackLanguageList).
Language ChosenLanguage(const Call& call, const db::Payment& payment) {
  std::string_view list;
  if (payment.call_back_languages) list = *payment.call_back_languages;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(" \t\r\n"), list.size());
    if (const auto language = FindLanguage(list.substr(0, end))) return *language;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return LanguageOf(call.config().language);
}

std::string Paying(const db::Payment& payment, Language language) {
  const std::string amount = payment.amount.value_or("");
  const std::string currency = payment.curr_code.value_or("");
  const std::string payee = payment.merchant_name.value_or("");
  return Fill(
      Sentence(payee.empty() ? ProgressText::kPayingUnnamed : ProgressText::kPaying, language),
      language, {{"amount", amount}, {"currency", currency}, {"payee", payee}});
}

std::string StatusOf(const Ledger& ledger, Language language) {
  const Description* said = ledger.description();
  if (said != nullptr && said->text) return StatusDesc(*said, language);
  switch (ledger.state()) {
    case ProcessState::kNotYetStarted:
    case ProcessState::kInProgress:
      return std::string(Cut(Paying(ledger.payment(), language), kMaxStatusDesc));
    case ProcessState::kSuspended:
      return std::string(Sentence(ProgressText::kSuspended, language));
    case ProcessState::kCompletedOk:
      return std::string(Sentence(ProgressText::kCompletedOk, language));
    case ProcessState::kFailed:
      return std::string(Sentence(ProgressText::kFailed, language));
    case ProcessState::kProcessError:
      break;
  }
  return std::string(Sentence(ProgressText::kProcessError, language));
}

// RFC 3867 has the code in two spellings (E-2).
bool IsBusError(std::string_view code) {
  return code == schema::Name(schema::FaultCode::kBusError) || code == "BusinessError";
}

// An ErrorResponse BusError, or a CallBackResponse with ConsCancelled (E-117).  Anything else, what
// cannot be read included, lets the payment go on.
HostSays ReadAnswer(const Call& call, std::string_view answer) {
  schema::Limits limits;
  limits.max_octets = limits.max_text_octets = call.config().policy.max_message_bytes;
  const auto response = schema::ReadResponse(answer, limits);
  if (!response) {
    call.wallet.host.Log(LogLevel::kWarning, "the host's answer to a CallBack cannot be read");
    return HostSays::kGoOn;
  }
  const schema::Element& element = response->call();
  const bool refused = element.name == "ErrorResponse" && IsBusError(element.Value("ErrorCode"));
  const bool cancelled = element.name == "CallBackResponse" &&
                         element.Value("CompletionCode") == Name(CompletionCode::kConsCancelled);
  return refused || cancelled ? HostSays::kCancel : HostSays::kGoOn;
}

}  // namespace

HostSays TellHost(const Call& call, Ledger& ledger) {
  const bool news = ledger.TakeNews();
  const db::Payment& payment = ledger.payment();
  const std::string_view function =
      payment.call_back_function ? std::string_view(*payment.call_back_function) : "";
  if (!news || function.empty() || !call.wallet.host.can_be_called_back()) return HostSays::kGoOn;
  const Language language = ChosenLanguage(call, payment);
  schema::Node node("CallBack");
  node.Set("ContentSoftwareID", kSoftwareId)
      .Set("PayId", payment.pay_id)
      .Set("ProcessState", payment.process_state)
      .Set("PercentComplete", std::to_string(payment.percent_complete))
      .SetIf("CompletionCode", payment.completion_code)
      .Set("xml:lang", Tag(language))
      .Set("StatusDesc", StatusOf(ledger, language));
  const auto answer =
      call.wallet.host.CallBack(function, schema::WriteRequest(node, call.envelope));
  return answer ? ReadAnswer(call, *answer) : HostSays::kGoOn;
}

std::optional<Refusal> CancelByHost(const Call& call, Ledger& ledger, bool had_preq) {
  const bool consumer = ledger.role() == Role::kConsumer;
  if (IsFinal(ledger.state()) || (consumer && had_preq)) return std::nullopt;
  if (!ledger.Move(Event::kToFailed) || ledger.state() != ProcessState::kFailed) {
    return std::nullopt;
  }
  ledger.Fail(consumer ? CompletionCode::kConsCancelled : CompletionCode::kPaymtCancelled);
  ledger.Describe(StatusWords(
      call, consumer ? StatusText::kCancelledByConsumer : StatusText::kCancelledByPaymentHandler));
  return Refuse(schema::FaultCode::kBusError, call.name(), {},
                Detail::Said(*ledger.payment().status_desc))
      .value();
}

Checked<void> WishByHost(const Call& call, Ledger& ledger) {
  ledger.payment().wished_state = Name(ProcessState::kFailed);
  ledger.payment().wished_completion_code = Name(CompletionCode::kPaymtCancelled);
  ledger.Describe(StatusWords(call, StatusText::kOutcomeOpen));
  return ledger.Commit(call, {}, {});
}

void NoteCallBack(const Call& call, db::Payment& payment) {
  const schema::Element& request = call.request();
  if (const auto function = request.Find("CallBackFunction")) {
    payment.call_back_function = *function;
  }
  if (const auto languages = request.Find("CallBackLanguageList")) {
    payment.call_back_languages = *languages;
  }
}

}  // namespace bridge
