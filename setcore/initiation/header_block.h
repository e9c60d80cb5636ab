// The lexical half of an Initiation: RFC 822 style header lines and what follows the empty line
// (set-initiation.md, 3.2).  Knows no field.
#ifndef SETCORE_INITIATION_HEADER_BLOCK_H_
#define SETCORE_INITIATION_HEADER_BLOCK_H_

#include <string_view>
#include <vector>

#include "setcore/initiation/initiation.h"
#include "setcore/octets.h"

namespace setcore::initiation {

// HeaderBlock has the fields as they were written (names included) and the rest of the input, which
// it points into.
struct HeaderBlock {
  std::vector<Field> fields;
  OctetView body;
};

// ParseHeaderBlock splits `octets`.  CRLF and bare LF end a line; a line that begins with a space
// or tab continues the one before; the end of the input ends the block as an empty line does.
// Refused: no field at all, an octet above 0x7F or a control character in the block, a line without
// a legal name, and what is longer than the limits.
Result<HeaderBlock> ParseHeaderBlock(OctetView octets);

// CheckField applies the same rules to a field that was not read: legal name, legal value, and
// short enough to be written in one line.
Result<void> CheckField(const Field& field);

// EqualsIgnoringCase compares ASCII texts.
bool EqualsIgnoringCase(std::string_view left, std::string_view right);

// Trim removes spaces and tabs at both ends.
std::string_view Trim(std::string_view text);

}  // namespace setcore::initiation

#endif  // SETCORE_INITIATION_HEADER_BLOCK_H_
