// Guard: the part that every parse of a foreign document has in common.  It follows the elements
// that are open, keeps the limits, and refuses document types and entities.  It refuses by
// throwing Refusal through the parser, which Xerces passes on; nothing outside this folder sees it.
#ifndef SCHEMA_GUARD_H_
#define SCHEMA_GUARD_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include <xercesc/sax2/Attributes.hpp>
#include <xercesc/sax2/DefaultHandler.hpp>
#include <xercesc/sax2/SAX2XMLReader.hpp>

#include "schema/attributes.h"
#include "schema/fault.h"
#include "schema/reader.h"
#include "schema/wiping.h"

namespace schema {

struct Refusal {
  Fault fault;
};

// The names of the two roots (RFC 3867, 3).
inline constexpr std::string_view kRequestRoot = "IotpPaymentApiRequest";
inline constexpr std::string_view kResponseRoot = "IotpPaymentApiResponse";

class Guard : public xercesc::DefaultHandler {
 public:
  Guard(std::string_view root, const Limits& limits) : root_(root), limits_(limits) {}

  void setDocumentLocator(const xercesc::Locator* locator) override { locator_ = locator; }
  // NotWellFormed is the fault of a document that cannot be read (interfaces, 5).
  Fault NotWellFormed() const;

  void fatalError(const xercesc::SAXParseException& problem) override;
  xercesc::InputSource* resolveEntity(const XMLCh* public_id, const XMLCh* system_id) override;
  void startDTD(const XMLCh* name, const XMLCh* public_id, const XMLCh* system_id) override;

 protected:
  // Enter counts an element in and gives its rule, null if the schema does not know it.
  const ElementRule* Enter(const XMLCh* name, const xercesc::Attributes& attributes);
  void Leave() { open_.pop_back(); }
  std::size_t depth() const { return open_.size(); }
  // Innermost gives the innermost open element that the schema knows, else the root's name.
  std::string_view Innermost() const;
  std::string_view root() const { return root_; }
  const Limits& limits() const { return limits_; }
  [[noreturn]] void Refuse(FaultCode code, std::string_view element, Problem problem,
                           std::string_view attribute = {}) const;
  Fault MakeFault(FaultCode code, std::string_view element, Problem problem,
                  std::string_view attribute = {}) const;

 private:
  std::string_view root_;
  const Limits& limits_;
  const xercesc::Locator* locator_ = nullptr;
  std::vector<const ElementRule*> open_;
};

// AttributeName gives an attribute name as UTF-8, at most 64 characters.
std::string AttributeName(const XMLCh* name);

// Harden switches everything off in a parser that would read anything but the document.
void Harden(xercesc::SAX2XMLReader& parser);

// Parse runs a hardened parser that lives in `memory` over a document in UTF-8 and hands its events
// to `guard`.  Throws Refusal, std::bad_alloc, and what `guard` throws.
void Parse(xercesc::SAX2XMLReader& parser, xercesc::MemoryManager& memory, Guard& guard,
           std::string_view document);

}  // namespace schema

#endif  // SCHEMA_GUARD_H_
