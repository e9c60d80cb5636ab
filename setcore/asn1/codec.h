// Decode and Encode: whole values, DER in and DER out.
#ifndef SETCORE_ASN1_CODEC_H_
#define SETCORE_ASN1_CODEC_H_

#include <stdexcept>
#include <string>
#include <utility>

#include "setcore/asn1/reader.h"
#include "setcore/asn1/values.h"
#include "setcore/asn1/writer.h"
#include "setcore/error.h"

namespace setcore::der {

// Decodes one T; the octets must hold nothing more.  Fails with decodingFailure.
template <class T>
Result<T> Decode(OctetView input) {
  Result<T> value{T{}};
  Reader reader(input);
  Io(reader, *value);
  if (reader.ok() && !reader.AtEnd()) reader.Fail("octets behind the value");
  if (!reader.ok()) value = setcore::Fail(ErrorCode::kDecodingFailure, reader.fault());
  return value;
}

// Encodes a value.  Fails with unspecifiedFailure if it breaks a constraint of its type.
template <class T>
Result<Octets> Encode(const T& value) {
  Writer writer;
  Io(writer, const_cast<T&>(value));  // a Writer changes nothing
  if (!writer.ok()) return setcore::Fail(ErrorCode::kUnspecifiedFailure, writer.fault());
  return writer.Take();
}

// Encodes a value that keeps its constraints by construction; std::logic_error if it does not.
template <class T>
Octets MustEncode(const T& value) {
  Result<Octets> der = Encode(value);
  if (!der) throw std::logic_error("DER: " + der.error().detail);
  return *std::move(der);
}

// Gives the octets of a kept value: those it arrived in, else its encoding.
template <class T>
Result<Octets> KeptDer(const Kept<T>& kept) {
  return kept.der.empty() ? Encode(kept.value) : Result<Octets>(kept.der);
}

// Encodes a value once, so that it and its octets go together from here on.
template <class T>
Result<Kept<T>> Keep(T value) {
  Result<Octets> der = Encode(value);
  if (!der) return tl::unexpected<Error>(der.error());
  return Kept<T>{std::move(value), *std::move(der)};
}

}  // namespace setcore::der

#endif  // SETCORE_ASN1_CODEC_H_
