// The reader: XML octets in, Document or Fault out.  Order of judgement: size, DOCTYPE,
// well-formed, valid (structure); attributes are judged by a call of their own, since interfaces
// put role, WalletID and passphrase before them.  No function here opens a file, a socket or an
// entity, and none touches Xerces state of the host beyond XMLPlatformUtils::Initialize, done once,
// never undone.
#ifndef SCHEMA_READER_H_
#define SCHEMA_READER_H_

#include <cstddef>
#include <string_view>
#include <tl/expected.hpp>

#include "schema/document.h"
#include "schema/fault.h"

namespace schema {

// What a document may cost.  All limits are inclusive.
struct Limits {
  std::size_t max_octets = 1048576;       // octets of the document: MsgTooLarge
  std::size_t max_depth = 32;             // elements inside each other, root = 1: XmlNotValid
  std::size_t max_attributes = 64;        // of one element, xmlns included: ElTooLarge
  std::size_t max_text_octets = 1048576;  // texts and attribute values together: ElTooLarge
};

// Initialize makes Xerces and the grammar ready (about 20 ms once).  Read does it if nobody has.
// Any thread; throws std::runtime_error if Xerces cannot be started or the built-in schema is bad.
void Initialize();

// Read parses and validates a request.  Faults: MsgTooLarge, ElTooLarge, XmlNotWellFrmd,
// XmlNotValid, and AttUnexpected for namespace declarations and xsi:* attributes.  Every name that
// the Fault carries is one of the schema's or, for AttName, a name of at most 64 characters.
// Any thread, any number at once.  Throws std::bad_alloc only.
tl::expected<Document, Fault> Read(std::string_view utf8, const Limits& limits = {});

// ReadResponse does the same for a response (CallBackResponse from the host; programs and tests).
tl::expected<Document, Fault> ReadResponse(std::string_view utf8, const Limits& limits = {});

// CheckAttributes judges the attributes of the whole tree by the table of attributes.h: AttMissing,
// AttUnexpected, AttValIllegal, each with ElementType and AttName; in one element unexpected ones
// first, then missing ones, then values.  To be called after role, WalletID and passphrase
// (interfaces, 5).  Any thread.
tl::expected<void, Fault> CheckAttributes(const Document& document);

}  // namespace schema

#endif  // SCHEMA_READER_H_
