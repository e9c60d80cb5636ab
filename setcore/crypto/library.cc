#include "setcore/crypto/library.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/provider.h>

#include <mutex>
#include <stdexcept>

namespace setcore::crypto {
namespace {

struct Made {
  Library library;
  std::string fault;
};

std::string Make(Library& library) {
  ErrorMark mark;
  library.context = OSSL_LIB_CTX_new();
  if (library.context == nullptr) return "OpenSSL context cannot be made";
  // OPENSSL_MODULES of the host's environment would win without this.
  const char* modules = OPENSSL_info(OPENSSL_INFO_MODULES_DIR);
  if (modules == nullptr || OSSL_PROVIDER_set_default_search_path(library.context, modules) != 1) {
    return "OpenSSL does not name its module directory";
  }
  if (OSSL_PROVIDER_load(library.context, "default") == nullptr) {
    return "OpenSSL's provider 'default' cannot be loaded";
  }
  if (OSSL_PROVIDER_load(library.context, "legacy") == nullptr) {
    return "OpenSSL's provider 'legacy' (single DES) cannot be loaded";
  }
  library.sha1 = EVP_MD_fetch(library.context, "SHA1", nullptr);
  library.sha256 = EVP_MD_fetch(library.context, "SHA2-256", nullptr);
  library.des_cbc = EVP_CIPHER_fetch(library.context, "DES-CBC", nullptr);
  library.aes_256_gcm = EVP_CIPHER_fetch(library.context, "AES-256-GCM", nullptr);
  library.hmac = EVP_MAC_fetch(library.context, "HMAC", nullptr);
  library.scrypt = EVP_KDF_fetch(library.context, "SCRYPT", nullptr);
  if (library.sha1 == nullptr || library.sha256 == nullptr || library.des_cbc == nullptr ||
      library.aes_256_gcm == nullptr || library.hmac == nullptr || library.scrypt == nullptr) {
    return "OpenSSL lacks an algorithm (SHA-1, SHA-256, DES-CBC, AES-256-GCM, HMAC, scrypt)";
  }
  return {};
}

const Made& Once() {
  static std::once_flag once;
  static Made* made = nullptr;
  std::call_once(once, [] {
    auto* fresh = new Made;
    fresh->fault = Make(fresh->library);
    made = fresh;
  });
  return *made;
}

}  // namespace

tl::expected<void, std::string> Prepare() {
  const Made& made = Once();
  if (!made.fault.empty()) return tl::unexpected<std::string>(made.fault);
  return {};
}

const Library& Get() {
  const Made& made = Once();
  if (!made.fault.empty()) throw std::runtime_error(made.fault);
  return made.library;
}

ErrorMark::ErrorMark() { ERR_set_mark(); }
ErrorMark::~ErrorMark() { ERR_pop_to_mark(); }

}  // namespace setcore::crypto
