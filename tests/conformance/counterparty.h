// The other side of a payment, played by the judge: the cardholder and the payment handler's SET
// Merchant, and the acquirer payment gateway with its issuer.  Written from the specification; a
// module's code takes no part in it.
#ifndef TESTS_CONFORMANCE_COUNTERPARTY_H_
#define TESTS_CONFORMANCE_COUNTERPARTY_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kit.h"

namespace conform {

using Octets = std::vector<std::uint8_t>;

// What is bought, as the IOTP side says it.
struct Terms {
  std::string brand = "VISA";  // SET BrandID
  std::string amount = "157.53";
  std::string curr_code = "USD";
  std::string order = "Ladies coat, 1, USD 157.53";  // the one OrderPackagedContent, without Name
  // SET-InstallTotalTrans or SET-Recurring of the PayProtocol data (RFC 3538, 8.3.1), if agreed.
  std::string initiation = "";
};

enum class Issuer { kApproves, kDeclines, kSilent };

// CardholderPeer faces a payment handler module.
class CardholderPeer {
 public:
  virtual ~CardholderPeer() = default;
  virtual Octets PInitReq() = 0;
  virtual Octets PReq(const Octets& pinitres) = 0;  // with certificate (dual signed)
  virtual Octets PReqUnsigned(const Octets& pinitres) = 0;
  virtual Octets InqReq() = 0;  // after the PReq
  // Why the PRes (or InqRes) is not what the specification asks for; empty if it is.
  virtual std::string PResFault(const Octets& pres) = 0;
};

// MerchantPeer faces a consumer module.
class MerchantPeer {
 public:
  virtual ~MerchantPeer() = default;
  virtual Octets PInitRes(const Octets& pinitreq) = 0;
  virtual Octets PRes(const Octets& preq, Issuer issuer) = 0;
  virtual Octets InqRes(const Octets& inqreq, Issuer issuer) = 0;
};

// GatewayPeer listens on the port of the payment handler's wallet until it is destroyed
// (SO_REUSEPORT, since the run keeps the port bound).
class GatewayPeer {
 public:
  virtual ~GatewayPeer() = default;
  virtual void SetIssuer(Issuer issuer) = 0;
  virtual int connections() const = 0;
  virtual std::vector<Octets> requests() const = 0;  // every AuthReq and AuthRevReq, as received
};

struct CounterpartyOptions {
  std::filesystem::path pki;
  std::uint16_t gateway_port = 0;
  std::uint64_t seed = 0;
  std::function<std::int64_t()> now_ms;  // the clock that the module sees
};

std::unique_ptr<CardholderPeer> MakeCardholder(const CounterpartyOptions& options,
                                               const Terms& terms);
std::unique_ptr<MerchantPeer> MakeMerchant(const CounterpartyOptions& options, const Terms& terms);
std::unique_ptr<GatewayPeer> MakeGateway(const CounterpartyOptions& options,
                                         Issuer issuer = Issuer::kApproves);

// An Initiation for StartPaymentPaymentHandler that is none of ours: the PayProtocol data of
// RFC 3538, 8.3.1, which a host passes between the roles.
std::string OrderHash(const std::string& order);  // RFC 3538, 8.4.1(e), base64

}  // namespace conform

#endif  // TESTS_CONFORMANCE_COUNTERPARTY_H_
