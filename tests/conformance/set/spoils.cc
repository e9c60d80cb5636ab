#include "set/spoils.h"

#include "kit.h"

namespace conform::set {

void FlipSignature(Value& signed_data) {
  Value info = signed_data.at("signerInfos").at(0);
  Octets signature = info.at("encryptedDigest").octets();
  signature[signature.size() / 2] ^= 1;
  info["encryptedDigest"] = signature;
  signed_data.Remove("signerInfos");
  signed_data["signerInfos"].Add(info);
}

Value UnknownExtension(bool critical) {
  Value extension;
  extension["extnID"] = Oid({2, 23, 42, 1, 99});
  if (critical) extension["critical"] = Octets{0xFF};
  extension["extnValue"] = Value::Der({0x04, 0x00});
  Value all;
  all.Add(std::move(extension));
  return all;
}

Order MerchantOrder() {
  Order order;
  order.subject = {"VISA", {"Conformance Bank", "Conformance Shop"}, "00012345:2"};
  order.holder = Holder::kMerchant;
  order.merchant_id = kMerchantId;
  return order;
}

Order CardOrder() {
  Order order;
  order.subject = {
      "VISA",
      {"Conformance Bank"},
      UniqueCardholderId(std::string(kPan), std::string(kExpiry), FromHex(kPanSecretHex))};
  order.not_after = "351231235959Z";
  return order;
}

}  // namespace conform::set
