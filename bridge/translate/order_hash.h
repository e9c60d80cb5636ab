// The order description of SET as the hash of IOTP's Order (RFC 3538, 8.4.1 (e); errata C).
#ifndef BRIDGE_TRANSLATE_ORDER_HASH_H_
#define BRIDGE_TRANSLATE_ORDER_HASH_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bridge {

// Octets of an order hash: base64 of 20 octets.
inline constexpr std::size_t kOrderHashSize = 28;

// OrderContent is one OrderPackagedContent: Name, if it has one, and the character data as XML
// gives it, in UTF-8, nothing trimmed and no Transform undone (E-28, E-29).
struct OrderContent {
  std::optional<std::string> name;
  std::string data;
};

// OrderHash gives the 28 characters.  The text comes from the XML reader and so is valid UTF-8; an
// invalid sequence would count as U+FFFD.
std::string OrderHash(std::span<const OrderContent> contents);

// HasDuplicateNames: the merchant refuses such an order (ElContIllegal, E-30).
bool HasDuplicateNames(std::span<const OrderContent> contents);

// IsOrderHash tells whether `text` has the form of an order hash.
bool IsOrderHash(std::string_view text);

}  // namespace bridge

#endif  // BRIDGE_TRANSLATE_ORDER_HASH_H_
