// Base64 (RFC 2045 alphabet, padded) on OpenSSL's codec, made strict.  Fails by returning nothing.
#ifndef SETCORE_BASE64_H_
#define SETCORE_BASE64_H_

#include <optional>
#include <string>
#include <string_view>

#include "setcore/octets.h"

namespace setcore {

// EncodeBase64 gives one unbroken line.
std::string EncodeBase64(OctetView octets);

// DecodeBase64 takes the only spelling that EncodeBase64 could have made of the octets, with XML
// white space (tab, LF, CR, space) anywhere in it.  Everything else (another alphabet, missing or
// surplus padding, padding bits that are not zero) gives nothing.  An empty text is no octets.
std::optional<Octets> DecodeBase64(std::string_view text);

}  // namespace setcore

#endif  // SETCORE_BASE64_H_
