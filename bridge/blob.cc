#include "bridge/blob.h"

#include <string.h>

#include <memory>
#include <utility>

namespace bridge {
namespace {

// The size comes from the owner: the host may have shortened the blob it holds.
void Release(opb_blob* self) {
  if (self == nullptr || self->owner == nullptr) return;
  const std::unique_ptr<std::string> text(static_cast<std::string*>(self->owner));
  explicit_bzero(text->data(), text->size());
  *self = opb_blob{nullptr, 0, nullptr, nullptr};
}

}  // namespace

void GiveBlob(std::string text, opb_blob* out) {
  auto kept = std::make_unique<std::string>(std::move(text));
  *out = opb_blob{kept->data(), kept->size(), Release, kept.get()};
  static_cast<void>(kept.release());
}

}  // namespace bridge
