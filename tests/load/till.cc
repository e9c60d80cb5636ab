#include "load/till.h"

#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "bridge/wallet/profile_values.h"
#include "setcore/purchase.h"

namespace load {
namespace {

template <class T>
T Must(setcore::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

setcore::Octets File(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

setcore::pki::CertifiedKey KeyOf(const std::string& stem) {
  return Must(setcore::pki::CertifiedKey::FromPem(File(stem + ".pem"), File(stem + ".key")));
}

constexpr std::size_t kSecretSize = 20;

}  // namespace

Till::Till(const std::string& directory, const std::string& gateway)
    : signing_(KeyOf(directory + "/visa-merchant-sign")),
      exchange_(KeyOf(directory + "/visa-merchant-exchange")),
      gateway_(Must(setcore::pki::ReadPemChain(File(directory + "/" + gateway + ".pem")))),
      no_secret_(kSecretSize, 0) {
  if (!trust_.AddRoot(File(directory + "/root.pem"))) throw std::runtime_error("no root");
  keys_.merchant_id = "00012345";
  keys_.signing = &signing_.key;
  keys_.signing_chain = signing_.chain;
  keys_.exchange = &exchange_.key;
  keys_.exchange_chain = exchange_.chain;
  keys_.gateway_chain = gateway_;
}

setcore::Environment Till::Now() { return {std::time(nullptr), &random_}; }

Sale Till::Sell(std::uint64_t cents) {
  setcore::PurchaseTerms terms;
  terms.od = {'o', 'n', 'e'};
  terms.purch_amt = {840, cents, -2};
  terms.brand_id = "VISA";
  terms.sw_ident = "till";
  const setcore::Card card{
      "4000000000000002", "209912", no_secret_, no_secret_, nullptr, {}, false};
  const setcore::Octets pinitreq = Must(setcore::ComposePInitReq(Now(), card, terms));
  const auto pinitres =
      Must(setcore::ComposePInitRes(Now(), keys_, trust_, terms, pinitreq)).message;
  const auto preq =
      Must(setcore::ComposePReq(Now(), card, trust_, terms, pinitreq, pinitres)).message;
  auto authreq = Must(setcore::ComposeAuthReq(Now(), keys_, {}, terms, preq));
  return {std::move(authreq.message), std::move(authreq.rrpid), cents};
}

int Till::AuthCodeOf(const Sale& sale, setcore::OctetView authres) {
  return Must(setcore::CheckAuthRes(Now(), keys_, trust_, sale.authreq, authres)).auth_code;
}

setcore::SecretOctets SecretOf(const std::string& text) {
  auto octets = bridge::FromHex(text.substr(text.find(':') + 1));
  if (!octets) throw std::runtime_error("a secret is not hexadecimal");
  return std::move(*octets);
}

}  // namespace load
