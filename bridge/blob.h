// Outputs of the C ABI: text that the host keeps as long as it likes and gives back through the
// blob's own `release`, also after close and deinit, from any thread.
#ifndef BRIDGE_BLOB_H_
#define BRIDGE_BLOB_H_

#include <opb.h>

#include <string>

namespace bridge {

// GiveBlob moves `text` into `*out`, which then owns it: data is NUL-terminated beyond `size`.
// `release` wipes the text, frees it and zeroes the blob; on a zeroed blob it does nothing.
// Throws std::bad_alloc, and then `*out` is untouched.
void GiveBlob(std::string text, opb_blob* out);

}  // namespace bridge

#endif  // BRIDGE_BLOB_H_
