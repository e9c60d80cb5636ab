#include "bridge/wallet/profile_credentials.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "bridge/files.h"
#include "bridge/wallet/profile.h"
#include "bridge/wallet/profile_values.h"
#include "setcore/crypto/library.h"
#include "setcore/crypto/rsa.h"
#include "setcore/pki/revocation.h"

namespace bridge {
namespace {

using setcore::Octets;
using setcore::OctetView;
using setcore::SecretOctets;

// FromPem gives the octets of the first PEM block, or the file itself when it has none.
Octets FromPem(OctetView file) {
  const setcore::crypto::ErrorMark mark;
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(file.data(), static_cast<int>(file.size())), BIO_free);
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  Octets out(file.begin(), file.end());
  if (bio && PEM_read_bio(bio.get(), &name, &header, &data, &size) == 1) {
    out.assign(data, data + size);
  }
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(data);
  return out;
}

}  // namespace

ProfileFiles::ProfileFiles(const std::vector<TrustRoot>& roots, std::vector<TomlProblem>& warnings)
    : inline_(true), warnings_(&warnings) {
  for (const TrustRoot& root : roots) {
    if (!trust_.AddRoot(root.certificate, root.brands)) trust_incomplete_ = true;
  }
}

std::optional<SecretOctets> ProfileFiles::Load(TomlSection& section, std::string_view key,
                                               bool secret) {
  if (inline_) {
    const auto text = section.Secret(key);
    if (!text) return std::nullopt;
    return SecretOctets({reinterpret_cast<const std::uint8_t*>(text->data()), text->size()});
  }
  const auto name = section.Text(key);
  if (!name) return std::nullopt;
  if (!rules::kFileName.legal(*name)) {
    section.Report(key, fmt::format("{} is not {}", ShownText(*name), rules::kFileName.what));
    return std::nullopt;
  }
  const std::string path =
      name->starts_with('/') ? std::string(*name) : fmt::format("{}/{}", directory_, *name);
  auto file = LoadFile(path, kMaxProfileFile);
  if (!file) {
    section.Report(key, fmt::format("the file {} {}", ShownText(*name), file.error()));
    return std::nullopt;
  }
  if (secret && (file->others_read || file->others_write)) {
    warnings_->push_back(section.At(
        key, fmt::format("the file {} is open to other users: chmod 600", ShownText(*name))));
  }
  return std::move(file->octets);
}

std::optional<Octets> ProfileFiles::Root(TomlSection& section, std::string_view key,
                                         const std::vector<std::string>& brands) {
  const bool incomplete_before = std::exchange(trust_incomplete_, true);
  const auto file = Load(section, key, false);
  if (!file) return std::nullopt;
  const auto chain = setcore::pki::ReadPemChain(file->view());
  if (!chain || chain->size() != 1) {
    section.Report(key, "the file does not hold exactly one certificate in PEM");
    return std::nullopt;
  }
  Octets der(chain->front()->der().begin(), chain->front()->der().end());
  if (const auto added = trust_.AddRoot(der, brands); !added) {
    section.Report(key, fmt::format("not a SET root certificate: {}", added.error().detail));
    return std::nullopt;
  }
  trust_incomplete_ = incomplete_before;
  return der;
}

std::optional<Octets> ProfileFiles::Revocation(TomlSection& section, std::string_view key) {
  const auto file = Load(section, key, false);
  if (!file) return std::nullopt;
  Octets der = FromPem(file->view());
  if (!setcore::pki::Crl::Parse(der) && !setcore::pki::BrandCrlIdentifier::Parse(der)) {
    section.Report(key, "the file holds neither a CRL nor a BrandCRLIdentifier, in DER or PEM");
    return std::nullopt;
  }
  return der;
}

std::optional<setcore::pki::Chain> ProfileFiles::Chain(TomlSection& section, std::string_view key,
                                                       const ChainUse& use) {
  const auto file = Load(section, key, false);
  if (!file) return std::nullopt;
  auto chain = setcore::pki::ReadPemChain(file->view());
  if (!chain) {
    section.Report(key,
                   fmt::format("the file holds no certificates in PEM: {}", chain.error().detail));
    return std::nullopt;
  }
  if (chain->size() > kMaxChain) {
    section.Report(
        key, fmt::format("the file holds {} certificates (at most {})", chain->size(), kMaxChain));
    return std::nullopt;
  }
  if (trust_incomplete_) return std::move(*chain);
  // Whether it is in force is asked when somebody pays; here it only has to lead to a root.
  setcore::Time when = 0;
  for (const auto& certificate : *chain) when = std::max(when, certificate->not_before());
  const auto verified =
      trust_.Verify(chain->front(), std::span(*chain).subspan(1), {}, use.role, when);
  if (!verified) {
    section.Report(key, fmt::format("the first certificate is not {} under a root of [[trust]]: {}",
                                    use.what, verified.error().detail));
    return std::nullopt;
  }
  return std::move(*chain);
}

std::optional<SecretOctets> ProfileFiles::Key(TomlSection& section, std::string_view key,
                                              const setcore::pki::Certificate& leaf) {
  const auto file = Load(section, key, true);
  if (!file) return std::nullopt;
  const auto parsed = setcore::crypto::RsaPrivateKey::FromPem(file->view());
  if (!parsed) {
    section.Report(key, fmt::format("the file holds no usable key: {}", parsed.error().detail));
    return std::nullopt;
  }
  if (leaf.key() == nullptr || !(parsed->public_key() == *leaf.key())) {
    section.Report(key, "the key is not the one of the certificate beside it");
    return std::nullopt;
  }
  return parsed->Pkcs8();
}

}  // namespace bridge
