#include "unit/setcore/messages_corpus.h"

#include "setcore/asn1/codec.h"
#include "setcore/messages/authorization.h"
#include "setcore/messages/authorization_reversal.h"
#include "setcore/messages/capture.h"
#include "setcore/messages/certificate_extensions.h"
#include "setcore/messages/error_message.h"
#include "setcore/messages/inquiry.h"
#include "setcore/messages/purchase_init.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/messages/tokens.h"
#include "setcore/messages/wrapper.h"
#include "vectors/vector_file.h"

namespace setcore {
namespace {

template <class T>
Result<Octets> Again(OctetView octets) {
  const Result<T> value = der::Decode<T>(octets);
  if (!value) return tl::unexpected<Error>(value.error());
  return der::Encode(*value);
}

// The same for the message inside a wrapper.
template <class T>
Result<Octets> AgainInside(OctetView octets) {
  Result<msg::MessageWrapper> wrapper = der::Decode<msg::MessageWrapper>(octets);
  if (!wrapper) return tl::unexpected<Error>(wrapper.error());
  Result<Octets> message = Again<T>(wrapper->message.der);
  if (!message) return message;
  wrapper->message.der = *std::move(message);
  return der::Encode(*wrapper);
}

struct Row {
  const char* file;
  const char* name;
  const char* type;
  Codec codec;
};

using Attributes = msg::Collection<msg::Attribute>;

const Row kRows[] = {
    {"01-pinitreq", "PInitReq", "PInitReq", Again<msg::PInitReq>},
    {"01-pinitreq", "MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"02-pinitres", "PInitResData", "PInitResData", Again<msg::PInitResData>},
    {"02-pinitres", "authenticated-attributes-der", "Attributes", Again<Attributes>},
    {"02-pinitres", "signed-data-der", "SignedData", Again<msg::SignedData>},
    {"02-pinitres", "MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"03-hodinput-hod", "HODInput.der", "HODInput", Again<msg::HODInput>},
    {"03-hodinput-hod", "HODInput.DD", "DigestedData", Again<msg::DigestedData>},
    {"04-oidata", "OIData.der", "OIData", Again<msg::OIData>},
    {"04-oidata", "OIData.DD", "DigestedData", Again<msg::DigestedData>},
    {"05-pihead", "PIHead", "PIHead", Again<msg::PIHead>},
    {"06-pandata-pidata", "PANData.der", "PANData", Again<msg::PANData>},
    {"06-pandata-pidata", "PANData.DD", "DigestedData", Again<msg::DigestedData>},
    {"06-pandata-pidata", "PIData.der", "PIData", Again<msg::PIData>},
    {"06-pandata-pidata", "PIData.DD", "DigestedData", Again<msg::DigestedData>},
    {"07-ex-envelope", "plaintext", "PIDualSignedTBE", Again<msg::PIDualSignedTBE>},
    {"07-ex-envelope", "enveloped-data-der", "EnvelopedData", Again<msg::EnvelopedData>},
    {"08-pisignature", "PI-TBS", "PI-TBS", Again<msg::PITBS>},
    {"08-pisignature", "authenticated-attributes-der", "Attributes", Again<Attributes>},
    {"08-pisignature", "signed-data-der", "SignedData", Again<msg::SignedData>},
    {"09-preq-dualsigned", "PIDualSigned", "PIDualSigned", Again<msg::PIDualSigned>},
    {"09-preq-dualsigned", "OIDualSigned", "OIDualSigned", Again<msg::OIDualSigned>},
    {"09-preq-dualsigned", "PReqDualSigned", "PReqDualSigned", Again<msg::PReqDualSigned>},
    {"09-preq-dualsigned", "PReq", "PReq", Again<msg::PReq>},
    {"09-preq-dualsigned", "MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"10-authreq", "AuthReqData", "AuthReqData", Again<msg::AuthReqData>},
    {"10-authreq", "PI", "PI", Again<msg::PI>},
    {"10-authreq", "DD(PI)", "DigestedData", Again<msg::DigestedData>},
    {"10-authreq", "content-der", "AuthReqTBS", Again<msg::AuthReqTBS>},
    {"10-authreq", "signed-data-der", "SignedData", Again<msg::SignedData>},
    {"10-authreq", "enveloped-data-der", "EnvelopedData", Again<msg::EnvelopedData>},
    {"10-authreq", "AuthReq", "AuthReq", Again<msg::AuthReq>},
    {"10-authreq", "MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"11-authres", "AuthResBaggage", "AuthResBaggage", Again<msg::AuthResBaggage>},
    {"11-authres", "content-der", "AuthResTBS", Again<msg::AuthResTBS>},
    {"11-authres", "signed-data-der", "SignedData", Again<msg::SignedData>},
    {"11-authres", "enveloped-data-der", "EnvelopedData", Again<msg::EnvelopedData>},
    {"11-authres", "acq.AcqCardCodeMsg", "AcqCardCodeMsg", Again<msg::AcqCardCodeMsg>},
    {"11-authres", "acq.EncryptedData", "EncryptedData", Again<msg::EncryptedData>},
    {"11-authres", "acq.plaintext", "SignedData", Again<msg::SignedData>},
    {"11-authres", "AuthRes", "AuthRes", Again<msg::AuthRes>},
    {"11-authres", "MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"12-pres", "PResData", "PResData", Again<msg::PResData>},
    {"12-pres", "signed-data-der", "SignedData", Again<msg::SignedData>},
    {"12-pres", "MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"13-inqreq-signed", "InqReqData", "InqReqData", Again<msg::InqReqData>},
    {"13-inqreq-signed", "signed-data-der", "SignedData", Again<msg::SignedData>},
    {"13-inqreq-signed", "MessageWrapper", "InqReq", AgainInside<msg::InqReq>},
    {"14-inqres", "PResData", "PResData", Again<msg::PResData>},
    {"14-inqres", "MessageWrapper", "SignedData", AgainInside<msg::SignedData>},
    {"15-capreq", "content-der", "CapReqTBS", Again<msg::CapReqTBS>},
    {"15-capreq", "signed-data-der", "SignedData", Again<msg::SignedData>},
    {"15-capreq", "MessageWrapper", "CapReq", AgainInside<msg::CapReq>},
    {"16-capres", "content-der", "CapResData", Again<msg::CapResData>},
    {"16-capres", "signed-data-der", "SignedData", Again<msg::SignedData>},
    {"16-capres", "MessageWrapper", "CapRes", AgainInside<msg::CapRes>},
    {"17-unsigned-pinit", "PInitReq.MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"17-unsigned-pinit", "PInitRes.MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"18-preq-unsigned", "HODInput", "HODInput", Again<msg::HODInput>},
    {"18-preq-unsigned", "OIData", "OIData", Again<msg::OIData>},
    {"18-preq-unsigned", "PIHead", "PIHead", Again<msg::PIHead>},
    {"18-preq-unsigned", "PANToken", "PANToken", Again<msg::PANToken>},
    {"18-preq-unsigned", "PIDataUnsigned", "PIDataUnsigned", Again<msg::PIDataUnsigned>},
    {"18-preq-unsigned", "plaintext", "PIUnsignedTBE", Again<msg::PIUnsignedTBE>},
    {"18-preq-unsigned", "enveloped-data-der", "EnvelopedData", Again<msg::EnvelopedData>},
    {"18-preq-unsigned", "PReqUnsigned", "PReqUnsigned", Again<msg::PReqUnsigned>},
    {"18-preq-unsigned", "MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"19-declined", "AuthReq.MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"19-declined", "AuthRes.MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"19-declined", "PRes.MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"20-inqreq-unsigned", "InqReq", "InqReq", Again<msg::InqReq>},
    {"20-inqreq-unsigned", "MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"21-authrevreq", "content-der", "AuthRevReqTBS", Again<msg::AuthRevReqTBS>},
    {"21-authrevreq", "AuthRevReqBaggage", "AuthRevReqBaggage", Again<msg::AuthRevReqBaggage>},
    {"21-authrevreq", "MessageWrapper", "AuthRevReq", AgainInside<msg::AuthRevReq>},
    {"22-authrevres", "content-der", "AuthRevResData", Again<msg::AuthRevResData>},
    {"22-authrevres", "MessageWrapper", "AuthRevRes", AgainInside<msg::AuthRevRes>},
    {"23-error", "signed-with-thumb.ErrorTBS", "ErrorTBS", Again<msg::ErrorTBS>},
    {"23-error", "signed-with-thumb.Error", "Error", Again<msg::ErrorMessage>},
    {"23-error", "unsigned-header.Error", "Error", Again<msg::ErrorMessage>},
    {"23-error", "unsigned-oid.Error", "Error", Again<msg::ErrorMessage>},
    {"23-error", "unsigned-badwrapper.Error", "Error", Again<msg::ErrorMessage>},
    {"23-error", "signed-with-thumb.MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"23-error", "unsigned-header.MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"23-error", "unsigned-oid.MessageWrapper", "MessageWrapper", Again<msg::MessageWrapper>},
    {"23-error", "unsigned-badwrapper.MessageWrapper", "MessageWrapper",
     Again<msg::MessageWrapper>},
    {"24-messagewrapper", "bare.MessageHeader", "MessageHeader", Again<msg::MessageHeader>},
    {"24-messagewrapper", "rrpid.MessageHeader", "MessageHeader", Again<msg::MessageHeader>},
    {"24-messagewrapper", "all.MessageHeader", "MessageHeader", Again<msg::MessageHeader>},
    {"pki/pki", "bci.der", "BrandCRLIdentifier", Again<msg::BrandCRLIdentifier>},
    {"pki/pki", "unique-card-data", "AccountData", Again<msg::AccountData>},
};

}  // namespace

std::vector<Sample> MessageCorpus() {
  std::vector<Sample> samples;
  for (const char* const set : vectors::kSets) {
    for (const Row& row : kRows) {
      const auto file = vectors::Load(std::string(set) + "/" + row.file + ".txt");
      samples.push_back({std::string(set) + "/" + row.file + " " + row.name, row.type, row.codec,
                         file.Hex(row.name)});
    }
  }
  return samples;
}

}  // namespace setcore
