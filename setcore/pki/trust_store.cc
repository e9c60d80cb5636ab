#include "setcore/pki/trust_store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "setcore/crypto/digest.h"
#include "setcore/crypto/pkcs8.h"
#include "setcore/pki/brand.h"

namespace setcore::pki {
namespace {

// Certificates in a chain, root included.
constexpr std::size_t kMaxChain = 8;
// Issuers of one name whose key is tried, so that a message cannot make us verify for ever.
constexpr std::size_t kMaxCandidates = 4;
constexpr std::size_t kMaxCachedChains = 4096;
constexpr std::size_t kMaxCachedAuthorities = 1024;
constexpr std::size_t kMaxCachedCrls = 1024;

// What a role asks of an end-entity certificate.
struct RoleRule {
  std::uint16_t types;      // one of these certificateType bits
  std::uint16_t key_usage;  // one of these keyUsage bits
};
// In the order of Role.
constexpr RoleRule kRoleRules[] = {
    {kCard, kDigitalSignature},
    {kMer, kDigitalSignature},
    {kMer, kKeyEncipherment | kDataEncipherment},
    {kPgwy, kDigitalSignature},
    {kPgwy, kKeyEncipherment | kDataEncipherment},
    {kCard | kMer | kPgwy, kDigitalSignature},
};

// Which certificateType may stand above which (set-processing.md, 11).
struct ParentRule {
  std::uint16_t child;
  std::uint16_t parents;
};
constexpr ParentRule kParentRules[] = {
    {kCard, kCca},       {kMer, kMca},        {kPgwy, kPca}, {kCca, kGca | kBca},
    {kMca, kGca | kBca}, {kPca, kGca | kBca}, {kGca, kBca},  {kBca, kRca},
};

std::uint16_t ParentsOf(std::uint16_t types) {
  std::uint16_t parents = 0;
  for (const ParentRule& rule : kParentRules) {
    if ((types & rule.child) != 0) parents |= rule.parents;
  }
  return parents;
}

bool Same(OctetView a, OctetView b) { return std::ranges::equal(a, b); }

tl::unexpected<Error> Blame(ErrorCode code, const Certificate& certificate, const char* why) {
  Error error;
  error.code = code;
  error.detail = why;
  error.thumb.assign(certificate.thumb().begin(), certificate.thumb().end());
  return tl::unexpected<Error>(std::move(error));
}

struct Root {
  CertificatePtr certificate;
  std::vector<std::string> brands;
};

// A verified chain is known by the SHA-256 of its leaf (SHA-1 would let two certificates made to
// collide stand for one another) and the role.
struct ChainKey {
  crypto::Sha256Digest leaf;
  Role role;
  auto operator<=>(const ChainKey&) const = default;
};

struct CachedChain {
  Chain chain;
  Time from = 0;
  Time until = 0;  // first notAfter in the chain
};

template <class Map>
void KeepBounded(Map& map, std::size_t limit) {
  if (map.size() >= limit) map.erase(map.begin());
}

}  // namespace

struct TrustStore::State {
  std::vector<Root> roots;
  std::vector<CertificatePtr> intermediates;
  std::vector<CrlPtr> crls;
  std::vector<BrandCrlIdentifierPtr> identifiers;

  std::mutex mutex;  // guards what follows
  std::map<ChainKey, CachedChain> chains;
  std::map<crypto::Sha256Digest, CertificatePtr> authorities;
  // CRLs (SHA-256) whose signature by an issuer (SHA-256) has been verified.
  std::set<std::pair<crypto::Sha256Digest, crypto::Sha256Digest>> good_crls;

  // One walk from a leaf to a root.
  struct Walk {
    std::span<const CertificatePtr> others;
    std::span<const CrlPtr> crls;
    std::string brand;
    Time now;
  };

  void ForgetChains() {
    const std::lock_guard<std::mutex> lock(mutex);
    chains.clear();
  }

  // The certificates that could have issued `child`, roots of this store first.
  std::vector<CertificatePtr> Candidates(const Certificate& child, const Walk& walk) const {
    std::vector<CertificatePtr> found;
    const auto consider = [&](const CertificatePtr& candidate) {
      if (found.size() == kMaxCandidates || !Same(candidate->subject(), child.issuer())) return;
      if (!child.authority_serial().empty() &&
          !Same(child.authority_serial(), candidate->serial())) {
        return;
      }
      if (!child.authority_issuer().empty() &&
          !Same(child.authority_issuer(), candidate->issuer())) {
        return;
      }
      const bool seen = std::ranges::any_of(
          found, [&](const CertificatePtr& other) { return Same(other->der(), candidate->der()); });
      if (!seen) found.push_back(candidate);
    };
    for (const Root& root : roots) consider(root.certificate);
    for (const CertificatePtr& other : intermediates) consider(other);
    for (const CertificatePtr& other : walk.others) consider(other);
    return found;
  }

  const Root* RootOf(const Certificate& certificate) const {
    const auto root = std::ranges::find_if(roots, [&](const Root& candidate) {
      return Same(candidate.certificate->der(), certificate.der());
    });
    return root == roots.end() ? nullptr : &*root;
  }

  bool SignedByIssuer(const Crl& crl, const Certificate& issuer) {
    const std::pair key(crypto::Sha256(crl.der()), crypto::Sha256(issuer.der()));
    {
      const std::lock_guard<std::mutex> lock(mutex);
      if (good_crls.contains(key)) return true;
    }
    if ((issuer.key_usage() & kCrlSign) == 0 || !crl.IsSignedBy(*issuer.key())) return false;
    const std::lock_guard<std::mutex> lock(mutex);
    KeepBounded(good_crls, kMaxCachedCrls);
    good_crls.insert(key);
    return true;
  }

  bool Revoked(const Certificate& certificate, const Certificate& issuer, const Walk& walk) {
    const auto revokes = [&](const CrlPtr& crl) {
      return Same(crl->issuer(), certificate.issuer()) && crl->Revokes(certificate.serial()) &&
             SignedByIssuer(*crl, issuer);
    };
    return std::ranges::any_of(crls, revokes) || std::ranges::any_of(walk.crls, revokes);
  }

  // What holds for every certificate of a chain.
  static Result<void> CheckOne(const Certificate& certificate, Time now) {
    if (certificate.fault()) return tl::unexpected<Error>(*certificate.fault());
    if (now < certificate.not_before()) {
      return Blame(ErrorCode::kInvalidCertificate, certificate, "certificate is not yet valid");
    }
    if (now > certificate.not_after()) {
      return Blame(ErrorCode::kExpiredCertificate, certificate, "certificate has expired");
    }
    return {};
  }

  // `chain` ends with a certificate that is checked already; goes on with its issuers.
  Result<void> Climb(Chain& chain, std::uint16_t types, const Walk& walk) {
    const Certificate& child = *chain.back();
    if (const Root* root = RootOf(child)) return CheckRoot(*root, walk);
    if (chain.size() == kMaxChain) {
      return Blame(ErrorCode::kInvalidCertificate, child, "chain is too long");
    }
    const std::vector<CertificatePtr> candidates = Candidates(child, walk);
    if (candidates.empty()) {
      // Roots are never sent: what stands right below one and finds none here has one unknown to
      // us.
      if (ParentsOf(types) == kRca || Same(child.issuer(), child.subject())) {
        return Blame(ErrorCode::kInvalidCertificate, child, "root certificate is not trusted");
      }
      return Blame(ErrorCode::kMissingCertificate, child, "certificate of an issuer is missing");
    }
    Result<void> last =
        Blame(ErrorCode::kInvalidCertificate, child, "signature on a certificate does not verify");
    for (const CertificatePtr& issuer : candidates) {
      if (issuer->fault()) {
        last = tl::unexpected<Error>(*issuer->fault());
        continue;
      }
      if (!child.IsSignedBy(*issuer->key())) continue;
      last = CheckIssuer(*issuer, child, chain, types, walk);
      if (!last) continue;
      chain.push_back(issuer);
      last = Climb(chain, ParentsOf(types) & issuer->types(), walk);
      if (last) return last;
      chain.pop_back();
    }
    return last;
  }

  Result<void> CheckIssuer(const Certificate& issuer, const Certificate& child, const Chain& chain,
                           std::uint16_t types, const Walk& walk) {
    if (auto one = CheckOne(issuer, walk.now); !one) return one;
    if (!issuer.is_ca() || (issuer.key_usage() & kKeyCertSign) == 0) {
      return Blame(ErrorCode::kInvalidCertificate, issuer, "issuer is no certification authority");
    }
    // CA certificates below this one, the leaf not counted (RFC 5280, 4.2.1.9).
    const auto below = static_cast<int>(chain.size()) - 1;
    if (issuer.path_length() && below > *issuer.path_length()) {
      return Blame(ErrorCode::kInvalidCertificate, issuer,
                   "chain is longer than pathLenConstraint");
    }
    if ((ParentsOf(types) & issuer.types()) == 0) {
      return Blame(ErrorCode::kInvalidCertificate, issuer, "issuer has the wrong certificateType");
    }
    if ((issuer.types() & kRca) == 0 &&
        !SameBrand(issuer.subject_parts().organization, walk.brand)) {
      return Blame(ErrorCode::kInvalidCertificate, issuer, "issuer belongs to another brand");
    }
    if (Revoked(child, issuer, walk)) {
      return Blame(ErrorCode::kRevokedCertificate, child, "certificate has been revoked");
    }
    return {};
  }

  static Result<void> CheckRoot(const Root& root, const Walk& walk) {
    if (root.brands.empty()) return {};
    const bool vouches = std::ranges::any_of(
        root.brands, [&](const std::string& brand) { return SameBrand(brand, walk.brand); });
    if (vouches) return {};
    return Blame(ErrorCode::kInvalidCertificate, *root.certificate,
                 "root certificate does not vouch for this brand");
  }
};

TrustStore::TrustStore() : state_(std::make_unique<State>()) {}
TrustStore::~TrustStore() = default;

Result<void> TrustStore::AddRoot(OctetView certificate, std::vector<std::string> brands) {
  CertificatePtr root;
  auto chain = ReadPemChain(certificate);
  if (chain) {
    root = chain->back();
  } else {
    auto parsed = Certificate::Parse(certificate);
    if (!parsed) return tl::unexpected(parsed.error());
    root = *std::move(parsed);
  }
  if (root->fault()) return tl::unexpected<Error>(*root->fault());
  if (!Same(root->issuer(), root->subject()) || !root->is_ca() || (root->types() & kRca) == 0 ||
      (root->key_usage() & kKeyCertSign) == 0 || !root->IsSignedBy(*root->key())) {
    return Blame(ErrorCode::kInvalidCertificate, *root, "not the root certificate of SET");
  }
  state_->roots.push_back({std::move(root), std::move(brands)});
  state_->ForgetChains();
  return {};
}

void TrustStore::AddIntermediate(CertificatePtr certificate) {
  state_->intermediates.push_back(std::move(certificate));
}

Result<void> TrustStore::AddRevocation(OctetView file) {
  auto blocks = crypto::ReadPem(file);
  if (!blocks) return tl::unexpected(blocks.error());
  std::vector<OctetView> values;
  for (const crypto::PemBlock& block : *blocks) values.push_back(block.der.view());
  if (values.empty()) values.push_back(file);
  for (OctetView value : values) {
    if (auto crl = Crl::Parse(value)) {
      state_->crls.push_back(*std::move(crl));
      continue;
    }
    auto identifier = BrandCrlIdentifier::Parse(value);
    if (!identifier) return tl::unexpected(identifier.error());
    state_->identifiers.push_back(*std::move(identifier));
  }
  state_->ForgetChains();
  return {};
}

Result<Chain> TrustStore::Verify(const CertificatePtr& leaf, std::span<const CertificatePtr> others,
                                 std::span<const CrlPtr> crls, Role role, Time now) const {
  const ChainKey key{crypto::Sha256(leaf->der()), role};
  std::optional<Chain> cached;
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    const auto found = state_->chains.find(key);
    if (found != state_->chains.end() && now >= found->second.from && now <= found->second.until) {
      cached = found->second.chain;
    }
  }
  const State::Walk walk{others, crls, leaf->subject_parts().organization, now};
  if (cached) {
    // The store's own CRLs were looked at when the chain was; those of this message were not.
    for (std::size_t i = 0; i + 1 < cached->size(); ++i) {
      if (!crls.empty() && state_->Revoked(*(*cached)[i], *(*cached)[i + 1], walk)) {
        return Blame(ErrorCode::kRevokedCertificate, *(*cached)[i], "certificate has been revoked");
      }
    }
    return *std::move(cached);
  }

  if (auto one = State::CheckOne(*leaf, now); !one) return tl::unexpected(one.error());
  const RoleRule& rule = kRoleRules[static_cast<std::size_t>(role)];
  if (leaf->is_ca()) {
    return Blame(ErrorCode::kInvalidCertificate, *leaf, "authority used as end entity");
  }
  if ((leaf->types() & rule.types) == 0) {
    return Blame(ErrorCode::kInvalidCertificate, *leaf, "wrong certificateType for this use");
  }
  if ((leaf->key_usage() & rule.key_usage) == 0) {
    return Blame(ErrorCode::kInvalidCertificate, *leaf, "wrong keyUsage for this use");
  }
  Chain chain{leaf};
  if (auto climbed = state_->Climb(chain, leaf->types() & rule.types, walk); !climbed) {
    return tl::unexpected(climbed.error());
  }

  CachedChain entry{chain, leaf->not_before(), leaf->not_after()};
  for (const CertificatePtr& certificate : chain) {
    entry.from = std::max(entry.from, certificate->not_before());
    entry.until = std::min(entry.until, certificate->not_after());
  }
  const std::lock_guard<std::mutex> lock(state_->mutex);
  KeepBounded(state_->chains, kMaxCachedChains);
  state_->chains.insert_or_assign(key, std::move(entry));
  for (std::size_t i = 1; i < chain.size(); ++i) {
    KeepBounded(state_->authorities, kMaxCachedAuthorities);
    state_->authorities.insert_or_assign(crypto::Sha256(chain[i]->der()), chain[i]);
  }
  return chain;
}

// D-32
Result<void> TrustStore::CheckBrandCrlIdentifier(const BrandCrlIdentifier& bci,
                                                 std::span<const CertificatePtr> others,
                                                 std::span<const CrlPtr> crls,
                                                 std::string_view brand, Time now) const {
  const auto fail = [&bci](ErrorCode code, const char* why) {
    Error error;
    error.code = code;
    error.detail = why;
    error.thumb.assign(bci.thumb().begin(), bci.thumb().end());
    return tl::unexpected<Error>(std::move(error));
  };
  if (!SameBrand(bci.brand_id(), brand)) {
    return fail(ErrorCode::kInvalidCertificate, "BrandCRLIdentifier of another brand");
  }
  if (now < bci.not_before()) {
    return fail(ErrorCode::kInvalidCertificate, "BrandCRLIdentifier is not yet valid");
  }
  if (now > bci.not_after()) {
    return fail(ErrorCode::kExpiredCertificate, "BrandCRLIdentifier has expired");
  }
  // The brand CA must itself lead to a root of this store.
  const State::Walk walk{others, crls, std::string(brand), now};
  const auto is_signer = [&](const CertificatePtr& authority) {
    if ((authority->types() & kBca) == 0 || !authority->is_ca() ||
        !SameBrand(authority->subject_parts().organization, brand) ||
        !State::CheckOne(*authority, now) || !bci.IsSignedBy(*authority->key())) {
      return false;
    }
    Chain chain{authority};
    return state_->Climb(chain, kBca, walk).has_value();
  };
  if (!std::ranges::any_of(others, is_signer) &&
      !std::ranges::any_of(state_->intermediates, is_signer)) {
    return fail(ErrorCode::kSignatureFailure, "BrandCRLIdentifier is not signed by the brand CA");
  }
  for (const BrandCrlIdentifier::Named& named : bci.crls()) {
    const auto is_named = [&named](const CrlPtr& crl) {
      return Same(crl->issuer(), named.issuer) && Same(crl->number(), named.number);
    };
    if (!std::ranges::any_of(crls, is_named) && !std::ranges::any_of(state_->crls, is_named)) {
      return fail(ErrorCode::kMissingCertificate, "a CRL of the BrandCRLIdentifier is missing");
    }
  }
  return {};
}

BrandCrlIdentifierPtr TrustStore::CurrentBrandCrlIdentifier(std::string_view brand,
                                                            Time now) const {
  BrandCrlIdentifierPtr newest;
  for (const BrandCrlIdentifierPtr& candidate : state_->identifiers) {
    if (SameBrand(candidate->brand_id(), brand) && now >= candidate->not_before() &&
        now <= candidate->not_after() &&
        (newest == nullptr || candidate->not_before() > newest->not_before())) {
      newest = candidate;
    }
  }
  return newest;
}

const std::vector<CrlPtr>& TrustStore::crls() const { return state_->crls; }

CertificatePtr TrustStore::Find(OctetView issuer, OctetView serial) const {
  const auto found =
      std::ranges::find_if(state_->intermediates, [&](const CertificatePtr& certificate) {
        return Same(certificate->issuer(), issuer) && Same(certificate->serial(), serial);
      });
  return found == state_->intermediates.end() ? nullptr : *found;
}

Result<CertificatePtr> TrustStore::Parse(OctetView der) const {
  {
    const crypto::Sha256Digest key = crypto::Sha256(der);
    const std::lock_guard<std::mutex> lock(state_->mutex);
    const auto found = state_->authorities.find(key);
    if (found != state_->authorities.end()) return found->second;
    const auto chain = state_->chains.lower_bound(ChainKey{key, Role{}});
    if (chain != state_->chains.end() && chain->first.leaf == key) {
      return chain->second.chain.front();
    }
  }
  return Certificate::Parse(der);
}

}  // namespace setcore::pki
