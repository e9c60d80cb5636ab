#include "set/types.h"

namespace conform::set {
namespace {

// set-messages.asn, sections 14 and 16.  S, SO, Enc, ... are SignedData and EnvelopedData; L is a
// SEQUENCE of the linked value and a DD.
constexpr std::string_view kTreatments = R"(
AlgorithmIdentifier ::= SEQUENCE { algorithm OID, parameters ANY OPTIONAL }
ContentInfo ::= SEQUENCE { contentType OID, content [0] EXPLICIT ANY OPTIONAL }
DD ::= SEQUENCE { ddVersion INTEGER(0), digestAlgorithm AlgorithmIdentifier,
  contentInfo ContentInfo, digest OCTETS(1..20) }
IssuerAndSerialNumber ::= SEQUENCE { issuer ANY, serialNumber INTEGER }
Attribute ::= SEQUENCE { type OID, values SET OF ANY }
Attributes ::= SEQUENCE OF Attribute
SignerInfo ::= SEQUENCE { siVersion INTEGER(1..2), issuerAndSerialNumber IssuerAndSerialNumber,
  digestAlgorithm AlgorithmIdentifier, authenticatedAttributes [2] EXPLICIT Attributes OPTIONAL,
  digestEncryptionAlgorithm AlgorithmIdentifier, encryptedDigest OCTETS,
  unauthenticatedAttributes [3] Attributes OPTIONAL }
SignedData ::= SEQUENCE { sdVersion INTEGER(1..2),
  digestAlgorithms SEQUENCE OF AlgorithmIdentifier, contentInfo ContentInfo,
  certificates [2] SEQUENCE OF ANY OPTIONAL, crls [3] SEQUENCE OF ANY OPTIONAL,
  signerInfos SEQUENCE OF SignerInfo }
RecipientInfo ::= SEQUENCE { riVersion INTEGER(0), issuerAndSerialNumber IssuerAndSerialNumber,
  keyEncryptionAlgorithm AlgorithmIdentifier, encryptedKey OCTETS }
EncryptedContentInfo ::= SEQUENCE { contentType OID,
  contentEncryptionAlgorithm AlgorithmIdentifier, encryptedContent [0] OCTETS OPTIONAL }
EnvelopedData ::= SEQUENCE { edVersion INTEGER(1), recipientInfos SEQUENCE OF RecipientInfo,
  encryptedContentInfo EncryptedContentInfo }
EncryptedData ::= SEQUENCE { version INTEGER(0), encryptedContentInfo EncryptedContentInfo }
Link ::= SEQUENCE { t1 ANY, t2 DD }
EncB ::= SEQUENCE { enc EnvelopedData, baggage ANY }
)";

constexpr std::string_view kCertificates = R"(
Certificate ::= SEQUENCE { toBeSigned TBSCertificate, algorithm AlgorithmIdentifier,
  signature BITS }
TBSCertificate ::= SEQUENCE { version [0] EXPLICIT INTEGER(2), serialNumber INTEGER,
  signature AlgorithmIdentifier, issuer Name, validity Validity, subject Name,
  subjectPublicKeyInfo ANY, extensions [3] EXPLICIT Extensions OPTIONAL }
Validity ::= SEQUENCE { notBefore UTCTime, notAfter UTCTime }
Name ::= SEQUENCE OF SET OF AttributeTypeAndValue
AttributeTypeAndValue ::= SEQUENCE { type OID, value ANY }
Extensions ::= SEQUENCE OF Extension
Extension ::= SEQUENCE { extnID OID, critical BOOLEAN DEFAULT FALSE, extnValue OCTETS }
AuthorityKeyIdentifier ::= SEQUENCE { authorityCertIssuer [1] SEQUENCE OF GeneralName,
  authorityCertSerialNumber [2] INTEGER }
GeneralName ::= CHOICE { directoryName [4] EXPLICIT Name }
PrivateKeyUsagePeriod ::= SEQUENCE { notBefore [0] GeneralizedTime, notAfter [1] GeneralizedTime }
CertificatePolicies ::= SEQUENCE OF PolicyInformation
PolicyInformation ::= SEQUENCE { policyIdentifier OID }
BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLen INTEGER OPTIONAL }
MerchantData ::= SEQUENCE { merID SETString, merAcquirerBIN NumericString(6),
  merNameSeq SEQUENCE OF MerNames, merCountry INTEGER, merAuthFlag BOOLEAN DEFAULT TRUE }
MerNames ::= SEQUENCE { language [0] VisibleString OPTIONAL, name [1] EXPLICIT SETString,
  city [2] EXPLICIT SETString, stateProvince [3] EXPLICIT SETString OPTIONAL,
  postalCode [4] EXPLICIT SETString OPTIONAL, countryName [5] EXPLICIT SETString }
CardCertRequiredSyntax ::= BOOLEAN
BitString ::= BITS
Tunneling ::= SEQUENCE { tunneling BOOLEAN DEFAULT TRUE, tunnelAlgIDs SEQUENCE OF OID }
SetExtensions ::= SEQUENCE OF OID
UniqueCardData ::= SEQUENCE { pan NumericString(1..19), cardExpiry NumericString(6) }
)";

constexpr std::string_view kCommon = R"(
BrandID ::= SETString
RRPID ::= OCTETS(20)
Language ::= VisibleString(1..35)
Date ::= GeneralizedTime
FloatingPoint ::= REAL
CompletionCode ::= ENUMERATED(0..6)
MessageWrapper ::= SEQUENCE { messageHeader MessageHeader, message [0] EXPLICIT Message,
  mwExtensions [1] MsgExtensions OPTIONAL }
MessageHeader ::= SEQUENCE { version INTEGER, revision INTEGER DEFAULT 0, date GeneralizedTime,
  messageIDs [0] MessageIDs OPTIONAL, rrpid [1] OCTETS(20) OPTIONAL, swIdent VisibleString }
MessageIDs ::= SEQUENCE { lid-C [0] OCTETS(1..20) OPTIONAL, lid-M [1] OCTETS(1..20) OPTIONAL,
  xID [2] OCTETS(20) OPTIONAL }
Message ::= CHOICE { purchaseInitRequest [0] EXPLICIT PInitReq,
  purchaseInitResponse [1] EXPLICIT SignedData, purchaseRequest [2] EXPLICIT PReq,
  purchaseResponse [3] EXPLICIT SignedData, inquiryRequest [4] EXPLICIT InqReq,
  inquiryResponse [5] EXPLICIT SignedData, authorizationRequest [6] EXPLICIT AuthReq,
  authorizationResponse [7] EXPLICIT AuthRes, authReversalRequest [8] EXPLICIT AuthRevReq,
  authReversalResponse [9] EXPLICIT AuthRevRes, captureRequest [10] EXPLICIT ANY,
  error [999] EXPLICIT Error }
MsgExtensions ::= SEQUENCE OF MsgExtension
MsgExtension ::= SEQUENCE { extnID OID, critical BOOLEAN DEFAULT FALSE, extnValue ANY }
Error ::= CHOICE { signedError [0] EXPLICIT SignedData, unsignedError [1] EXPLICIT ErrorTBS }
ErrorTBS ::= SEQUENCE { errorCode ENUMERATED(1..22), errorNonce OCTETS(20),
  errorOID [0] OID OPTIONAL, errorThumb [1] EXPLICIT CertThumb OPTIONAL,
  errorMsg [2] EXPLICIT ErrorMsg }
ErrorMsg ::= CHOICE { messageHeader [0] EXPLICIT MessageHeader, badWrapper [1] OCTETS(1..20000) }
CertThumb ::= SEQUENCE { digestAlgorithm AlgorithmIdentifier, thumbprint OCTETS(1..20) }
Thumbs ::= SEQUENCE { digestAlgorithm AlgorithmIdentifier, certThumbs [0] Digests OPTIONAL,
  crlThumbs [1] Digests OPTIONAL, brandCRLIdThumbs [2] Digests OPTIONAL }
Digests ::= SEQUENCE OF OCTETS(1..20)
BackKeyData ::= SEQUENCE { backAlgID AlgorithmIdentifier, backKey OCTETS(1..24) }
TransIDs ::= SEQUENCE { lid-C OCTETS(1..20), lid-M [0] OCTETS(1..20) OPTIONAL, xid OCTETS(20),
  pReqDate GeneralizedTime, paySysID [1] VisibleString OPTIONAL, language VisibleString(1..35) }
CurrencyAmount ::= SEQUENCE { currency INTEGER(1..999), amount INTEGER(0..MAX), amtExp10 INTEGER }
InstallRecurData ::= SEQUENCE { installRecurInd InstallRecurInd,
  irExtensions [0] MsgExtensions OPTIONAL }
InstallRecurInd ::= CHOICE { installTotalTrans [0] INTEGER(2..MAX), recurring [1] Recurring }
Recurring ::= SEQUENCE { recurringFrequency INTEGER(1..366), recurringExpiry GeneralizedTime }
)";

constexpr std::string_view kPurchase = R"(
PInitReq ::= SEQUENCE { rrpid OCTETS(20), language VisibleString(1..35), localID-C OCTETS(1..20),
  localID-M [0] OCTETS(1..20) OPTIONAL, chall-C OCTETS(20), brandID SETString,
  bin NumericString(6), thumbs [1] EXPLICIT Thumbs OPTIONAL,
  piRqExtensions [2] MsgExtensions OPTIONAL }
PInitResData ::= SEQUENCE { transIDs TransIDs, rrpid OCTETS(20), chall-C OCTETS(20),
  chall-M OCTETS(20), brandCRLIdentifier [0] EXPLICIT ANY OPTIONAL, peThumb [1] EXPLICIT CertThumb,
  thumbs [2] EXPLICIT Thumbs OPTIONAL, piRsExtensions [3] MsgExtensions OPTIONAL }
PReq ::= CHOICE { pReqDualSigned [0] EXPLICIT PReqDualSigned,
  pReqUnsigned [1] EXPLICIT PReqUnsigned }
PReqDualSigned ::= SEQUENCE { piDualSigned PIDualSigned, oiDualSigned OILink }
PIDualSigned ::= SEQUENCE { piSignature SignedData, exPIData EnvelopedData }
PReqUnsigned ::= SEQUENCE { piUnsigned EnvelopedData, oiUnsigned OILink }
OILink ::= SEQUENCE { t1 OIData, t2 DD }
PI-TBS ::= SEQUENCE { hPIData DD, hOIData DD }
PI-OILink ::= SEQUENCE { t1 PIHead, t2 DD }
PIEnvelope ::= SEQUENCE { t1 PI-OILink, t2 DD }
PI ::= CHOICE { piUnsigned [0] EXPLICIT EnvelopedData, piDualSigned [1] EXPLICIT PIDualSigned,
  authToken [2] EXPLICIT ANY }
PIData ::= SEQUENCE { piHead PIHead, panData PANData }
PIDataUnsigned ::= SEQUENCE { piHead PIHead, panToken PANToken }
PIHead ::= SEQUENCE { transIDs TransIDs, inputs Inputs, merchantID SETString,
  installRecurData [0] InstallRecurData OPTIONAL, transStain OCTETS(1..20),
  swIdent VisibleString, acqBackKeyData [1] EXPLICIT BackKeyData OPTIONAL,
  piExtensions [2] MsgExtensions OPTIONAL }
Inputs ::= SEQUENCE { hod DD, purchAmt CurrencyAmount }
PANData ::= SEQUENCE { pan NumericString(1..19), cardExpiry NumericString(6),
  panSecret OCTETS(20), exNonce OCTETS(20) }
PANToken ::= SEQUENCE { pan NumericString(1..19), cardExpiry NumericString(6), exNonce OCTETS(20) }
OIData ::= SEQUENCE { transIDs TransIDs, rrpid OCTETS(20), chall-C OCTETS(20), hod DD,
  odSalt OCTETS(20), chall-M OCTETS(20) OPTIONAL, brandID SETString, bin NumericString(6),
  odExtOIDs [0] SEQUENCE OF OID OPTIONAL, oiExtensions [1] MsgExtensions OPTIONAL }
HODInput ::= SEQUENCE { od OCTETS, purchAmt CurrencyAmount, odSalt OCTETS(20),
  installRecurData [0] InstallRecurData OPTIONAL, odExtensions [1] MsgExtensions OPTIONAL }
PResData ::= SEQUENCE { transIDs TransIDs, rrpid OCTETS(20), chall-C OCTETS(20),
  brandCRLIdentifier [0] EXPLICIT ANY OPTIONAL, pResPayloadSeq SEQUENCE OF PResPayload }
PResPayload ::= SEQUENCE { completionCode CompletionCode, results Results OPTIONAL,
  pRsExtensions [0] MsgExtensions OPTIONAL }
Results ::= SEQUENCE { acqCardMsg [0] EXPLICIT EncryptedData OPTIONAL,
  authStatus [1] AuthStatus OPTIONAL, capStatus [2] CapStatus OPTIONAL,
  credStatusSeq [3] ANY OPTIONAL }
AuthStatus ::= SEQUENCE { authDate GeneralizedTime, authCode ENUMERATED(0..16), authRatio REAL,
  currConv [0] ANY OPTIONAL }
CapStatus ::= SEQUENCE { capDate GeneralizedTime, capCode ENUMERATED(0..11), capRatio REAL }
InqReq ::= CHOICE { inqReqSigned [0] EXPLICIT SignedData, inqReqUnsigned [1] EXPLICIT InqReqData }
InqReqData ::= SEQUENCE { transIDs TransIDs, rrpid OCTETS(20), chall-C2 OCTETS(20),
  inqRqExtensions [0] MsgExtensions OPTIONAL }
)";

constexpr std::string_view kAuthorization = R"(
AuthReq ::= SEQUENCE { enc EnvelopedData, baggage PI }
AuthReqTBS ::= SEQUENCE { t1 AuthReqData, t2 DD }
AuthReqData ::= SEQUENCE { authReqItem AuthReqItem, mThumbs [0] EXPLICIT Thumbs OPTIONAL,
  captureNow BOOLEAN DEFAULT FALSE, saleDetail [1] SaleDetail OPTIONAL }
AuthReqItem ::= SEQUENCE { authTags AuthTags, checkDigests [0] CheckDigests OPTIONAL,
  authReqPayload AuthReqPayload }
AuthTags ::= SEQUENCE { authRRTags RRTags, transIDs TransIDs, authRetNum INTEGER OPTIONAL }
RRTags ::= SEQUENCE { rrpid OCTETS(20), merTermIDs MerTermIDs, currentDate GeneralizedTime }
MerTermIDs ::= SEQUENCE { merchantID SETString, terminalID VisibleString OPTIONAL,
  agentNum INTEGER OPTIONAL, chainNum [0] INTEGER OPTIONAL, storeNum [1] INTEGER OPTIONAL }
CheckDigests ::= SEQUENCE { hOIData DD, hod2 DD }
AuthReqPayload ::= SEQUENCE { subsequentAuthInd BOOLEAN DEFAULT FALSE, authReqAmt CurrencyAmount,
  avsData [0] ANY OPTIONAL, specialProcessing [1] ENUMERATED OPTIONAL,
  cardSuspect [2] ENUMERATED OPTIONAL, requestCardTypeInd BOOLEAN DEFAULT FALSE,
  installRecurData [3] InstallRecurData OPTIONAL, marketSpecAuthData [4] EXPLICIT ANY OPTIONAL,
  merchData MerchData, aRqExtensions [5] MsgExtensions OPTIONAL }
MerchData ::= SEQUENCE { merchCatCode NumericString(4) OPTIONAL, merchGroup ENUMERATED OPTIONAL }
SaleDetail ::= SEQUENCE { batchID [0] INTEGER OPTIONAL, batchSequenceNum [1] INTEGER OPTIONAL,
  payRecurInd [2] ENUMERATED(0..4) OPTIONAL, merOrderNum [3] VisibleString OPTIONAL,
  authCharInd [4] ENUMERATED OPTIONAL, orderSummary [7] EXPLICIT SETString OPTIONAL }
AuthRes ::= CHOICE { encB [0] EXPLICIT AuthResEncB, encBX [1] EXPLICIT AuthResEncB }
AuthResEncB ::= SEQUENCE { enc EnvelopedData, baggage AuthResBaggage }
AuthResTBS ::= SEQUENCE { t1 AuthResData, t2 DD }
AuthResBaggage ::= SEQUENCE { capToken [0] EXPLICIT CapToken OPTIONAL,
  acqCardMsg [1] EXPLICIT EncryptedData OPTIONAL, authToken [2] EXPLICIT EnvelopedData OPTIONAL }
CapToken ::= CHOICE { encX [0] EXPLICIT EnvelopedData, enc [1] EXPLICIT EnvelopedData,
  null [2] EXPLICIT NULL }
AuthResData ::= SEQUENCE { authTags AuthTags, brandCRLIdentifier [0] EXPLICIT ANY OPTIONAL,
  peThumb [1] EXPLICIT CertThumb OPTIONAL, authResPayload AuthResPayload }
AuthResPayload ::= SEQUENCE { authHeader AuthHeader, capResPayload CapResPayload OPTIONAL,
  aRsExtensions [0] MsgExtensions OPTIONAL }
AuthHeader ::= SEQUENCE { authAmt CurrencyAmount, authCode ENUMERATED(0..16),
  responseData ResponseData, batchStatus [0] ANY OPTIONAL, currConv [1] ANY OPTIONAL }
ResponseData ::= SEQUENCE { authValCodes [0] AuthValCodes OPTIONAL,
  respReason [1] ENUMERATED OPTIONAL, cardType ENUMERATED OPTIONAL,
  avsResult [2] ENUMERATED OPTIONAL, logRefID NumericString OPTIONAL }
AuthValCodes ::= SEQUENCE { approvalCode [0] VisibleString(1..6) OPTIONAL,
  authCharInd [1] ENUMERATED OPTIONAL, validationCode [2] VisibleString(1..4) OPTIONAL,
  marketSpecDataID ENUMERATED OPTIONAL }
CapResPayload ::= SEQUENCE { capCode ENUMERATED(0..11), capAmt CurrencyAmount,
  batchID [0] INTEGER OPTIONAL, batchSequenceNum [1] INTEGER OPTIONAL,
  cRsPayExtensions [2] MsgExtensions OPTIONAL }
)";

constexpr std::string_view kReversal = R"(
AuthRevReq ::= SEQUENCE { enc EnvelopedData, baggage AuthRevReqBaggage }
AuthRevReqBaggage ::= SEQUENCE { pi PI, capToken CapToken OPTIONAL }
AuthRevReqTBS ::= SEQUENCE { t1 AuthRevReqData, t2 DD }
AuthRevReqData ::= SEQUENCE { authRevTags AuthRevTags, mThumbs [0] EXPLICIT Thumbs OPTIONAL,
  authReqData [1] AuthReqData OPTIONAL, authResPayload [2] AuthResPayload OPTIONAL,
  authNewAmt CurrencyAmount, aRvRqExtensions [3] MsgExtensions OPTIONAL }
AuthRevTags ::= SEQUENCE { authRevRRTags RRTags, authRRPID OCTETS(20) OPTIONAL }
AuthRevRes ::= CHOICE { encB [0] EXPLICIT EncB, enc [1] EXPLICIT EnvelopedData }
AuthRevResData ::= SEQUENCE { authRevCode ENUMERATED(0..9), authRevTags AuthRevTags,
  brandCRLIdentifier [0] EXPLICIT ANY OPTIONAL, peThumb [1] EXPLICIT CertThumb OPTIONAL,
  authNewAmt CurrencyAmount, authResDataNew AuthResDataNew,
  aRvRsExtensions [2] MsgExtensions OPTIONAL }
AuthResDataNew ::= SEQUENCE { transIDs TransIDs, authResPayloadNew AuthResPayload OPTIONAL }
)";

}  // namespace

const Notation& Types() {
  static const Notation& notation = *new Notation([] {
    std::string text;
    for (const std::string_view part :
         {kTreatments, kCertificates, kCommon, kPurchase, kAuthorization, kReversal}) {
      text += part;
    }
    return text;
  }());
  return notation;
}

}  // namespace conform::set
