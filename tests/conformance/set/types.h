// The types of SET that this program speaks, written from set-messages.asn.
#ifndef TESTS_CONFORMANCE_SET_TYPES_H_
#define TESTS_CONFORMANCE_SET_TYPES_H_

#include "set/notation.h"

namespace conform::set {

// Read once; never given back.
const Notation& Types();

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_TYPES_H_
