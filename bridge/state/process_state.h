// ProcessState and the moves between its values: RFC 3538, 8.9.1 and 8.9.2, with RFC 3867, Tables 5
// to 7.  One table; a move that stands in no row is refused, and nothing changes.
#ifndef BRIDGE_STATE_PROCESS_STATE_H_
#define BRIDGE_STATE_PROCESS_STATE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "bridge/state/role.h"

namespace bridge {

enum class ProcessState : std::uint8_t {
  kNotYetStarted,
  kInProgress,
  kSuspended,
  kCompletedOk,
  kFailed,
  kProcessError,
};

// Event is what a payment meets.  ChangeProcessState(CompletedOk) and (Failed) are several events,
// because the answer depends on what the bridge has seen itself.
enum class Event : std::uint8_t {
  // StartPaymentConsumer, StartPaymentPaymentHandler accepted, or the merchant's
  // FindAcceptedPaymentBrand.  What goes wrong inside the call is a second event after this one.
  kStart,
  // ContinueProcess, or a later brand compilation call; what comes of it is a second event.
  kContinue,
  kResume,              // ResumePaymentConsumer, ResumePaymentPaymentHandler
  kResumeAfterRestart,  // the same, for a payment that was pending when the wallet was opened

  kTechnicalError,  // a Hard Error in the bridge; a SET Error made or received (9.4)
  kBusinessError,   // a refused PRes made or verified, orderRejected, cancelled by CallBack (9.5)
  kSetCompleted,    // payment handler: a good PRes exists (8.9.2)
  kReversed,        // payment handler: the acquirer has reversed the authorization (E-73)

  kToNotYetStarted,         // ChangeProcessState(NotYetStarted)
  kToInProgress,            // ChangeProcessState(InProgress)
  kToSuspended,             // ChangeProcessState(Suspended)
  kToProcessError,          // ChangeProcessState(ProcessError)
  kToFailed,                // ChangeProcessState(Failed)
  kToCompletedOkProven,     // ChangeProcessState(CompletedOk), a good PRes was seen
  kToCompletedOkDisproven,  // … a refused PRes was seen
  kToCompletedOkUnseen,     // … no PRes was seen

  // ProcessType Inquiry: what the payment handler reports, where a verified InqRes bears it out.
  kToCompletedOkByInquiry,  // it is positive (E-75)
  kToFailedByInquiry,       // it says for good that nothing is paid

  // Payment handler, while the outcome of an acquirer exchange is open (E-71).
  kOpenToSuspended,
  kOpenToProcessError,
  kOpenToFailed,
  kOpenTechnicalError,  // an undecodable or unverifiable message came in between
};

// Transition is one row: an arrow of 8.9, or of the errata that correct it.
struct Transition {
  Role role;
  ProcessState from;
  Event event;
  ProcessState to;  // equal to `from`: answered with the old state, nothing changes
};

// Transitions is the whole table, ordered by role, from, event.
std::span<const Transition> Transitions();

// Next gives the state after `event`, or nothing if the call must be refused (BusError: "some
// payment transaction has an illegal payment status", RFC 3867, Table 2).
std::optional<ProcessState> Next(Role role, ProcessState from, Event event);

// IsFinal: CompletedOk, Failed and ProcessError are not changed by later calls (RFC 3867, 4.3.6),
// but for E-73.
bool IsFinal(ProcessState state);

// Name and ParseProcessState use the spelling of RFC 3867 (E-72); parsing also takes the
// "CompletedOK", "Failed" and "Suspend" of RFC 3538 in any case of letters.
std::string_view Name(ProcessState state);
std::optional<ProcessState> ParseProcessState(std::string_view text);

}  // namespace bridge

#endif  // BRIDGE_STATE_PROCESS_STATE_H_
