#include "schema/reader.h"

#include <utility>

#include "schema/grammar.h"
#include "schema/guard.h"
#include "schema/parser.h"
#include "schema/plain_reader.h"
#include "schema/prolog.h"
#include "schema/tree_builder.h"

namespace schema {
namespace {

tl::expected<Document, Fault> Validate(std::string_view document, std::string_view root,
                                       const Limits& limits) {
  auto parser = Idle().Take();
  TreeBuilder builder(root, limits);
  try {
    Parse(*parser->sax, parser->memory, builder, document);
  } catch (Refusal& refusal) {
    return tl::unexpected(std::move(refusal.fault));  // and the parser, which may hold a Passphrase
  }
  if (!builder.saw_passphrase()) Idle().Return(std::move(parser));
  return builder.Take();
}

tl::expected<Document, Fault> ReadAs(std::string_view root, std::string_view document,
                                     const Limits& limits) {
  if (document.size() > limits.max_octets) {
    return tl::unexpected(Fault{FaultCode::kMsgTooLarge, std::string(root), {}});
  }
  document = SkipByteOrderMark(document);
  // XML 1.0, 2.2: no character; the parser takes one behind the root element for the end.
  if (document.find('\0') != std::string_view::npos) {
    return tl::unexpected(
        Fault{FaultCode::kXmlNotWellFrmd, std::string(root), {}, Problem::kNulOctet});
  }
  if (auto fault = JudgeProlog(document)) {
    fault->element_type = root;
    return tl::unexpected(std::move(*fault));
  }
  Initialize();
  if (!HasOnlyOurNamespace(document)) {
    if (auto fault = JudgePlainly(document, root, limits)) return tl::unexpected(*fault);
  }
  auto read = Validate(document, root, limits);
  // Well-formedness is judged before validity (interfaces, 5), over the whole document.
  if (!read && read.error().code == FaultCode::kXmlNotValid) {
    if (auto fault = JudgePlainly(document, root, limits);
        fault && fault->code == FaultCode::kXmlNotWellFrmd) {
      return tl::unexpected(std::move(*fault));
    }
  }
  return read;
}

}  // namespace

void Initialize() { Grammar(); }

tl::expected<Document, Fault> Read(std::string_view utf8, const Limits& limits) {
  return ReadAs(kRequestRoot, utf8, limits);
}

tl::expected<Document, Fault> ReadResponse(std::string_view utf8, const Limits& limits) {
  return ReadAs(kResponseRoot, utf8, limits);
}

}  // namespace schema
