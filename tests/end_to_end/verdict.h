// Verdict: what a response says, in one line, so that a table of bad inputs can name it; and the
// ledger as text, so that a test can say that nothing changed.
#ifndef TESTS_END_TO_END_VERDICT_H_
#define TESTS_END_TO_END_VERDICT_H_

#include <string>
#include <string_view>
#include <vector>

#include "end_to_end/market.h"
#include "setcore/octets.h"

namespace market {

// Verdict writes an ErrorResponse as
//   CODE ELEMENT[@ATTRIBUTE][, again in N s][, with MESSAGE]
// "again in N s" stands for Severity TransientError with MinRetrySecs N; HardError says nothing.
// MESSAGE is "PRes CODE", "Initiation Response", "signed Error CODE" (the signature was verified
// against the market's root) or "unsigned Error CODE".  Any other response element is
//   ELEMENT[ CONTSTATUS][, with MESSAGE]
// and a document that is no response "unreadable".
std::string Verdict(const Market& market, std::string_view response);

// `attribute` of every child `element` of the response's call.
std::vector<std::string> Values(std::string_view response, std::string_view element,
                                std::string_view attribute);

// "STATE PERCENT", or "absent".
std::string StateOf(const Market& market, Role role, const std::string& pay_id);
std::string StateOf(const Market& market, Role role, const Purchase& purchase);
std::string StatusDescOf(const Market& market, Role role, const Purchase& purchase);

// All that a wallet's store holds of payments.
std::string Ledger(const Market& market, Role role);

// The consumer of the purchase whose PayIds end in `suffix` asks the payment handler by InqReq;
// gives the answer, which the consumer has not seen yet.
std::string Inquire(Market& market, const std::string& suffix);

// A ContinueProcess request; `name` is the Name of its PaySchemePackagedContent.
std::string ContinueRequest(std::string_view pay_id, std::string_view base64,
                            std::string_view name = {});
std::string ContinueRequest(std::string_view pay_id, const setcore::Octets& message,
                            std::string_view name = {});

// `text` with its first `from` turned into `to`; throws if there is none.
std::string Replaced(std::string text, std::string_view from, std::string_view to);
// `text` with the value of the first attribute `name="…"` turned into `value`.
std::string WithAttribute(const std::string& text, const std::string& name,
                          const std::string& value);
// `text` without that attribute.
std::string WithoutAttribute(const std::string& text, const std::string& name);
// `text` with `more` behind the name of the first element `element`.
std::string With(const std::string& text, const std::string& element, const std::string& more);
// The text inside the first element `element`; `text` with another one; `text` without the element.
std::string ContentOf(const std::string& text, const std::string& element);
std::string WithContent(const std::string& text, const std::string& element,
                        const std::string& content);
std::string WithoutElement(const std::string& text, const std::string& element);

}  // namespace market

#endif  // TESTS_END_TO_END_VERDICT_H_
