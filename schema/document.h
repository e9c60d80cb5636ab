// Document: a Payment API document as a tree (RFC 3867, 4).  Names, values and texts are UTF-8
// views into storage that the Document owns and wipes when it dies, since a Passphrase may be among
// them. Nothing here fails; a Document only comes from Read or ReadResponse (reader.h).
#ifndef SCHEMA_DOCUMENT_H_
#define SCHEMA_DOCUMENT_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace schema {

// The namespace of the Payment API (RFC 3867, 3).
inline constexpr std::string_view kNamespace = "http://www.iotp.org/2000/08/PaymentAPI";

// One attribute.  `name` is the one spelling of the schema: WalletId comes as "WalletID",
// PassPhrase as "Passphrase", ContentSoftwareId as "ContentSoftwareID" (errata E-98, E-99).  The
// value is normalised as the DTD has it: tokens and enumerations are trimmed and single-spaced.  A
// ProcessState, too, comes in the one spelling of the schema (E-72).
struct Attribute {
  std::string_view name;
  std::string_view value;
};

// One element with everything in it.  Attributes stand in document order; those that the document
// leaves out and that have a default in the DTD (CurrCodeType, ProcessType, Content, Transform)
// follow with their default.  xmlns is not among them.
struct Element {
  std::string_view name;  // as written; CheckPaymentPossiblity keeps its spelling
  std::string_view text;  // character data, as parsed; empty for elements that hold elements
  std::span<const Attribute> attributes;
  std::span<const Element* const> children;

  // Find gives the value of an attribute, nothing if it is absent.
  std::optional<std::string_view> Find(std::string_view attribute) const;
  // Value gives the value of an attribute, `fallback` if it is absent.
  std::string_view Value(std::string_view attribute, std::string_view fallback = {}) const;
  // Child gives the first child of that name, null if there is none.
  const Element* Child(std::string_view child) const;
  // Children gives all children of that name in document order.
  std::vector<const Element*> Children(std::string_view child) const;
};

// Arena hands out storage that never moves and is wiped when the arena dies.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&& other) noexcept;
  Arena& operator=(Arena&& other) noexcept;
  ~Arena();

  // Allocate gives `size` octets aligned for any type, valid until the arena dies.
  std::byte* Allocate(std::size_t size);
  // Keep copies `text` into the arena.
  std::string_view Keep(std::string_view text);

 private:
  struct Block {
    std::unique_ptr<std::byte[]> octets;
    std::size_t size = 0;
  };
  void Wipe() noexcept;

  std::vector<Block> blocks_;
  std::size_t used_ = 0;  // of the last block
};

// A request or a response.  Movable (views into it stay good), not copyable.
class Document {
 public:
  // root is IotpPaymentApiRequest or IotpPaymentApiResponse.
  const Element& root() const { return *root_; }
  // call is the one child of a request.  For a response it is the ErrorResponse if there is one,
  // else the response element of the call; an empty response gives the root itself.
  const Element& call() const { return *call_; }
  // content_software_id is that of the root, empty if absent.
  std::string_view content_software_id() const { return root_->Value("ContentSoftwareID"); }
  // language is xml:lang of the root, empty if absent.
  std::string_view language() const { return root_->Value("xml:lang"); }
  // namespaced says whether the document carried the namespace of the Payment API.
  bool namespaced() const { return namespaced_; }

 private:
  friend class TreeBuilder;
  Document() = default;

  Arena arena_;
  const Element* root_ = nullptr;
  const Element* call_ = nullptr;
  bool namespaced_ = false;
};

}  // namespace schema

#endif  // SCHEMA_DOCUMENT_H_
