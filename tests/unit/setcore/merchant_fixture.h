// The merchant of the golden vectors: keys, terms and messages of set-1024 or set-2048.
#ifndef TESTS_UNIT_SETCORE_MERCHANT_FIXTURE_H_
#define TESTS_UNIT_SETCORE_MERCHANT_FIXTURE_H_

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "setcore/asn1/codec.h"
#include "setcore/crypto/random.h"
#include "setcore/merchant.h"
#include "setcore/messages/authorization.h"
#include "setcore/messages/purchase_init.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/messages/wrapper.h"
#include "setcore/treatments/digested.h"
#include "setcore/treatments/enveloped.h"
#include "setcore/treatments/signed.h"
#include "unit/setcore/vector_pki.h"
#include "vectors/scripted_random.h"
#include "vectors/vector_file.h"

namespace setcore {

// Pattern is a random source for tests that do not look at the values: 1, 2, 3, ...
class Pattern : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) octet = static_cast<std::uint8_t>(next_++ % 127 + 1);
  }

 private:
  unsigned next_ = 0;
};

class MerchantTest : public testing::TestWithParam<std::string> {
 protected:
  MerchantTest() {
    vectors::TrustRootOf(set_, trust_);
    keys_.merchant_id = "00012345";
    keys_.signing = &sign_.key;
    keys_.signing_chain = sign_.chain;
    keys_.exchange = &exchange_.key;
    keys_.exchange_chain = exchange_.chain;
    keys_.gateway_chain = gateway_.chain;
    const auto order = File("03-hodinput-hod");
    const std::string od = order.Text("od");
    terms_.od.assign(od.begin(), od.end());
    terms_.purch_amt = {840, 15753, -2};
    terms_.brand_id = "VISA";
    terms_.lid_m = File("01-pinitreq").Hex("lid-m");
    terms_.sw_ident = "setpeer 1.0";
    unsigned_terms_ = terms_;
    unsigned_terms_.lid_m.reset();
  }

  vectors::File File(const std::string& name) const {
    return vectors::Read(OPB_VECTORS "/" + set_ + "/" + name + ".txt");
  }
  Octets Message(const std::string& file, const std::string& prefix = {}) const {
    return File(file).Hex(prefix + "MessageWrapper");
  }

  Environment Now(Random& random) const { return {vectors::kNow, &random}; }

  // Checks a PReq of the signed purchase.
  Result<PReqFacts> Check(OctetView preq, Time now = vectors::kNow) {
    Pattern random;
    return CheckPReq({now, &random}, keys_, policy_, trust_, terms_, Message("01-pinitreq"),
                     Message("02-pinitres"), preq);
  }
  // Checks a PReq of the purchase without a cardholder certificate.
  Result<PReqFacts> CheckUnsigned(OctetView preq) {
    Pattern random;
    return CheckPReq(Now(random), keys_, policy_, trust_, unsigned_terms_,
                     Message("17-unsigned-pinit", "PInitReq."),
                     Message("17-unsigned-pinit", "PInitRes."), preq);
  }

  // Edit decodes a wrapper and its message as T, lets `change` at both and encodes them again.
  template <class T>
  static Octets Edit(const Octets& wrapper,
                     const std::function<void(msg::MessageHeader&, T&)>& change) {
    auto whole = vectors::Must(der::Decode<msg::MessageWrapper>(wrapper));
    auto body = vectors::Must(der::Decode<T>(whole.message.der));
    change(whole.header, body);
    whole.message.der = vectors::Must(der::Encode(body));
    return vectors::Must(der::Encode(whole));
  }
  static Octets Redate(const Octets& wrapper, Time date) {
    auto whole = vectors::Must(der::Decode<msg::MessageWrapper>(wrapper));
    whole.header.date.value = date;
    return vectors::Must(der::Encode(whole));
  }

  const std::string set_ = GetParam();
  pki::CertifiedKey sign_ = vectors::KeyOf(set_, "merchant-sign");
  pki::CertifiedKey exchange_ = vectors::KeyOf(set_, "merchant-exchange");
  pki::CertifiedKey gateway_ = vectors::KeyOf(set_, "gateway-exchange");
  pki::CertifiedKey gateway_sign_ = vectors::KeyOf(set_, "gateway-sign");
  pki::TrustStore trust_;
  MerchantKeys keys_;
  MerchantPolicy policy_;
  PurchaseTerms terms_;
  PurchaseTerms unsigned_terms_;
};

}  // namespace setcore

#endif  // TESTS_UNIT_SETCORE_MERCHANT_FIXTURE_H_
