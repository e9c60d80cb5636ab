// Which value of the golden vectors has which type: the corpus of the message tests.
#ifndef TESTS_UNIT_SETCORE_MESSAGES_CORPUS_H_
#define TESTS_UNIT_SETCORE_MESSAGES_CORPUS_H_

#include <string>
#include <vector>

#include "setcore/error.h"
#include "setcore/octets.h"

namespace setcore {

// Decodes as one type and encodes again.
using Codec = Result<Octets> (*)(OctetView);

struct Sample {
  std::string where;  // "set-1024/01-pinitreq PInitReq"
  std::string type;
  Codec codec;
  Octets octets;
};

// Every typed value of this messages in both sets: files 01 to 12, 17 to 19 and 23 to 25.
std::vector<Sample> MessageCorpus();

}  // namespace setcore

#endif  // TESTS_UNIT_SETCORE_MESSAGES_CORPUS_H_
