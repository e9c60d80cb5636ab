#include "bridge/blob.h"

#include <string.h>

#include <memory>
#include <utility>

namespace bridge {
namespace {

void Wipe(std::string& text) { explicit_bzero(text.data(), text.size()); }

// The size comes from the owner: the host may have shortened the blob it holds.
void Release(opb_blob* self) {
  if (self == nullptr || self->owner == nullptr) return;
  const std::unique_ptr<std::string> text(static_cast<std::string*>(self->owner));
  Wipe(*text);
  *self = opb_blob{nullptr, 0, nullptr, nullptr};
}

}  // namespace

void GiveBlob(std::string text, opb_blob* out) {
  // A short string lives inside its object, and moving it would leave a copy behind.
  auto kept = std::make_unique<std::string>(std::move(text));
  Wipe(text);
  *out = opb_blob{kept->data(), kept->size(), Release, kept.get()};
  kept.release();
}

}  // namespace bridge
