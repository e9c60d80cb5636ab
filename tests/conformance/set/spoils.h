// Changes that several rules make to a message.
#ifndef TESTS_CONFORMANCE_SET_SPOILS_H_
#define TESTS_CONFORMANCE_SET_SPOILS_H_

#include "set/certificate.h"
#include "set/party.h"

namespace conform::set {

// One bit of the signature of a SignedData.
void FlipSignature(Value& signed_data);

// MsgExtensions with one extension that nobody knows.
Value UnknownExtension(bool critical);

// A merchant's signature certificate and a cardholder's, as those of the kit but for serial number.
Order MerchantOrder();
Order CardOrder();

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_SPOILS_H_
