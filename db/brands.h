// Brands a merchant or payment handler wallet accepts.  Keys arrive sealed and are opaque here.
#ifndef DB_BRANDS_H_
#define DB_BRANDS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/error.h"
#include "db/instruments.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

struct Brand {
  std::string brand_id;
  std::string protocol_brand_id;
  std::string name;
  std::string logo_url;
  std::optional<std::string> narrative;
  std::optional<std::string> payment_handler_org_id;
  std::optional<std::string> pay_req_url;
  std::optional<std::string> sec_pay_req_url;
  std::optional<std::string> gateway;  // Gateway::name
  bool hidden = false;                 // kept for a pending payment only
  std::optional<Octets> sealed_signing_key;
  std::optional<Octets> sealed_exchange_key;
  std::vector<std::string> currencies;  // empty: any
  std::vector<std::string> bins;
  std::vector<AmountLimit> limits;
  std::vector<Octets> signing_chain;   // DER, leaf first
  std::vector<Octets> exchange_chain;  // DER, leaf first
  std::vector<Octets> gateway_chain;   // Cert-PE and its chain

  // The columns of the table; the lists stand in tables of their own (lists.h).
  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("brand_id", self.brand_id);
    a("protocol_brand_id", self.protocol_brand_id);
    a("name", self.name);
    a("logo_url", self.logo_url);
    a("narrative", self.narrative);
    a("payment_handler_org_id", self.payment_handler_org_id);
    a("pay_req_url", self.pay_req_url);
    a("sec_pay_req_url", self.sec_pay_req_url);
    a("gateway", self.gateway);
    a("hidden", self.hidden);
    a("sealed_signing_key", self.sealed_signing_key);
    a("sealed_exchange_key", self.sealed_exchange_key);
  }
};

// FormerKey is an exchange key that a brand had before its present one.
struct FormerKey {
  std::string brand_id;
  Octets certificate;  // DER
  Octets sealed_exchange_key;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("brand_id", self.brand_id);
    a("certificate", self.certificate);
    a("sealed_exchange_key", self.sealed_exchange_key);
  }
};

// StoreBrand adds the brand or replaces the one with its brand_id.  kConflict: its
// protocol_brand_id belongs to another one.
Result<void> StoreBrand(Transaction& tx, const Brand& brand);
// KeepFormerKey stores the key while a pending payment uses its brand, else it drops all former
// keys of the brand.
Result<void> KeepFormerKey(Transaction& tx, const FormerKey& key);
Result<std::vector<FormerKey>> LoadFormerKeys(const Reader& reader);
// RetireBrand hides the brand while a pending payment uses it, else removes it with its former
// keys.
Result<void> RetireBrand(Transaction& tx, std::string_view brand_id);
// All, hidden ones too, in the order in which they were first stored.
Result<std::vector<Brand>> LoadBrands(const Reader& reader);

}  // namespace db

#endif  // DB_BRANDS_H_
