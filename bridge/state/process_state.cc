#include "bridge/state/process_state.h"

#include <algorithm>
#include <array>

namespace bridge {
namespace {

using enum Event;
using S = ProcessState;

constexpr Role kC = Role::kConsumer;
constexpr Role kM = Role::kMerchant;
constexpr Role kP = Role::kPaymentHandler;
constexpr S kNone = S::kNotYetStarted;
constexpr S kBusy = S::kInProgress;
constexpr S kHeld = S::kSuspended;
constexpr S kDone = S::kCompletedOk;
constexpr S kFail = S::kFailed;
constexpr S kErr = S::kProcessError;

constexpr Transition kTransitions[] = {
    // Consumer, "No Status" (8.9.1, E-76).  ChangeProcessState is too early and changes nothing
    // (E-77).
    {kC, kNone, kStart, kBusy},
    {kC, kNone, kToNotYetStarted, kNone},
    {kC, kNone, kToInProgress, kNone},
    {kC, kNone, kToSuspended, kNone},
    {kC, kNone, kToProcessError, kNone},
    {kC, kNone, kToFailed, kNone},
    {kC, kNone, kToCompletedOkProven, kNone},
    {kC, kNone, kToCompletedOkDisproven, kNone},
    {kC, kNone, kToCompletedOkUnseen, kNone},
    {kC, kNone, kToCompletedOkByInquiry, kNone},
    {kC, kNone, kToFailedByInquiry, kNone},

    // Consumer, InProgress (8.9.1).
    {kC, kBusy, kContinue, kBusy},
    {kC, kBusy, kResumeAfterRestart, kBusy},  // E-118
    {kC, kBusy, kTechnicalError, kErr},
    {kC, kBusy, kBusinessError, kFail},  // D-69
    {kC, kBusy, kToNotYetStarted, kBusy},
    {kC, kBusy, kToInProgress, kBusy},
    {kC, kBusy, kToSuspended, kHeld},
    {kC, kBusy, kToProcessError, kErr},
    {kC, kBusy, kToFailed, kFail},  // E-71
    {kC, kBusy, kToCompletedOkProven, kDone},
    {kC, kBusy, kToCompletedOkDisproven, kFail},
    {kC, kBusy, kToCompletedOkUnseen, kBusy},  // D-71
    {kC, kBusy, kToCompletedOkByInquiry, kDone},
    {kC, kBusy, kToFailedByInquiry, kFail},

    // Consumer, Suspended (8.9.1; E-75 for Failed and CompletedOk).
    {kC, kHeld, kResume, kBusy},
    {kC, kHeld, kResumeAfterRestart, kBusy},
    {kC, kHeld, kTechnicalError, kErr},
    {kC, kHeld, kToNotYetStarted, kHeld},
    {kC, kHeld, kToInProgress, kHeld},
    {kC, kHeld, kToSuspended, kHeld},
    {kC, kHeld, kToProcessError, kErr},
    {kC, kHeld, kToFailed, kFail},
    {kC, kHeld, kToCompletedOkProven, kHeld},
    {kC, kHeld, kToCompletedOkDisproven, kFail},
    {kC, kHeld, kToCompletedOkUnseen, kHeld},
    {kC, kHeld, kToCompletedOkByInquiry, kDone},
    {kC, kHeld, kToFailedByInquiry, kFail},

    // Consumer, final states: the old one is reported (RFC 3867, 4.3.6).
    {kC, kDone, kToNotYetStarted, kDone},
    {kC, kDone, kToInProgress, kDone},
    {kC, kDone, kToSuspended, kDone},
    {kC, kDone, kToProcessError, kDone},
    {kC, kDone, kToFailed, kDone},
    {kC, kDone, kToCompletedOkProven, kDone},
    {kC, kDone, kToCompletedOkDisproven, kDone},
    {kC, kDone, kToCompletedOkUnseen, kDone},
    {kC, kDone, kToCompletedOkByInquiry, kDone},
    {kC, kDone, kToFailedByInquiry, kDone},
    {kC, kFail, kToNotYetStarted, kFail},
    {kC, kFail, kToInProgress, kFail},
    {kC, kFail, kToSuspended, kFail},
    {kC, kFail, kToProcessError, kFail},
    {kC, kFail, kToFailed, kFail},
    {kC, kFail, kToCompletedOkProven, kFail},
    {kC, kFail, kToCompletedOkDisproven, kFail},
    {kC, kFail, kToCompletedOkUnseen, kFail},
    {kC, kFail, kToCompletedOkByInquiry, kFail},
    {kC, kFail, kToFailedByInquiry, kFail},
    {kC, kErr, kToNotYetStarted, kErr},
    {kC, kErr, kToInProgress, kErr},
    {kC, kErr, kToSuspended, kErr},
    {kC, kErr, kToProcessError, kErr},
    {kC, kErr, kToFailed, kErr},
    {kC, kErr, kToCompletedOkProven, kErr},
    {kC, kErr, kToCompletedOkDisproven, kErr},
    {kC, kErr, kToCompletedOkUnseen, kErr},
    {kC, kErr, kToCompletedOkByInquiry, kErr},
    {kC, kErr, kToFailedByInquiry, kErr},

    // Merchant (RFC 3867, Table 5): the order, not the payment, is completed, so no PRes is asked
    // for.
    {kM, kNone, kStart, kBusy},
    {kM, kNone, kToNotYetStarted, kNone},
    {kM, kNone, kToInProgress, kNone},
    {kM, kNone, kToSuspended, kNone},
    {kM, kNone, kToProcessError, kNone},
    {kM, kNone, kToFailed, kNone},
    {kM, kNone, kToCompletedOkUnseen, kNone},
    {kM, kBusy, kStart, kBusy},
    {kM, kBusy, kContinue, kBusy},
    {kM, kBusy, kToNotYetStarted, kBusy},
    {kM, kBusy, kToInProgress, kBusy},
    {kM, kBusy, kToSuspended, kHeld},
    {kM, kBusy, kToProcessError, kErr},
    {kM, kBusy, kToFailed, kFail},
    {kM, kBusy, kToCompletedOkUnseen, kDone},
    {kM, kHeld, kStart, kBusy},  // the whole brand compilation is repeated (RFC 3867, Table 6)
    {kM, kHeld, kToNotYetStarted, kHeld},
    {kM, kHeld, kToInProgress, kBusy},
    {kM, kHeld, kToSuspended, kHeld},
    {kM, kHeld, kToProcessError, kErr},
    {kM, kHeld, kToFailed, kFail},
    {kM, kHeld, kToCompletedOkUnseen, kHeld},
    {kM, kDone, kToNotYetStarted, kDone},
    {kM, kDone, kToInProgress, kDone},
    {kM, kDone, kToSuspended, kDone},
    {kM, kDone, kToProcessError, kDone},
    {kM, kDone, kToFailed, kDone},
    {kM, kDone, kToCompletedOkUnseen, kDone},
    {kM, kFail, kToNotYetStarted, kFail},
    {kM, kFail, kToInProgress, kFail},
    {kM, kFail, kToSuspended, kFail},
    {kM, kFail, kToProcessError, kFail},
    {kM, kFail, kToFailed, kFail},
    {kM, kFail, kToCompletedOkUnseen, kFail},
    {kM, kErr, kToNotYetStarted, kErr},
    {kM, kErr, kToInProgress, kErr},
    {kM, kErr, kToSuspended, kErr},
    {kM, kErr, kToProcessError, kErr},
    {kM, kErr, kToFailed, kErr},
    {kM, kErr, kToCompletedOkUnseen, kErr},

    // Payment handler, "No Status" (8.9.2).
    {kP, kNone, kStart, kBusy},
    {kP, kNone, kToNotYetStarted, kNone},
    {kP, kNone, kToInProgress, kNone},
    {kP, kNone, kToSuspended, kNone},
    {kP, kNone, kToProcessError, kNone},
    {kP, kNone, kToFailed, kNone},
    {kP, kNone, kToCompletedOkProven, kNone},
    {kP, kNone, kToCompletedOkDisproven, kNone},
    {kP, kNone, kToCompletedOkUnseen, kNone},

    // Payment handler, InProgress (8.9.2).
    {kP, kBusy, kContinue, kBusy},
    {kP, kBusy, kResumeAfterRestart, kBusy},  // E-65
    {kP, kBusy, kTechnicalError, kErr},
    {kP, kBusy, kBusinessError, kFail},
    {kP, kBusy, kSetCompleted, kDone},
    {kP, kBusy, kToNotYetStarted, kBusy},
    {kP, kBusy, kToInProgress, kBusy},
    {kP, kBusy, kToSuspended, kHeld},
    {kP, kBusy, kToProcessError, kErr},
    {kP, kBusy, kToFailed, kFail},
    {kP, kBusy, kToCompletedOkProven, kDone},
    {kP, kBusy, kToCompletedOkDisproven, kFail},
    {kP, kBusy, kToCompletedOkUnseen, kBusy},  // E-77
    {kP, kBusy, kOpenToSuspended, kBusy},
    {kP, kBusy, kOpenToProcessError, kBusy},
    {kP, kBusy, kOpenToFailed, kBusy},
    {kP, kBusy, kOpenTechnicalError, kBusy},

    // Payment handler, Suspended (E-74).
    {kP, kHeld, kResume, kBusy},
    {kP, kHeld, kResumeAfterRestart, kBusy},
    {kP, kHeld, kTechnicalError, kErr},
    {kP, kHeld, kToNotYetStarted, kHeld},
    {kP, kHeld, kToInProgress, kBusy},
    {kP, kHeld, kToSuspended, kHeld},
    {kP, kHeld, kToProcessError, kErr},
    {kP, kHeld, kToFailed, kFail},
    {kP, kHeld, kToCompletedOkProven, kHeld},
    {kP, kHeld, kToCompletedOkDisproven, kFail},
    {kP, kHeld, kToCompletedOkUnseen, kHeld},

    // Payment handler, CompletedOk: only the acquirer's reversal leads away (E-73).  A further PReq
    // is answered with the recorded outcome.
    {kP, kDone, kContinue, kDone},
    {kP, kDone, kReversed, kFail},
    {kP, kDone, kToNotYetStarted, kDone},
    {kP, kDone, kToInProgress, kDone},
    {kP, kDone, kToSuspended, kDone},
    {kP, kDone, kToProcessError, kDone},
    {kP, kDone, kToFailed, kDone},
    {kP, kDone, kToCompletedOkProven, kDone},
    {kP, kDone, kToCompletedOkDisproven, kDone},
    {kP, kDone, kToCompletedOkUnseen, kDone},

    // Payment handler, the other final states.
    {kP, kFail, kToNotYetStarted, kFail},
    {kP, kFail, kToInProgress, kFail},
    {kP, kFail, kToSuspended, kFail},
    {kP, kFail, kToProcessError, kFail},
    {kP, kFail, kToFailed, kFail},
    {kP, kFail, kToCompletedOkProven, kFail},
    {kP, kFail, kToCompletedOkDisproven, kFail},
    {kP, kFail, kToCompletedOkUnseen, kFail},
    {kP, kErr, kToNotYetStarted, kErr},
    {kP, kErr, kToInProgress, kErr},
    {kP, kErr, kToSuspended, kErr},
    {kP, kErr, kToProcessError, kErr},
    {kP, kErr, kToFailed, kErr},
    {kP, kErr, kToCompletedOkProven, kErr},
    {kP, kErr, kToCompletedOkDisproven, kErr},
    {kP, kErr, kToCompletedOkUnseen, kErr},
};

constexpr std::array<std::string_view, 6> kNames = {"NotYetStarted", "InProgress", "Suspended",
                                                    "CompletedOk",   "Failed",     "ProcessError"};

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool EqualsIgnoringCase(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

}  // namespace

std::span<const Transition> Transitions() { return kTransitions; }

std::optional<ProcessState> Next(Role role, ProcessState from, Event event) {
  const auto found =
      std::find_if(std::begin(kTransitions), std::end(kTransitions), [&](const Transition& row) {
        return row.role == role && row.from == from && row.event == event;
      });
  if (found == std::end(kTransitions)) return std::nullopt;
  return found->to;
}

bool IsFinal(ProcessState state) {
  return state == S::kCompletedOk || state == S::kFailed || state == S::kProcessError;
}

std::string_view Name(ProcessState state) { return kNames[static_cast<std::size_t>(state)]; }

std::optional<ProcessState> ParseProcessState(std::string_view text) {
  if (EqualsIgnoringCase(text, "Suspend")) return S::kSuspended;  // E-72
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (EqualsIgnoringCase(text, kNames[i])) return static_cast<S>(i);
  }
  return std::nullopt;
}

}  // namespace bridge
