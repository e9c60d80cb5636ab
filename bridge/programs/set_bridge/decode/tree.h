// Tree: a decoded message as names and values, whatever it is; and the two ways to print it.
// Reading never fails: what does not fit is shown as it stands, with a fault beside it.
#ifndef BRIDGE_PROGRAMS_SET_BRIDGE_DECODE_TREE_H_
#define BRIDGE_PROGRAMS_SET_BRIDGE_DECODE_TREE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "setcore/octets.h"

namespace bridge::programs::decode {

struct Node {
  enum class Kind : std::uint8_t { kObject, kList, kText, kHex, kNumber, kBoolean, kNull };
  Kind kind = Kind::kText;
  std::string name;   // of the component; empty for the items of a list
  std::string type;   // of a constructed value
  std::string value;  // of a primitive one, fit for a terminal; hex for kHex
  std::string note;   // what people call the value
  std::string fault;  // why it is not what it should be; empty: nothing is wrong
  std::vector<Node> children;
};

struct Options {
  bool show_secrets = false;  // account numbers, expiry dates, keys and nonces of cards as they are
};

// ReadDer shows `octets` as the value of `type`, a name of the grammar; more than one value, or
// octets that are not DER, give faults.
Node ReadDer(setcore::OctetView octets, std::string_view type, const Options& options);

// TryDer does the same if the octets are one value of `type` and nothing is wrong with it.
std::optional<Node> TryDer(setcore::OctetView octets, std::string_view type,
                           const Options& options);

// Faults counts the faults in a tree.
std::size_t Faults(const Node& node);

// Decode shows what `input` is: a SET message or a part of one in DER or base64, a SET Initiation
// or its Response, or XML with PackagedContent in it.  Nothing if it is none of them.
std::optional<Node> Decode(setcore::OctetView input, const Options& options);

// ToText: two spaces for each level, long octet strings cut.  ToJson: SEQUENCEs are objects with
// the field names of the ASN.1, lists arrays, octet strings hex.
std::string ToText(const Node& root);
std::string ToJson(const Node& root);

// Masked hides the middle of every account number in a text: 13 to 19 digits with a right check
// digit.
std::string Masked(std::string_view text);

// Printable replaces what a terminal would obey, or what hides text, by \u{...}.
std::string Printable(std::string_view utf8);

}  // namespace bridge::programs::decode

#endif  // BRIDGE_PROGRAMS_SET_BRIDGE_DECODE_TREE_H_
