// Strict DER without a schema: what a decoder leaves opaque (certificates, names, open types) is
// still refused unless it is DER.  A reason is static text for people; nullptr means no fault.
#ifndef SETCORE_ASN1_LINT_H_
#define SETCORE_ASN1_LINT_H_

#include <cstddef>

#include "setcore/asn1/tag.h"
#include "setcore/octets.h"

namespace setcore::der {

// Constructed elements inside one another that are accepted, from the outermost one of a message.
inline constexpr int kMaxDepth = 24;

// One element: its tag, its contents and the number of octets it takes altogether.
struct Element {
  Tag tag;
  OctetView contents;
  std::size_t size = 0;
};

// Reads the tag and length of the element that `input` begins with; what follows is not looked at.
// Views point into `input`.
const char* ParseElement(OctetView input, Element& element);

// Judges the contents of a primitive element of universal type `tag` (X.690, sections 8 and 11).
const char* PrimitiveFault(Tag tag, OctetView contents);

// Judges one element and everything in it; `input` must hold nothing more.  `depth` counts the
// constructed elements around it.
const char* Lint(OctetView input, int depth = 0);

}  // namespace setcore::der

#endif  // SETCORE_ASN1_LINT_H_
