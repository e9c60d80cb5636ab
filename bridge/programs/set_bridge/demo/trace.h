// What a demonstration shows: one line per API call and SET message, each of them as a file, and
// the same as a page, where one is wanted.
#ifndef BRIDGE_PROGRAMS_SET_BRIDGE_DEMO_TRACE_H_
#define BRIDGE_PROGRAMS_SET_BRIDGE_DEMO_TRACE_H_

#include <string>
#include <string_view>

#include "bridge/programs/oac/purchase.h"
#include "bridge/programs/set_bridge/html_page.h"
#include "bridge/state/role.h"
#include "setcore/octets.h"

namespace bridge::programs {

class Trace {
 public:
  // `directory` exists.  `page` is null or takes everything that is shown.
  Trace(std::string directory, HtmlPage* page) : directory_(std::move(directory)), page_(page) {}

  // Add prints a call and the SET message that its response hands on.
  void Add(Role role, const std::string& request, const std::string& response);

  // AddAcquirer prints the messages that payment handler and gateway exchanged for a payment, read
  // from the handler's wallet.
  void AddAcquirer(const std::string& wallet, const std::string& pay_id);

  // The first file that could not be written, in a sentence; empty: all were.
  const std::string& trouble() const { return trouble_; }

 private:
  // Files begin with the number of the call that they belong to.
  void Message(int number, std::string_view from, std::string_view to, setcore::OctetView octets);
  void Write(int number, std::string_view name, std::string_view extension,
             std::string_view octets);

  std::string directory_;
  HtmlPage* page_;
  int number_ = 0;
  int asking_ = 0;  // the call during which the payment handler asked the gateway
  std::string trouble_;
};

// PrintReceipt prints the ExpandPaymentReceiptResponse that `purchase` has got last, under
// `heading`; onto the page too, unless it is null.
void PrintReceipt(std::string_view heading, const Purchase& purchase, HtmlPage* page);

}  // namespace bridge::programs

#endif  // BRIDGE_PROGRAMS_SET_BRIDGE_DEMO_TRACE_H_
