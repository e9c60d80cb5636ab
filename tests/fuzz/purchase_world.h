// The purchase of the golden vectors (set-1024) with the keys and terms of all its parties, for the
// targets that reach the actors.
#ifndef TESTS_FUZZ_PURCHASE_WORLD_H_
#define TESTS_FUZZ_PURCHASE_WORLD_H_

#include <array>
#include <string>

#include "setcore/asn1/codec.h"
#include "setcore/cardholder.h"
#include "setcore/gateway.h"
#include "setcore/merchant.h"
#include "setcore/messages/wrapper.h"
#include "setcore/purchase.h"
#include "unit/setcore/vector_pki.h"
#include "vectors/vector_file.h"

namespace fuzz {

struct PurchaseWorld {
  PurchaseWorld() {
    vectors::TrustRootOf("set-1024", trust);
    merchant.merchant_id = "00012345";
    merchant.signing = &merchant_sign.key;
    merchant.signing_chain = merchant_sign.chain;
    merchant.exchange = &merchant_exchange.key;
    merchant.exchange_chain = merchant_exchange.chain;
    merchant.gateway_chain = gateway_exchange.chain;
    gateway[0].signing = &gateway_sign;
    gateway[0].exchange = &gateway_exchange;
    const std::string od = File("03-hodinput-hod").Text("od");
    terms.od.assign(od.begin(), od.end());
    terms.purch_amt = {840, 15753, -2};
    terms.brand_id = "VISA";
    terms.lid_m = File("01-pinitreq").Hex("lid-m");
    terms.sw_ident = "setpeer 1.0";
    unsigned_terms = terms;
    unsigned_terms.lid_m.reset();
    card.pan = pan;
    card.expiry = expiry;
    card.card_secret = secret;
    card.pan_secret = secret;
    card.key = &cardholder.key;
    card.chain = cardholder.chain;
    plain_card = card;
    plain_card.key = nullptr;
    plain_card.chain = {};
  }
  PurchaseWorld(const PurchaseWorld&) = delete;
  PurchaseWorld& operator=(const PurchaseWorld&) = delete;

  static vectors::File File(const std::string& name) {
    return vectors::Load("set-1024/" + name + ".txt");
  }
  static setcore::Octets Message(const std::string& file, const std::string& prefix = {}) {
    return File(file).Hex(prefix + "MessageWrapper");
  }

  // That of the vectors with the ids in its header that ours has.
  static setcore::Octets Capreq() {
    namespace msg = setcore::msg;
    const auto asked =
        vectors::Must(setcore::der::Decode<msg::MessageWrapper>(Message("10-authreq")));
    auto wrapper = vectors::Must(setcore::der::Decode<msg::MessageWrapper>(Message("15-capreq")));
    wrapper.header.message_ids = asked.header.message_ids;
    return setcore::der::MustEncode(wrapper);
  }

  setcore::pki::CertifiedKey cardholder = vectors::KeyOf("set-1024", "cardholder");
  setcore::pki::CertifiedKey merchant_sign = vectors::KeyOf("set-1024", "merchant-sign");
  setcore::pki::CertifiedKey merchant_exchange = vectors::KeyOf("set-1024", "merchant-exchange");
  setcore::pki::CertifiedKey gateway_sign = vectors::KeyOf("set-1024", "gateway-sign");
  setcore::pki::CertifiedKey gateway_exchange = vectors::KeyOf("set-1024", "gateway-exchange");
  setcore::pki::TrustStore trust;
  setcore::MerchantKeys merchant;
  setcore::MerchantPolicy policy;
  std::array<setcore::GatewayKeys, 1> gateway;
  setcore::GatewayPolicy gateway_policy{.sw_ident = "fuzz"};
  setcore::PurchaseTerms terms, unsigned_terms;
  std::string pan = File("pki/pki").Text("pan");
  std::string expiry = File("pki/pki").Text("card-expiry");
  setcore::Octets secret = setcore::Octets(20, 0);
  setcore::Card card, plain_card;

  setcore::Octets pinitreq = Message("01-pinitreq");
  setcore::Octets pinitres = Message("02-pinitres");
  setcore::Octets preq = Message("09-preq-dualsigned");
  setcore::Octets authreq = Message("10-authreq");
  setcore::Octets pres = Message("12-pres");
  setcore::Octets inqreq = Message("13-inqreq-signed");
  setcore::Octets authrevreq = Message("21-authrevreq");
  setcore::Octets auth_rrpid = File("10-authreq").Hex("random.auth-rrpid");
  setcore::Octets capreq = Capreq();
  setcore::Octets unsigned_pinitreq = Message("17-unsigned-pinit", "PInitReq.");
  setcore::Octets unsigned_pinitres = Message("17-unsigned-pinit", "PInitRes.");
  setcore::Octets unsigned_preq = Message("18-preq-unsigned");
  setcore::Octets unsigned_authreq = Message("19-declined", "AuthReq.");
};

}  // namespace fuzz

#endif  // TESTS_FUZZ_PURCHASE_WORLD_H_
