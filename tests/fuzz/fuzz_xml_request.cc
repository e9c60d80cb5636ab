// XML requests and responses: what is read can be written and reads the same again.  The first
// octet says which of the two.
#include <string>
#include <string_view>

#include "fuzz/target.h"
#include "schema/reader.h"
#include "schema/writer.h"

namespace {

using schema::Document;
using schema::Element;

// Attributes that have a default follow the ones that were written, so only the set is compared.
bool Same(const Element& a, const Element& b) {
  if (a.name != b.name || a.text != b.text || a.attributes.size() != b.attributes.size() ||
      a.children.size() != b.children.size()) {
    return false;
  }
  for (const schema::Attribute& attribute : a.attributes) {
    if (b.Find(attribute.name) != attribute.value) return false;
  }
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (!Same(*a.children[i], *b.children[i])) return false;
  }
  return true;
}

template <class Read, class Write>
void Check(std::string_view text, Read read, Write write) {
  schema::Limits limits;
  limits.max_octets = 65536;
  const auto document = read(text, limits);
  if (!document) {
    const auto error = schema::WriteError(schema::ToErrorResponse(document.error(), "en"), {});
    fuzz::Require(schema::ReadResponse(error).has_value(), "a refusal is a response");
    return;
  }
  if (const auto legal = schema::CheckAttributes(*document); !legal) {
    const auto error = schema::WriteError(schema::ToErrorResponse(legal.error(), "en"), {});
    fuzz::Require(schema::ReadResponse(error).has_value(), "a refusal is a response");
    return;
  }
  const Element& call = document->call();
  if (&call == &document->root()) return;  // an empty response
  const std::string written =
      write(schema::CopyOf(call),
            {std::string(document->content_software_id()), std::string(document->language())});
  const auto again = read(written, schema::Limits{});
  fuzz::Require(again.has_value(), "what is written can be read");
  fuzz::Require(Same(call, again->call()), "write, read: the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const bool response = (input.Octet() & 1) != 0;
  const std::string_view text = fuzz::Text(input.rest());
  if (response) {
    Check(text, schema::ReadResponse, schema::WriteResponse);
  } else {
    Check(text, schema::Read, schema::WriteRequest);
  }
  return 0;
}
