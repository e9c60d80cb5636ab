// Every type of the purchase's messages; the first octet chooses.  What a decoder accepts, its
// encoder writes again octet for octet, or refuses because a bound holds on output only (D-12,
// D-14).  A wrapper is also received, looked at from outside, and its message decoded.
#include <algorithm>
#include <iterator>
#include <string_view>

#include "fuzz/target.h"
#include "setcore/asn1/codec.h"
#include "setcore/messages/authorization.h"
#include "setcore/messages/authorization_reversal.h"
#include "setcore/messages/capture.h"
#include "setcore/messages/certificate_extensions.h"
#include "setcore/messages/error_message.h"
#include "setcore/messages/glance.h"
#include "setcore/messages/inquiry.h"
#include "setcore/messages/purchase_init.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/messages/receive.h"
#include "setcore/messages/tokens.h"
#include "setcore/messages/wrapper.h"
#include "setcore/receipt.h"
#include "setcore/transport/rrpid.h"

namespace {

using namespace setcore;

constexpr Time kNow = 1768478400;  // of the vectors: 2026-01-15T12:00:00Z

constexpr std::string_view kOutputBounds[] = {"string outside its bounds",
                                              "SETString outside its bounds",
                                              "recurringFrequency above its bound"};

template <class T>
void Check(OctetView octets) {
  const Result<T> value = der::Decode<T>(octets);
  if (!value) {
    fuzz::Require(value.error().code == ErrorCode::kDecodingFailure, "refused: decodingFailure");
    return;
  }
  const Result<Octets> again = der::Encode(*value);
  if (again) {
    fuzz::Require(std::ranges::equal(*again, octets), "decode, encode: the same");
  } else {
    fuzz::Require(std::ranges::find(kOutputBounds, again.error().detail) != std::end(kOutputBounds),
                  "only a bound of output closes the way back");
  }
}

void CheckMessage(msg::MessageType type, OctetView octets) {
  switch (type) {
    case msg::MessageType::kPInitReq:
      return Check<msg::PInitReq>(octets);
    case msg::MessageType::kPInitRes:
    case msg::MessageType::kPRes:
    case msg::MessageType::kInqRes:
      return Check<msg::SignedData>(octets);
    case msg::MessageType::kPReq:
      return Check<msg::PReq>(octets);
    case msg::MessageType::kAuthReq:
      return Check<msg::AuthReq>(octets);
    case msg::MessageType::kAuthRes:
      return Check<msg::AuthRes>(octets);
    case msg::MessageType::kInqReq:
      return Check<msg::InqReq>(octets);
    case msg::MessageType::kAuthRevReq:
      return Check<msg::AuthRevReq>(octets);
    case msg::MessageType::kAuthRevRes:
      return Check<msg::AuthRevRes>(octets);
    case msg::MessageType::kCapReq:
      return Check<msg::CapReq>(octets);
    case msg::MessageType::kCapRes:
      return Check<msg::CapRes>(octets);
    case msg::MessageType::kError:
      return Check<msg::ErrorMessage>(octets);
    default:
      return;
  }
}

void CheckWrapper(OctetView octets) {
  Check<msg::MessageWrapper>(octets);
  static_cast<void>(transport::PeekRrpid(octets));
  static_cast<void>(ReadPRes(octets));
  const std::optional<Glimpse> glimpse = Glance(octets);
  const auto wrapper = der::Decode<msg::MessageWrapper>(octets);
  if (!wrapper) return;
  fuzz::Require(glimpse && glimpse->name == msg::Name(wrapper->type), "a glance sees the message");
  const auto received = ReceiveWrapper(octets, wrapper->type, kNow);
  fuzz::Require(!received || received->message == wrapper->message, "received: the same message");
  CheckMessage(wrapper->type, wrapper->message.der);
}

constexpr void (*kTypes[])(OctetView) = {
    CheckWrapper,
    Check<msg::PInitReq>,
    Check<msg::PInitResData>,
    Check<msg::SignedData>,
    Check<msg::EnvelopedData>,
    Check<msg::EncryptedData>,
    Check<msg::DigestedData>,
    Check<msg::HODInput>,
    Check<msg::OIData>,
    Check<msg::PIHead>,
    Check<msg::PANData>,
    Check<msg::PANToken>,
    Check<msg::PIData>,
    Check<msg::PIDataUnsigned>,
    Check<msg::PIDualSignedTBE>,
    Check<msg::PITBS>,
    Check<msg::PReq>,
    Check<msg::PI>,
    Check<msg::AuthReqData>,
    Check<msg::AuthReqTBS>,
    Check<msg::AuthReq>,
    Check<msg::AuthRes>,
    Check<msg::AuthResData>,
    Check<msg::AuthResTBS>,
    Check<msg::AuthResBaggage>,
    Check<msg::AcqCardCodeMsg>,
    Check<msg::PResData>,
    Check<msg::ErrorMessage>,
    Check<msg::ErrorTBS>,
    Check<msg::CapTokenData>,
    Check<msg::MessageHeader>,
    Check<msg::BrandCRLIdentifier>,
    Check<msg::MerchantDataSyntax>,
    Check<msg::Collection<msg::Attribute>>,
    Check<msg::InqReqData>,
    Check<msg::InqReq>,
    Check<msg::AuthRevReqData>,
    Check<msg::AuthRevReqBaggage>,
    Check<msg::AuthRevReq>,
    Check<msg::AuthRevResData>,
    Check<msg::AuthRevResBaggage>,
    Check<msg::AuthRevRes>,
    Check<msg::CapReqData>,
    Check<msg::CapReq>,
    Check<msg::CapResData>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t type = input.Octet() % std::size(kTypes);
  kTypes[type](input.rest());
  return 0;
}
