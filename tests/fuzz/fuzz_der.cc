// DER: what Lint accepts is DER in every part; what a decoder of one type accepts, its encoder
// writes again octet for octet.  The first octet chooses the type.
#include <optional>
#include <string>
#include <vector>

#include "fuzz/target.h"
#include "setcore/asn1/codec.h"
#include "setcore/asn1/lint.h"
#include "setcore/messages/common.h"

namespace {

using namespace setcore;

template <class T>
void Check(OctetView octets) {
  const Result<T> value = der::Decode<T>(octets);
  if (!value) return;
  fuzz::Require(der::Lint(octets) == nullptr, "what is decoded is DER");
  const Result<Octets> again = der::Encode(*value);
  fuzz::Require(again && *again == Octets(octets.begin(), octets.end()),
                "decode, encode: the same");
}

// ub- bounds hold on output only (D-14), so that the way back may be closed.
template <class T>
void CheckTolerant(OctetView octets) {
  const Result<T> value = der::Decode<T>(octets);
  if (!value) return;
  const Result<Octets> again = der::Encode(*value);
  fuzz::Require(!again || *again == Octets(octets.begin(), octets.end()),
                "decode, encode: the same");
}

struct Sets {
  std::vector<der::Any> items;
};

template <class Ar>
void Io(Ar& ar, Sets& sets) {
  ar.SetOf(sets.items);
}

constexpr void (*kTypes[])(OctetView) = {
    Check<der::Any>,
    Check<std::vector<der::Any>>,
    Check<Sets>,
    Check<bool>,
    Check<der::AnyInteger>,
    Check<der::Integer<1, 999>>,
    Check<der::BigInteger>,
    Check<der::FloatingPoint>,
    Check<der::Oid>,
    Check<der::BitString>,
    Check<der::NamedBits>,
    Check<der::Null>,
    Check<der::Date>,
    Check<Octets>,
    Check<der::BoundedOctets<1, 20>>,
    Check<std::array<std::uint8_t, 20>>,
    Check<der::NumericText<6, 6>>,
    CheckTolerant<der::VisibleTextUb<35>>,
    CheckTolerant<der::VisibleTextPadded<6>>,
    CheckTolerant<der::SetText<40>>,
    CheckTolerant<msg::Location>,
    CheckTolerant<msg::CurrencyAmount>,
    CheckTolerant<msg::MsgExtensions>,
    CheckTolerant<msg::Thumbs>,
    CheckTolerant<msg::InstallRecurData>,
    CheckTolerant<msg::RRTags>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t type = input.Octet() % std::size(kTypes);
  const OctetView octets = input.rest();
  kTypes[type](octets);
  der::Element element;
  if (der::ParseElement(octets, element) == nullptr) {
    fuzz::Require(element.size <= octets.size(), "an element lies inside its octets");
  }
  const bool is_der = der::Lint(octets) == nullptr;
  fuzz::Require(is_der == der::Decode<der::Any>(octets).has_value(), "an open type is any DER");
  return 0;
}
