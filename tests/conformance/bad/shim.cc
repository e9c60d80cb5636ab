#include "shim.h"

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>

extern "C" OPB_EXPORT opb_entry_table opb_entry;
opb_entry_table opb_entry;

namespace bad {
namespace {

const opb_entry_table* inner = nullptr;
Hooks hooks;

void Release(opb_blob* blob) {
  std::free(const_cast<char*>(blob->data));
  *blob = {nullptr, 0, nullptr, nullptr};
}

[[gnu::constructor]] void Load() {
  const char* path = std::getenv("OPB_CONFORM_INNER");
  void* handle = dlopen(path == nullptr ? OPB_GOOD_MODULE : path, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) std::abort();
  inner = static_cast<const opb_entry_table*>(dlsym(handle, "opb_entry"));
  opb_entry = *inner;
  opb_entry.call = ForwardCall;
  SetBadness(opb_entry, hooks);
}

}  // namespace

const opb_entry_table& Inner() { return *inner; }

bool Replace(std::string& text, std::string_view what, std::string_view by) {
  const auto at = text.find(what);
  if (at == std::string::npos) return false;
  text.replace(at, what.size(), by);
  return true;
}

bool Contains(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

opb_status ForwardCall(opb_wallet wallet, opb_text request, opb_blob* response) {
  if (request.data == nullptr || response == nullptr) {
    return inner->call(wallet, request, response);
  }
  std::string asked(request.data, request.size);
  if (hooks.request != nullptr) hooks.request(asked);
  opb_blob blob = {nullptr, 0, nullptr, nullptr};
  const opb_status status = inner->call(wallet, {asked.data(), asked.size()}, &blob);
  if (status != OPB_OK) return status;
  std::string answer(blob.data, blob.size);
  blob.release(&blob);
  if (hooks.answer != nullptr) hooks.answer(asked, answer);
  char* copy = static_cast<char*>(std::malloc(answer.size() + 1));
  if (copy == nullptr) return OPB_E_MEMORY;
  std::memcpy(copy, answer.data(), answer.size());
  *response = {copy, answer.size(), Release, nullptr};
  return OPB_OK;
}

}  // namespace bad
