// Refusal: why a call is answered with an ErrorResponse (RFC 3867, 3.1).
#ifndef BRIDGE_CALLS_REFUSAL_H_
#define BRIDGE_CALLS_REFUSAL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "bridge/texts/detail.h"
#include "bridge/translate/fault.h"
#include "bridge/translate/packaged_content.h"
#include "schema/document.h"
#include "schema/fault.h"
#include "schema/writer.h"
#include "setcore/octets.h"

namespace bridge {

// Place is where in the source a refusal is made.  SwVendorErrorRef names it and the keys of the
// detail's sentences: with the version in ContentSoftwareID a maintainer finds place and reason,
// also where one helper refuses for many.
struct Place {
  const char* file = "";
  int line = 0;
  static constexpr Place Here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    return {file, line};
  }
};

struct Refusal {
  schema::ErrorResponse response;  // without description
  Detail detail;                   // becomes the description when the response is written
  // The store failed so that nobody knows what is on disk: no document leaves, the wallet is lost
  // until it is opened again.  `store_detail` is for the log.
  bool store_lost = false;
  std::string store_detail;
};

// An Answer is the response element of a call, or the reason why there is none.
using Answer = tl::expected<schema::Node, Refusal>;

template <class T>
using Checked = tl::expected<T, Refusal>;

// Refuse makes a HardError about `element`, and about its attribute `att_name` unless empty.
tl::unexpected<Refusal> Refuse(schema::FaultCode code, std::string_view element,
                               std::string_view att_name, Detail detail,
                               Place place = Place::Here());

// Refuse makes a HardError of a fault that another part found.
tl::unexpected<Refusal> Refuse(const schema::Fault& fault, Place place = Place::Here());
tl::unexpected<Refusal> Refuse(const Fault& fault, Place place = Place::Here());

// After which a call may be repeated that found keys or card data unreadable: a person must look.
inline constexpr std::uint32_t kRetryUnreadableSecs = 60;

// RefuseForNow makes a TransientError: nothing was recorded, the repeated call goes on.
tl::unexpected<Refusal> RefuseForNow(schema::FaultCode code, std::string_view element,
                                     std::uint32_t min_retry_secs, Detail detail,
                                     Place place = Place::Here());

// RefuseWithMessage makes a HardError that carries a SET message for the counterparty (errata E-7):
// EncapProtErr with a SET Error or an Initiation Response, BusError with Name="PRes".
tl::unexpected<Refusal> RefuseWithMessage(schema::FaultCode code, std::string_view element,
                                          std::string_view message_name, setcore::OctetView message,
                                          Detail detail, Place place = Place::Here());

// ToNode and FromElement carry a PackagedContent between the tree and the translators.
schema::Node ToNode(std::string_view element, const PackagedContent& packaged);
PackagedContent FromElement(const schema::Element& element);

}  // namespace bridge

#endif  // BRIDGE_CALLS_REFUSAL_H_
