// What a change does around the documents: to the functions of the table, the host's services and
// the wallet's directory.
#ifndef TESTS_CONFORMANCE_BAD_SURROUNDINGS_H_
#define TESTS_CONFORMANCE_BAD_SURROUNDINGS_H_

#include "edits.h"
#include "shim.h"

namespace bad {

// Puts the change into the table; the change outlives it.
void ChangeSurroundings(const Change& change, opb_entry_table& table);

}  // namespace bad

#endif  // TESTS_CONFORMANCE_BAD_SURROUNDINGS_H_
