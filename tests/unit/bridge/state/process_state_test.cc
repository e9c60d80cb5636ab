#include "bridge/state/process_state.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace bridge {
namespace {

constexpr std::array kRoles = {Role::kConsumer, Role::kMerchant, Role::kPaymentHandler};
constexpr std::array kStates = {ProcessState::kNotYetStarted, ProcessState::kInProgress,
                                ProcessState::kSuspended,     ProcessState::kCompletedOk,
                                ProcessState::kFailed,        ProcessState::kProcessError};
constexpr int kLastEvent = static_cast<int>(Event::kOpenTechnicalError);

// ChangeProcessState, as a role can meet it.
std::vector<Event> Changes(Role role) {
  std::vector<Event> events = {Event::kToNotYetStarted, Event::kToInProgress,
                               Event::kToSuspended,     Event::kToProcessError,
                               Event::kToFailed,        Event::kToCompletedOkUnseen};
  if (role == Role::kMerchant) return events;
  events.push_back(Event::kToCompletedOkProven);
  events.push_back(Event::kToCompletedOkDisproven);
  if (role == Role::kConsumer) {
    events.push_back(Event::kToCompletedOkByInquiry);
    events.push_back(Event::kToFailedByInquiry);
  }
  return events;
}

// The arrows; what ChangeProcessState leaves alone in the other states is expected by rule below.
const Transition kArrows[] = {
    // RFC 3538, 8.9.1 consumer.
    {Role::kConsumer, ProcessState::kNotYetStarted, Event::kStart, ProcessState::kInProgress},
    {Role::kConsumer, ProcessState::kInProgress, Event::kContinue, ProcessState::kInProgress},
    {Role::kConsumer, ProcessState::kInProgress, Event::kResumeAfterRestart,
     ProcessState::kInProgress},
    {Role::kConsumer, ProcessState::kInProgress, Event::kTechnicalError,
     ProcessState::kProcessError},
    {Role::kConsumer, ProcessState::kInProgress, Event::kBusinessError, ProcessState::kFailed},
    {Role::kConsumer, ProcessState::kInProgress, Event::kToSuspended, ProcessState::kSuspended},
    {Role::kConsumer, ProcessState::kInProgress, Event::kToProcessError,
     ProcessState::kProcessError},
    {Role::kConsumer, ProcessState::kInProgress, Event::kToFailed, ProcessState::kFailed},
    {Role::kConsumer, ProcessState::kInProgress, Event::kToInProgress, ProcessState::kInProgress},
    {Role::kConsumer, ProcessState::kInProgress, Event::kToNotYetStarted,
     ProcessState::kInProgress},
    {Role::kConsumer, ProcessState::kInProgress, Event::kToCompletedOkProven,
     ProcessState::kCompletedOk},
    {Role::kConsumer, ProcessState::kInProgress, Event::kToCompletedOkDisproven,
     ProcessState::kFailed},
    {Role::kConsumer, ProcessState::kInProgress, Event::kToCompletedOkUnseen,
     ProcessState::kInProgress},
    {Role::kConsumer, ProcessState::kInProgress, Event::kToCompletedOkByInquiry,
     ProcessState::kCompletedOk},
    {Role::kConsumer, ProcessState::kInProgress, Event::kToFailedByInquiry, ProcessState::kFailed},
    {Role::kConsumer, ProcessState::kSuspended, Event::kResume, ProcessState::kInProgress},
    {Role::kConsumer, ProcessState::kSuspended, Event::kResumeAfterRestart,
     ProcessState::kInProgress},
    {Role::kConsumer, ProcessState::kSuspended, Event::kTechnicalError,
     ProcessState::kProcessError},
    {Role::kConsumer, ProcessState::kSuspended, Event::kToProcessError,
     ProcessState::kProcessError},
    {Role::kConsumer, ProcessState::kSuspended, Event::kToFailed, ProcessState::kFailed},
    {Role::kConsumer, ProcessState::kSuspended, Event::kToSuspended, ProcessState::kSuspended},
    {Role::kConsumer, ProcessState::kSuspended, Event::kToInProgress, ProcessState::kSuspended},
    {Role::kConsumer, ProcessState::kSuspended, Event::kToNotYetStarted, ProcessState::kSuspended},
    {Role::kConsumer, ProcessState::kSuspended, Event::kToCompletedOkProven,
     ProcessState::kSuspended},
    {Role::kConsumer, ProcessState::kSuspended, Event::kToCompletedOkDisproven,
     ProcessState::kFailed},
    {Role::kConsumer, ProcessState::kSuspended, Event::kToCompletedOkUnseen,
     ProcessState::kSuspended},
    {Role::kConsumer, ProcessState::kSuspended, Event::kToCompletedOkByInquiry,
     ProcessState::kCompletedOk},
    {Role::kConsumer, ProcessState::kSuspended, Event::kToFailedByInquiry, ProcessState::kFailed},
    // RFC 3867, Table 5 merchant.
    {Role::kMerchant, ProcessState::kNotYetStarted, Event::kStart, ProcessState::kInProgress},
    {Role::kMerchant, ProcessState::kInProgress, Event::kStart, ProcessState::kInProgress},
    {Role::kMerchant, ProcessState::kInProgress, Event::kContinue, ProcessState::kInProgress},
    {Role::kMerchant, ProcessState::kInProgress, Event::kToNotYetStarted,
     ProcessState::kInProgress},
    {Role::kMerchant, ProcessState::kInProgress, Event::kToInProgress, ProcessState::kInProgress},
    {Role::kMerchant, ProcessState::kInProgress, Event::kToSuspended, ProcessState::kSuspended},
    {Role::kMerchant, ProcessState::kInProgress, Event::kToProcessError,
     ProcessState::kProcessError},
    {Role::kMerchant, ProcessState::kInProgress, Event::kToFailed, ProcessState::kFailed},
    {Role::kMerchant, ProcessState::kInProgress, Event::kToCompletedOkUnseen,
     ProcessState::kCompletedOk},
    {Role::kMerchant, ProcessState::kSuspended, Event::kStart, ProcessState::kInProgress},
    {Role::kMerchant, ProcessState::kSuspended, Event::kToNotYetStarted, ProcessState::kSuspended},
    {Role::kMerchant, ProcessState::kSuspended, Event::kToInProgress, ProcessState::kInProgress},
    {Role::kMerchant, ProcessState::kSuspended, Event::kToSuspended, ProcessState::kSuspended},
    {Role::kMerchant, ProcessState::kSuspended, Event::kToProcessError,
     ProcessState::kProcessError},
    {Role::kMerchant, ProcessState::kSuspended, Event::kToFailed, ProcessState::kFailed},
    {Role::kMerchant, ProcessState::kSuspended, Event::kToCompletedOkUnseen,
     ProcessState::kSuspended},
    // RFC 3538, 8.9.2 payment handler.
    {Role::kPaymentHandler, ProcessState::kNotYetStarted, Event::kStart, ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kContinue, ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kResumeAfterRestart,
     ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kTechnicalError,
     ProcessState::kProcessError},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kBusinessError,
     ProcessState::kFailed},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kSetCompleted,
     ProcessState::kCompletedOk},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kToNotYetStarted,
     ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kToInProgress,
     ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kToSuspended,
     ProcessState::kSuspended},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kToProcessError,
     ProcessState::kProcessError},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kToFailed, ProcessState::kFailed},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kToCompletedOkProven,
     ProcessState::kCompletedOk},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kToCompletedOkDisproven,
     ProcessState::kFailed},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kToCompletedOkUnseen,
     ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kOpenToSuspended,
     ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kOpenToProcessError,
     ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kOpenToFailed,
     ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kInProgress, Event::kOpenTechnicalError,
     ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kSuspended, Event::kResume, ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kSuspended, Event::kResumeAfterRestart,
     ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kSuspended, Event::kTechnicalError,
     ProcessState::kProcessError},
    {Role::kPaymentHandler, ProcessState::kSuspended, Event::kToNotYetStarted,
     ProcessState::kSuspended},
    {Role::kPaymentHandler, ProcessState::kSuspended, Event::kToInProgress,
     ProcessState::kInProgress},
    {Role::kPaymentHandler, ProcessState::kSuspended, Event::kToSuspended,
     ProcessState::kSuspended},
    {Role::kPaymentHandler, ProcessState::kSuspended, Event::kToProcessError,
     ProcessState::kProcessError},
    {Role::kPaymentHandler, ProcessState::kSuspended, Event::kToFailed, ProcessState::kFailed},
    {Role::kPaymentHandler, ProcessState::kSuspended, Event::kToCompletedOkProven,
     ProcessState::kSuspended},
    {Role::kPaymentHandler, ProcessState::kSuspended, Event::kToCompletedOkDisproven,
     ProcessState::kFailed},
    {Role::kPaymentHandler, ProcessState::kSuspended, Event::kToCompletedOkUnseen,
     ProcessState::kSuspended},
    {Role::kPaymentHandler, ProcessState::kCompletedOk, Event::kContinue,
     ProcessState::kCompletedOk},
    {Role::kPaymentHandler, ProcessState::kCompletedOk, Event::kReversed, ProcessState::kFailed},
};

std::optional<ProcessState> Expected(Role role, ProcessState from, Event event) {
  for (const Transition& row : kArrows) {
    if (row.role == role && row.from == from && row.event == event) return row.to;
  }
  const auto changes = Changes(role);
  const bool change = std::find(changes.begin(), changes.end(), event) != changes.end();
  // Too early, or too late: answered with the state as it is (E-77; RFC 3867, 4.3.6).
  if (change && (from == ProcessState::kNotYetStarted || IsFinal(from))) return from;
  return std::nullopt;
}

TEST(ProcessState, EveryStateMeetsEveryEventAsTheTablesSay) {
  int moves = 0;
  for (const Role role : kRoles) {
    for (const ProcessState from : kStates) {
      for (int event = 0; event <= kLastEvent; ++event) {
        const auto next = Next(role, from, static_cast<Event>(event));
        EXPECT_EQ(next, Expected(role, from, static_cast<Event>(event)))
            << static_cast<int>(role) << " " << Name(from) << " event " << event;
        moves += next.has_value() ? 1 : 0;
      }
    }
  }
  EXPECT_EQ(moves, static_cast<int>(Transitions().size()));
}

TEST(ProcessState, NoRowStandsTwice) {
  const auto rows = Transitions();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      EXPECT_FALSE(rows[i].role == rows[j].role && rows[i].from == rows[j].from &&
                   rows[i].event == rows[j].event)
          << i << " " << j;
    }
  }
}

TEST(ProcessState, ChangeProcessStateIsNeverRefused) {
  for (const Role role : kRoles) {
    for (const ProcessState from : kStates) {
      for (const Event event : Changes(role)) EXPECT_TRUE(Next(role, from, event));
    }
  }
}

TEST(ProcessState, OnlyAReversalLeavesAFinalState) {
  for (const Transition& row : Transitions()) {
    if (!IsFinal(row.from) || row.from == row.to) continue;
    EXPECT_EQ(row.role, Role::kPaymentHandler);
    EXPECT_EQ(row.from, ProcessState::kCompletedOk);
    EXPECT_EQ(row.event, Event::kReversed);
    EXPECT_EQ(row.to, ProcessState::kFailed);
  }
}

TEST(ProcessState, NothingLeadsBackToNotYetStarted) {
  for (const Transition& row : Transitions()) {
    EXPECT_TRUE(row.to != ProcessState::kNotYetStarted || row.from == row.to);
  }
}

TEST(ProcessState, NamesAreThoseOfThePaymentApi) {
  const char* names[] = {"NotYetStarted", "InProgress", "Suspended",
                         "CompletedOk",   "Failed",     "ProcessError"};
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    EXPECT_EQ(Name(kStates[i]), names[i]);
    EXPECT_EQ(ParseProcessState(names[i]), kStates[i]);
  }
  EXPECT_EQ(ParseProcessState("CompletedOK"), ProcessState::kCompletedOk);
  EXPECT_EQ(ParseProcessState("failed"), ProcessState::kFailed);
  EXPECT_EQ(ParseProcessState("Suspend"), ProcessState::kSuspended);
  EXPECT_EQ(ParseProcessState("Done"), std::nullopt);
  EXPECT_EQ(ParseProcessState(""), std::nullopt);
}

}  // namespace
}  // namespace bridge
