#include "schema/reader.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>
#include <xercesc/sax2/XMLReaderFactory.hpp>
#include <xercesc/util/XMLUni.hpp>

#include "schema/grammar.h"
#include "schema/guard.h"
#include "schema/plain_reader.h"
#include "schema/prolog.h"
#include "schema/tree_builder.h"

namespace schema {
namespace {

// One parser with the memory that it lives in.
struct Reader {
  Reader() : parser(xercesc::XMLReaderFactory::createXMLReader(&manager, Grammar())) {
    using xercesc::XMLUni;
    parser->setFeature(XMLUni::fgSAX2CoreValidation, true);
    parser->setFeature(XMLUni::fgXercesDynamic, false);
    parser->setFeature(XMLUni::fgXercesSchema, true);
    parser->setFeature(XMLUni::fgXercesSchemaFullChecking, false);
    parser->setFeature(XMLUni::fgXercesIdentityConstraintChecking, false);
    parser->setFeature(XMLUni::fgXercesUseCachedGrammarInParse, true);
  }

  WipingMemoryManager manager;
  std::unique_ptr<xercesc::SAX2XMLReader> parser;
};

// Readers that are idle.  A parser costs more to make than to use, but keeps copies of what it
// read: one that has seen a Passphrase, or has failed and may have, does not come back here.
class IdleReaders {
 public:
  std::unique_ptr<Reader> Take() {
    {
      const std::lock_guard lock(mutex_);
      if (!readers_.empty()) {
        auto reader = std::move(readers_.back());
        readers_.pop_back();
        return reader;
      }
    }
    return std::make_unique<Reader>();
  }

  void Return(std::unique_ptr<Reader> reader) {
    const std::lock_guard lock(mutex_);
    if (readers_.size() < kMost) readers_.push_back(std::move(reader));
  }

 private:
  static constexpr std::size_t kMost = 16;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> readers_;
};

IdleReaders& Idle() {
  static auto& idle = *new IdleReaders;
  return idle;
}

tl::expected<Document, Fault> Validate(std::string_view document, std::string_view root,
                                       const Limits& limits) {
  auto reader = Idle().Take();
  TreeBuilder builder(root, limits);
  Harden(*reader->parser, builder);
  try {
    Parse(*reader->parser, document, reader->manager);
  } catch (Refusal& refusal) {
    return tl::unexpected(std::move(refusal.fault));
  }
  if (!builder.saw_passphrase()) Idle().Return(std::move(reader));
  return builder.Take();
}

tl::expected<Document, Fault> ReadAs(std::string_view root, std::string_view document,
                                     const Limits& limits) {
  if (document.size() > limits.max_octets) {
    return tl::unexpected(
        Fault{FaultCode::kMsgTooLarge, std::string(root), {}, "the document is too large"});
  }
  document = SkipByteOrderMark(document);
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
