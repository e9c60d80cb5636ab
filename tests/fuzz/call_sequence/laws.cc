#include "fuzz/call_sequence/laws.h"

#include <sqlite3.h>

#include <algorithm>
#include <set>
#include <vector>

#include "bridge/state/process_state.h"
#include "fuzz/target.h"

namespace call_sequence {
namespace {

using bridge::Event;
using bridge::ProcessState;
using fuzz::Require;
using enum bridge::Event;

constexpr std::string_view kScheme = "PaySchemePackagedContent";

bool IsStart(std::string_view call) {
  return call == "StartPaymentConsumer" || call == "StartPaymentPaymentHandler";
}

bool IsActing(const Made& made) {
  return IsStart(made.call) || made.call == "ContinueProcess" ||
         (made.call == "InquirePaymentStatus" &&
          made.request.find(kScheme) != std::string_view::npos);
}

// ChangeProcessState with ProcessType Inquiry ends nothing that was not verified.
std::vector<Event> EventsOfReport(ProcessState reported) {
  if (reported == ProcessState::kFailed) return {kToFailedByInquiry};
  if (reported != ProcessState::kCompletedOk) return {};
  return {kToCompletedOkProven, kToCompletedOkByInquiry};
}

std::vector<Event> EventsOf(const Made& made) {
  const std::string_view call = made.call;
  if (IsStart(call)) {
    return {kStart, kContinue, kTechnicalError, kBusinessError, kSetCompleted, kReversed};
  }
  if (call == "ContinueProcess") {
    return {kContinue, kTechnicalError, kBusinessError, kSetCompleted, kReversed};
  }
  if (call == "ResumePaymentConsumer") return {kResume, kResumeAfterRestart};
  if (call == "ResumePaymentPaymentHandler") {
    return {kResume,        kResumeAfterRestart, kContinue, kTechnicalError,
            kBusinessError, kSetCompleted,       kReversed};
  }
  if (call.starts_with("FindAcceptedPayment") || call == "GetPaymentInitializationData") {
    return {kStart, kContinue};
  }
  if (call != "ChangeProcessState") return {};
  const ProcessState wanted = bridge::ParseProcessState(made.wanted).value();
  if (made.inquiry) return EventsOfReport(wanted);
  switch (wanted) {
    case ProcessState::kNotYetStarted:
      return {kToNotYetStarted};
    case ProcessState::kInProgress:
      return {kToInProgress};
    case ProcessState::kSuspended:
      return {kToSuspended};
    case ProcessState::kProcessError:
      return {kToProcessError};
    case ProcessState::kFailed:
      return {kToFailed, kReversed};
    case ProcessState::kCompletedOk:
      break;
  }
  return {kToCompletedOkProven, kToCompletedOkDisproven, kToCompletedOkUnseen,
          kToCompletedOkByInquiry};
}

// The states that `shown` may stand for: a payment handler shows Suspended as InProgress (E-74).
std::set<ProcessState> Meant(Role role, const Shown& shown) {
  if (shown.state.empty()) return {ProcessState::kNotYetStarted};
  const ProcessState state = bridge::ParseProcessState(shown.state).value();
  if (role == Role::kPaymentHandler && state == ProcessState::kInProgress) {
    return {state, ProcessState::kSuspended};
  }
  return {state};
}

bool MayMove(Role role, const std::vector<Event>& events, std::set<ProcessState> reached,
             const std::set<ProcessState>& wanted) {
  constexpr int kMovesInOneCall = 3;
  for (int moves = 0; moves <= kMovesInOneCall; ++moves) {
    const bool there = std::ranges::any_of(
        wanted, [&](const ProcessState state) { return reached.contains(state); });
    if (there) return true;
    const std::set<ProcessState> from = reached;
    for (const ProcessState state : from) {
      for (const Event event : events) {
        if (const auto next = bridge::Next(role, state, event)) reached.insert(*next);
      }
    }
  }
  return false;
}

// The rows of `sql` on a store that nobody has open, every column as text.
std::vector<std::vector<std::string>> Rows(const std::string& file, const char* sql) {
  sqlite3* store = nullptr;
  sqlite3_stmt* statement = nullptr;
  Require(sqlite3_open_v2(file.c_str(), &store, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
              sqlite3_prepare_v2(store, sql, -1, &statement, nullptr) == SQLITE_OK,
          "a store can be read");
  std::vector<std::vector<std::string>> rows;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    std::vector<std::string>& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      row.emplace_back(text == nullptr ? "" : text);
    }
  }
  sqlite3_finalize(statement);
  sqlite3_close(store);
  return rows;
}

const Standing* Find(const Acquirer& acquirer, const std::string& xid) {
  const auto found = acquirer.ledger().find(xid);
  return found == acquirer.ledger().end() ? nullptr : &found->second;
}

}  // namespace

bool MayBeGone(const Shown& shown) {
  constexpr std::int64_t kKeptMs = std::int64_t{400} * 86400 * 1000;  // keep_days of a profile
  const auto state = bridge::ParseProcessState(shown.state);
  const bool due =
      state && (*state == bridge::ProcessState::kNotYetStarted || bridge::IsFinal(*state));
  return due && shown.until_ms - shown.since_ms >= kKeptMs;
}

void CheckMove(const Made& made, const Shown& before, const Shown& after) {
  const Role role = RoleOf(made.wallet);
  if (!before.state.empty() && after.state.empty()) {
    Require(made.call == "RemovePaymentLog", "a payment is kept until it is removed");
    return;
  }
  std::vector<Event> events = EventsOf(made);
  // E-117: a host that cancels when it is called back learns so from this call's answer.
  if (made.answer.Value("ErrorCode") == "BusError") events.push_back(kBusinessError);
  Require(MayMove(role, events, Meant(role, before), Meant(role, after)),
          "ProcessState moves along the table");
  if (before.state == "InProgress" && after.state == "InProgress") {
    Require(after.percent >= before.percent, "PercentComplete does not fall");
  }
  const bool refused = made.answer.name == "ErrorResponse";
  if (refused && made.answer.Value("Severity") == "TransientError") {
    // A payment is InProgress from the moment that its request may be on its way to the acquirer,
    // whether the acquirer answers or not (E-71).
    const bool begins =
        IsStart(made.call) && (before.state.empty() || before.state == "NotYetStarted");
    const bool resumes = made.call == "ResumePaymentPaymentHandler" &&
                         before.state == "Suspended" && after.state == "InProgress";
    Require(begins || resumes || before.state == after.state, "TransientError changes no state");
  }
}

void Answers::Check(const Made& made, bool moved) {
  if (!IsActing(made)) return;
  Key key{made.wallet, std::string(made.pay_id), std::string(made.request)};
  const bool refused = made.answer.name == "ErrorResponse";
  const auto known = answers_.find(key);
  if (known != answers_.end()) {
    // Whoever does not know the passphrase learns nothing.
    const schema::Element* place = made.answer.Child("ErrorLocation");
    const bool locked = place != nullptr && (place->Value("AttName") == "Passphrase" ||
                                             made.answer.Value("ErrorCode") == "SystemBusy");
    Require((refused && locked) || known->second == made.response,
            "a repeated request gets the same octets");
    return;
  }
  if (!refused || (moved && made.answer.Value("Severity") != "TransientError")) {
    answers_.emplace(std::move(key), made.response);
  }
}

void Answers::Forget(std::size_t wallet, std::string_view pay_id) {
  std::erase_if(answers_, [&](const auto& entry) {
    return entry.first.wallet == wallet && entry.first.pay_id == pay_id;
  });
}

void Answers::Forget(std::size_t wallet, std::string_view pay_id, std::string_view request) {
  answers_.erase({wallet, std::string(pay_id), std::string(request)});
}

void CheckLedgers(Wallets& wallets, std::size_t wallet) {
  const auto rows = Rows(
      wallets.path(wallet) + "/wallet.db",
      "SELECT p.process_state, lower(hex(p.xid)), p.amount, p.curr_code,"
      " (SELECT count(*) FROM intent i WHERE i.payment = p.id AND i.settled IS NULL) FROM payment p"
      " WHERE p.xid IS NOT NULL");
  for (const auto& row : rows) {
    const std::string& state = row[0];
    const bool handles = RoleOf(wallet) == Role::kPaymentHandler;
    const Standing* standing =
        Find(wallets.acquirer(handles ? wallet : std::size_t{kHandler}), row[1]);
    if (!handles && standing == nullptr) {
      standing = Find(wallets.acquirer(kSaleHandler), row[1]);
    }
    if (state == "CompletedOk") {
      Require(standing != nullptr && standing->approved, "what is completed has been authorized");
      Require(standing->amount == row[2] && standing->curr_code == row[3],
              "the ledgers agree on the amount");
      Require(!handles || !standing->reversed || row[4] != "0",
              "what is completed has not been taken back");
    } else if (handles && (state == "Failed" || state == "ProcessError") && row[4] == "0") {
      Require(standing == nullptr || !standing->approved || standing->reversed,
              "what has failed has not been authorized, or has been taken back");
    }
  }
}

}  // namespace call_sequence
