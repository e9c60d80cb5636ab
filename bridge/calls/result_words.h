// What a PRes or an InqRes means, in words: the sentence beside its code in StatusDesc (E-82).
#ifndef BRIDGE_CALLS_RESULT_WORDS_H_
#define BRIDGE_CALLS_RESULT_WORDS_H_

#include "bridge/texts/texts.h"
#include "setcore/purchase.h"

namespace bridge {

StatusText WordsOf(const setcore::PResFacts& facts);

}  // namespace bridge

#endif  // BRIDGE_CALLS_RESULT_WORDS_H_
