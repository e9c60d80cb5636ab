#include "schema/parser.h"

#include <algorithm>
#include <utility>
#include <xercesc/sax2/XMLReaderFactory.hpp>
#include <xercesc/util/XMLUni.hpp>

#include "schema/grammar.h"
#include "schema/guard.h"

namespace schema {

Parser::Parser() {
  using xercesc::XMLUni;
  xercesc::XMLGrammarPool* grammar = Grammar();  // first: it starts Xerces
  sax.reset(xercesc::XMLReaderFactory::createXMLReader(&memory, grammar));
  Harden(*sax);
  sax->setFeature(XMLUni::fgSAX2CoreValidation, true);
  sax->setFeature(XMLUni::fgXercesDynamic, false);
  sax->setFeature(XMLUni::fgXercesSchema, true);
  sax->setFeature(XMLUni::fgXercesSchemaFullChecking, false);
  sax->setFeature(XMLUni::fgXercesIdentityConstraintChecking, false);
  sax->setFeature(XMLUni::fgXercesUseCachedGrammarInParse, true);
}

std::unique_ptr<Parser> IdleParsers::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!parsers_.empty()) {
      auto parser = std::move(parsers_.back());
      parsers_.pop_back();
      return parser;
    }
  }
  return std::make_unique<Parser>();
}

void IdleParsers::Return(std::unique_ptr<Parser> parser) {
  const std::lock_guard lock(mutex_);
  if (parsers_.size() < kMost) parsers_.push_back(std::move(parser));
}

bool IdleParsers::Holds(const void* octets, std::size_t size) const {
  const std::lock_guard lock(mutex_);
  return std::any_of(parsers_.begin(), parsers_.end(),
                     [&](const auto& parser) { return parser->memory.Holds(octets, size); });
}

std::size_t IdleParsers::size() const {
  const std::lock_guard lock(mutex_);
  return parsers_.size();
}

IdleParsers& Idle() {
  static auto& idle = *new IdleParsers;
  return idle;
}

}  // namespace schema
