#include "bridge/programs/set_bridge/decode/grammar.h"

#include <algorithm>
#include <array>
#include <utility>

#include "setcore/messages/code_names.h"

namespace bridge::programs::decode {
namespace {

using sv = std::string_view;

// F, O: a component without a tag, and an OPTIONAL one.  I, E: with an IMPLICIT or EXPLICIT tag; Io
// and Eo: the same, OPTIONAL.
constexpr Field F(sv name, sv type) { return {name, type}; }
constexpr Field O(sv name, sv type) { return {name, type, 0, Tagging::kPlain, true}; }
constexpr Field I(std::uint32_t n, sv name, sv type) { return {name, type, n, Tagging::kImplicit}; }
constexpr Field E(std::uint32_t n, sv name, sv type) { return {name, type, n, Tagging::kExplicit}; }
constexpr Field Io(std::uint32_t n, sv name, sv type) {
  return {name, type, n, Tagging::kImplicit, true};
}
constexpr Field Eo(std::uint32_t n, sv name, sv type) {
  return {name, type, n, Tagging::kExplicit, true};
}

constexpr sv kInt = "INTEGER";
constexpr sv kOct = "OCTET STRING";
constexpr sv kBool = "BOOLEAN";
constexpr sv kOidType = "OBJECT IDENTIFIER";
constexpr sv kTime = "Date";
constexpr sv kText = "SETString";
constexpr sv kExts = "MsgExtensions";

// --- section 1: wrapper ---
constexpr Field kMessageWrapper[] = {F("messageHeader", "MessageHeader"),
                                     E(0, "message", "Message"), Io(1, "mwExtensions", kExts)};
constexpr Field kMessageHeader[] = {F("version", kInt),   O("revision", kInt),
                                    F("date", kTime),     Io(0, "messageIDs", "MessageIDs"),
                                    Io(1, "rrpid", kOct), F("swIdent", kText)};
constexpr Field kMessageIds[] = {Io(0, "lid-C", kOct), Io(1, "lid-M", kOct), Io(2, "xID", kOct)};
constexpr Field kMessage[] = {
    E(0, "purchaseInitRequest", "PInitReq"),
    E(1, "purchaseInitResponse", "SignedData"),
    E(2, "purchaseRequest", "PReq"),
    E(3, "purchaseResponse", "SignedData"),
    E(4, "inquiryRequest", "InqReq"),
    E(5, "inquiryResponse", "SignedData"),
    E(6, "authorizationRequest", "AuthReq"),
    E(7, "authorizationResponse", "AuthRes"),
    E(8, "authReversalRequest", "AuthRevReq"),
    E(9, "authReversalResponse", "AuthRevRes"),
    E(10, "captureRequest", "CapReq"),
    E(11, "captureResponse", "EnvelopedData"),
    E(12, "captureReversalRequest", "ANY"),
    E(13, "captureReversalResponse", "ANY"),
    E(14, "creditRequest", "ANY"),
    E(15, "creditResponse", "ANY"),
    E(16, "creditReversalRequest", "ANY"),
    E(17, "creditReversalResponse", "ANY"),
    E(18, "pCertificateRequest", "ANY"),
    E(19, "pCertificateResponse", "ANY"),
    E(20, "batchAdministrationRequest", "ANY"),
    E(21, "batchAdministrationResponse", "ANY"),
    E(22, "cardholderCInitRequest", "ANY"),
    E(23, "cardholderCInitResponse", "ANY"),
    E(24, "meAqCInitRequest", "ANY"),
    E(25, "meAqCInitResponse", "ANY"),
    E(26, "registrationFormRequest", "ANY"),
    E(27, "registrationFormResponse", "ANY"),
    E(28, "certificateRequest", "ANY"),
    E(29, "certificateResponse", "ANY"),
    E(30, "certificateInquiryRequest", "ANY"),
    E(31, "certificateInquiryResponse", "ANY"),
    E(999, "error", "Error"),
};

// --- section 2: Error ---
constexpr Field kError[] = {E(0, "signedError", "SignedData"), E(1, "unsignedError", "ErrorTBS")};
constexpr Field kErrorTbs[] = {F("errorCode", "ErrorCode"), F("errorNonce", kOct),
                               Io(0, "errorOID", kOidType), Eo(1, "errorThumb", "CertThumb"),
                               E(2, "errorMsg", "ErrorMsg")};
constexpr Field kErrorMsg[] = {E(0, "messageHeader", "MessageHeader"), I(1, "badWrapper", kOct)};

// --- section 3: common types ---
constexpr Field kBackKeyData[] = {F("backAlgID", "AlgorithmIdentifier"), F("backKey", "Secret")};
constexpr Field kBci[] = {F("toBeSigned", "UnsignedBrandCRLIdentifier"),
                          F("algorithm", "AlgorithmIdentifier"), F("signature", "BIT STRING")};
constexpr Field kUnsignedBci[] = {F("version", kInt),
                                  F("sequenceNum", kInt),
                                  F("brandID", kText),
                                  F("notBefore", kTime),
                                  F("notAfter", kTime),
                                  Io(0, "crlIdentifierSeq", "CRLIdentifierSeq"),
                                  Io(1, "bCRLExtensions", "Extensions")};
constexpr Field kCrlIdentifier[] = {F("issuerName", "Name"), F("crlNumber", kInt)};
constexpr Field kCertThumb[] = {F("digestAlgorithm", "AlgorithmIdentifier"), F("thumbprint", kOct)};
constexpr Field kLocation[] = {F("countryCode", kInt), Eo(0, "city", kText),
                               Eo(1, "stateProvince", kText), Eo(2, "postalCode", kText),
                               Eo(3, "locationID", kText)};
constexpr Field kMsgExtension[] = {F("extnID", kOidType), O("critical", kBool),
                                   F("extnValue", "ExtnValue")};
constexpr Field kPanData[] = {F("pan", "PAN"), F("cardExpiry", "Secret"), F("panSecret", "Secret"),
                              F("exNonce", "Secret")};
constexpr Field kPanToken[] = {F("pan", "PAN"), F("cardExpiry", "Secret"), F("exNonce", "Secret")};
constexpr Field kThumbs[] = {F("digestAlgorithm", "AlgorithmIdentifier"),
                             Io(0, "certThumbs", "Digests"), Io(1, "crlThumbs", "Digests"),
                             Io(2, "brandCRLIdThumbs", "Digests")};
constexpr Field kTransIds[] = {F("lid-C", kOct),         Io(0, "lid-M", kOct),
                               F("xid", kOct),           F("pReqDate", kTime),
                               Io(1, "paySysID", kText), F("language", kText)};

// --- sections 4 and 5: purchase initialisation and request ---
constexpr Field kPInitReq[] = {
    F("rrpid", kOct),         F("language", kText),      F("localID-C", kOct),
    Io(0, "localID-M", kOct), F("chall-C", kOct),        F("brandID", kText),
    F("bin", kText),          Eo(1, "thumbs", "Thumbs"), Io(2, "piRqExtensions", kExts)};
constexpr Field kPInitResData[] = {F("transIDs", "TransIDs"),
                                   F("rrpid", kOct),
                                   F("chall-C", kOct),
                                   F("chall-M", kOct),
                                   Eo(0, "brandCRLIdentifier", "BrandCRLIdentifier"),
                                   E(1, "peThumb", "CertThumb"),
                                   Eo(2, "thumbs", "Thumbs"),
                                   Io(3, "piRsExtensions", kExts)};
constexpr Field kPReq[] = {E(0, "pReqDualSigned", "PReqDualSigned"),
                           E(1, "pReqUnsigned", "PReqUnsigned")};
constexpr Field kPReqDualSigned[] = {F("piDualSigned", "PIDualSigned"),
                                     F("oiDualSigned", "OIDualSigned")};
constexpr Field kPReqUnsigned[] = {F("piUnsigned", "EnvelopedData"), F("oiUnsigned", "OIUnsigned")};
constexpr Field kPiDualSigned[] = {F("piSignature", "SignedData"), F("exPIData", "EnvelopedData")};
constexpr Field kPiTbs[] = {F("hPIData", "DigestedData"), F("hOIData", "DigestedData")};
constexpr Field kOiLinked[] = {F("t1", "OIData"), F("t2", "DigestedData")};
constexpr Field kPiOiLink[] = {F("t1", "PIHead"), F("t2", "DigestedData")};
constexpr Field kPiTbe[] = {F("t1", "PI-OILink"), F("t2", "DigestedData")};
constexpr Field kPi[] = {E(0, "piUnsigned", "EnvelopedData"), E(1, "piDualSigned", "PIDualSigned"),
                         E(2, "authToken", "EnvelopedData")};
constexpr Field kPiData[] = {F("piHead", "PIHead"), F("panData", "PANData")};
constexpr Field kPiDataUnsigned[] = {F("piHead", "PIHead"), F("panToken", "PANToken")};
constexpr Field kPiHead[] = {F("transIDs", "TransIDs"),
                             F("inputs", "Inputs"),
                             F("merchantID", kText),
                             Io(0, "installRecurData", "InstallRecurData"),
                             F("transStain", kOct),
                             F("swIdent", kText),
                             Eo(1, "acqBackKeyData", "BackKeyData"),
                             Io(2, "piExtensions", kExts)};
constexpr Field kInputs[] = {F("hod", "DigestedData"), F("purchAmt", "CurrencyAmount")};
constexpr Field kOiData[] = {
    F("transIDs", "TransIDs"),   F("rrpid", kOct),  F("chall-C", kOct),
    F("hod", "DigestedData"),    F("odSalt", kOct), O("chall-M", kOct),
    F("brandID", kText),         F("bin", kText),   Io(0, "odExtOIDs", "OIDList"),
    Io(1, "oiExtensions", kExts)};
constexpr Field kHodInput[] = {F("od", kOct), F("purchAmt", "CurrencyAmount"), F("odSalt", kOct),
                               Io(0, "installRecurData", "InstallRecurData"),
                               Io(1, "odExtensions", kExts)};

// --- section 6: purchase response, inquiry ---
constexpr Field kPResData[] = {F("transIDs", "TransIDs"), F("rrpid", kOct), F("chall-C", kOct),
                               Eo(0, "brandCRLIdentifier", "BrandCRLIdentifier"),
                               F("pResPayloadSeq", "PResPayloadSeq")};
constexpr Field kPResPayload[] = {F("completionCode", "CompletionCode"), O("results", "Results"),
                                  Io(0, "pRsExtensions", kExts)};
constexpr Field kResults[] = {Eo(0, "acqCardMsg", "EncryptedData"),
                              Io(1, "authStatus", "AuthStatus"), Io(2, "capStatus", "CapStatus"),
                              Io(3, "credStatusSeq", "CreditStatusSeq")};
constexpr Field kAuthStatus[] = {F("authDate", kTime), F("authCode", "AuthCode"),
                                 F("authRatio", "REAL"), Io(0, "currConv", "CurrConv")};
constexpr Field kCapStatus[] = {F("capDate", kTime), F("capCode", "CapCode"),
                                F("capRatio", "REAL")};
constexpr Field kCreditStatus[] = {F("creditDate", kTime), F("creditCode", "CapRevOrCredCode"),
                                   F("creditRatio", "REAL")};
constexpr Field kInqReq[] = {E(0, "inqReqSigned", "SignedData"),
                             E(1, "inqReqUnsigned", "InqReqData")};
constexpr Field kInqReqData[] = {F("transIDs", "TransIDs"), F("rrpid", kOct), F("chall-C2", kOct),
                                 Io(0, "inqRqExtensions", kExts)};

// --- section 7: shared by the payment messages ---
constexpr Field kCurrencyAmount[] = {F("currency", kInt), F("amount", kInt), F("amtExp10", kInt)};
constexpr Field kCurrConv[] = {F("currConvRate", "REAL"), F("cardCurr", kInt)};
constexpr Field kInstallRecurData[] = {F("installRecurInd", "InstallRecurInd"),
                                       Io(0, "irExtensions", kExts)};
constexpr Field kInstallRecurInd[] = {I(0, "installTotalTrans", kInt),
                                      I(1, "recurring", "Recurring")};
constexpr Field kRecurring[] = {F("recurringFrequency", kInt), F("recurringExpiry", kTime)};
constexpr Field kRrTags[] = {F("rrpid", kOct), F("merTermIDs", "MerTermIDs"),
                             F("currentDate", kTime)};
constexpr Field kMerTermIds[] = {F("merchantID", kText), O("terminalID", "VisibleString"),
                                 O("agentNum", kInt), Io(0, "chainNum", kInt),
                                 Io(1, "storeNum", kInt)};
constexpr Field kSaleDetail[] = {Io(0, "batchID", kInt),
                                 Io(1, "batchSequenceNum", kInt),
                                 Io(2, "payRecurInd", "PayRecurInd"),
                                 Io(3, "merOrderNum", kText),
                                 Io(4, "authCharInd", "AuthCharInd"),
                                 Io(5, "marketSpecSaleData", "Open"),
                                 Io(6, "commercialCardData", "Open"),
                                 Eo(7, "orderSummary", kText),
                                 Eo(8, "customerReferenceNumber", kText),
                                 Eo(9, "customerServicePhone", kText),
                                 Io(10, "okToPrintPhoneInd", kBool),
                                 Io(11, "saleExtensions", kExts)};
constexpr sv kPayRecurInds[] = {"unknown", "singleTransaction", "recurringTransaction",
                                "installmentPayment", "otherMailOrder"};

// --- section 8: authorization ---
constexpr Field kAuthReq[] = {F("enc", "EnvelopedData"), F("baggage", "PI")};
constexpr Field kAuthReqTbs[] = {F("t1", "AuthReqData"), F("t2", "DigestedData")};
constexpr Field kAuthReqData[] = {F("authReqItem", "AuthReqItem"), Eo(0, "mThumbs", "Thumbs"),
                                  O("captureNow", kBool), Io(1, "saleDetail", "SaleDetail")};
constexpr Field kAuthReqItem[] = {F("authTags", "AuthTags"), Io(0, "checkDigests", "CheckDigests"),
                                  F("authReqPayload", "AuthReqPayload")};
constexpr Field kAuthTags[] = {F("authRRTags", "RRTags"), F("transIDs", "TransIDs"),
                               O("authRetNum", kInt)};
constexpr Field kCheckDigests[] = {F("hOIData", "DigestedData"), F("hod2", "DigestedData")};
constexpr Field kAuthReqPayload[] = {O("subsequentAuthInd", kBool),
                                     F("authReqAmt", "CurrencyAmount"),
                                     Io(0, "avsData", "AVSData"),
                                     Io(1, "specialProcessing", "SpecialProcessing"),
                                     Io(2, "cardSuspect", "CardSuspect"),
                                     O("requestCardTypeInd", kBool),
                                     Io(3, "installRecurData", "InstallRecurData"),
                                     Eo(4, "marketSpecAuthData", "MarketSpecAuthData"),
                                     F("merchData", "MerchData"),
                                     Io(5, "aRqExtensions", kExts)};
constexpr Field kAvsData[] = {O("streetAddress", kText), F("location", "Location")};
constexpr sv kSpecialProcessings[] = {"directMarketing", "preferredCustomer"};
constexpr sv kCardSuspects[] = {"unspecifiedReason"};
constexpr Field kMerchData[] = {O("merchCatCode", "NumericString"), O("merchGroup", "MerchGroup")};
constexpr sv kMerchGroups[] = {"commercialTravel", "lodging", "automobileRental",
                               "restaurant",       "medical", "mailOrPhoneOrder",
                               "riskyPurchase",    "other"};
constexpr Field kMarketSpecAuthData[] = {I(0, "auto-rental", "MarketAutoAuth"),
                                         I(1, "hotel", "MarketHotelAuth"),
                                         I(2, "transport", "NULL")};
constexpr Field kMarketAutoAuth[] = {F("duration", kInt)};
constexpr Field kMarketHotelAuth[] = {F("duration", kInt), O("prestige", "Prestige")};
constexpr sv kPrestiges[] = {"unknown", "level-1", "level-2", "level-3"};
constexpr Field kAuthRes[] = {E(0, "encB", "AuthResEncB"), E(1, "encBX", "AuthResEncB")};
constexpr Field kAuthResEncB[] = {F("enc", "EnvelopedData"), F("baggage", "AuthResBaggage")};
constexpr Field kAuthResTbs[] = {F("t1", "AuthResData"), F("t2", "DigestedData")};
constexpr Field kAuthResTbex[] = {F("authResTBS", "AuthResTBS"), F("s", "SignedData")};
constexpr Field kAuthResBaggage[] = {Eo(0, "capToken", "CapToken"),
                                     Eo(1, "acqCardMsg", "EncryptedData"),
                                     Eo(2, "authToken", "EnvelopedData")};
constexpr Field kAuthResData[] = {
    F("authTags", "AuthTags"), Eo(0, "brandCRLIdentifier", "BrandCRLIdentifier"),
    Eo(1, "peThumb", "CertThumb"), F("authResPayload", "AuthResPayload")};
constexpr Field kAuthResPayload[] = {F("authHeader", "AuthHeader"),
                                     O("capResPayload", "CapResPayload"),
                                     Io(0, "aRsExtensions", kExts)};
constexpr Field kAuthHeader[] = {
    F("authAmt", "CurrencyAmount"), F("authCode", "AuthCode"), F("responseData", "ResponseData"),
    Io(0, "batchStatus", "BatchStatus"), Io(1, "currConv", "CurrConv")};
constexpr Field kResponseData[] = {Io(0, "authValCodes", "AuthValCodes"),
                                   Io(1, "respReason", "RespReason"), O("cardType", "CardType"),
                                   Io(2, "avsResult", "AVSResult"), O("logRefID", "NumericString")};
constexpr Field kAuthValCodes[] = {
    Io(0, "approvalCode", kText), Io(1, "authCharInd", "AuthCharInd"),
    Io(2, "validationCode", kText), O("marketSpecDataID", "MarketSpecDataID")};
constexpr sv kRespReasons[] = {"issuer",
                               "standInTimeOut",
                               "standInFloorLimit",
                               "standInSuppressInquiries",
                               "standInIssuerUnavailable",
                               "standInIssuerRequest"};
constexpr sv kCardTypes[] = {"unavailable",
                             "classic",
                             "gold",
                             "platinum",
                             "premier",
                             "debit",
                             "pinBasedDebit",
                             "atm",
                             "electronicOnly",
                             "unspecifiedConsumer",
                             "corporateTravel",
                             "purchasing",
                             "business",
                             "unspecifiedCommercial",
                             "privateLabel",
                             "proprietary"};
constexpr sv kAvsResults[] = {"resultUnavailable", "noMatch", "addressMatchOnly",
                              "postalCodeMatchOnly", "fullMatch"};
constexpr sv kAuthCharInds[] = {"directMarketing", "recurringPayment", "addressVerification",
                                "preferredCustomer", "incrementalAuth"};
constexpr sv kMarketSpecDataIds[] = {"failedEdit", "auto", "hotel", "transport"};
constexpr Field kCapToken[] = {E(0, "encX", "EnvelopedData"), E(1, "enc", "EnvelopedData"),
                               E(2, "null", "NULL")};
constexpr Field kCapTokenData[] = {F("authRRPID", kOct), F("authAmt", "CurrencyAmount"),
                                   F("tokenOpaque", "ANY")};
constexpr Field kAcqCardCodeMsg[] = {F("acqCardCode", "AcqCardCode"),
                                     F("acqCardMsgData", "AcqCardMsgData")};
constexpr sv kAcqCardCodes[] = {"messageOfDay", "accountInfo", "callCustomerService"};
constexpr Field kAcqCardMsgData[] = {Eo(0, "acqCardText", kText), Io(1, "acqCardURL", kText),
                                     Eo(2, "acqCardPhone", kText)};

// --- section 9: authorization reversal ---
constexpr Field kAuthRevReq[] = {F("enc", "EnvelopedData"), F("baggage", "AuthRevReqBaggage")};
constexpr Field kAuthRevReqTbs[] = {F("t1", "AuthRevReqData"), F("t2", "DigestedData")};
constexpr Field kAuthRevReqData[] = {
    F("authRevTags", "AuthRevTags"),     Eo(0, "mThumbs", "Thumbs"),
    Io(1, "authReqData", "AuthReqData"), Io(2, "authResPayload", "AuthResPayload"),
    F("authNewAmt", "CurrencyAmount"),   Io(3, "aRvRqExtensions", kExts)};
constexpr Field kAuthRevTags[] = {F("authRevRRTags", "RRTags"), O("authRRPID", kOct)};
constexpr Field kAuthRevReqBaggage[] = {F("pi", "PI"), O("capToken", "CapToken")};
constexpr Field kAuthRevRes[] = {E(0, "encB", "AuthRevResEncB"), E(1, "enc", "EnvelopedData")};
constexpr Field kAuthRevResEncB[] = {F("enc", "EnvelopedData"), F("baggage", "AuthRevResBaggage")};
constexpr Field kAuthRevResTbs[] = {F("t1", "AuthRevResData"), F("t2", "DigestedData")};
constexpr Field kAuthRevResBaggage[] = {O("capTokenNew", "CapToken"),
                                        O("authTokenNew", "EnvelopedData")};
constexpr Field kAuthRevResData[] = {F("authRevCode", "AuthRevCode"),
                                     F("authRevTags", "AuthRevTags"),
                                     Eo(0, "brandCRLIdentifier", "BrandCRLIdentifier"),
                                     Eo(1, "peThumb", "CertThumb"),
                                     F("authNewAmt", "CurrencyAmount"),
                                     F("authResDataNew", "AuthResDataNew"),
                                     Io(2, "aRvRsExtensions", kExts)};
constexpr Field kAuthResDataNew[] = {F("transIDs", "TransIDs"),
                                     O("authResPayloadNew", "AuthResPayload")};

// --- sections 10, 11 and 13: capture, its codes, batches ---
constexpr Field kCapReq[] = {E(0, "encB", "CapReqEncB"), E(1, "encBX", "CapReqEncB")};
constexpr Field kCapReqEncB[] = {F("enc", "EnvelopedData"), F("baggage", "CapTokenSeq")};
constexpr Field kCapReqTbs[] = {F("t1", "CapReqData"), F("t2", "DigestedData")};
constexpr Field kCapReqData[] = {F("capRRTags", "RRTags"), Eo(0, "mThumbs", "Thumbs"),
                                 F("capItemSeq", "CapItemSeq"), Io(1, "cRqExtensions", kExts)};
constexpr Field kCapItem[] = {F("transIDs", "TransIDs"), F("authRRPID", kOct),
                              F("capPayload", "CapPayload")};
constexpr Field kCapPayload[] = {F("capDate", kTime),
                                 F("capReqAmt", "CurrencyAmount"),
                                 Io(0, "authReqItem", "AuthReqItem"),
                                 Io(1, "authResPayload", "AuthResPayload"),
                                 Io(2, "saleDetail", "SaleDetail"),
                                 Io(3, "cPayExtensions", kExts)};
constexpr Field kCapResData[] = {F("capRRTags", "RRTags"),
                                 Eo(0, "brandCRLIdentifier", "BrandCRLIdentifier"),
                                 Eo(1, "peThumb", "CertThumb"),
                                 Io(2, "batchStatusSeq", "BatchStatusSeq"),
                                 F("capResItemSeq", "CapResItemSeq"),
                                 Io(3, "cRsExtensions", kExts)};
constexpr Field kCapResItem[] = {F("transIDs", "TransIDs"), F("authRRPID", kOct),
                                 F("capResPayload", "CapResPayload")};
constexpr Field kCapResPayload[] = {F("capCode", "CapCode"), F("capAmt", "CurrencyAmount"),
                                    Io(0, "batchID", kInt), Io(1, "batchSequenceNum", kInt),
                                    Io(2, "cRsPayExtensions", kExts)};
constexpr Field kBatchStatus[] = {F("openDateTime", kTime), Io(0, "closedWhen", "ClosedWhen"),
                                  F("batchDetails", "BatchDetails"),
                                  Io(1, "batchExtensions", kExts)};
constexpr Field kClosedWhen[] = {F("closeStatus", "CloseStatus"), F("closeDateTime", kTime)};
constexpr sv kCloseStatuses[] = {"closedbyMerchant", "closedbyAcquirer"};
constexpr Field kBatchDetails[] = {F("batchTotals", "BatchTotals"),
                                   O("brandBatchDetailsSeq", "BrandBatchDetailsSeq")};
constexpr Field kBrandBatchDetails[] = {F("brandID", kText), F("batchTotals", "BatchTotals")};
constexpr Field kBatchTotals[] = {
    F("transactionCountCredit", kInt), F("transactionTotalAmtCredit", "CurrencyAmount"),
    F("transactionCountDebit", kInt), F("transactionTotalAmtDebit", "CurrencyAmount"),
    Io(0, "batchTotalExtensions", kExts)};

// --- section 14: PKCS #7.  The tags of PKCS #7 v1.5 are named too (O-11). ---
constexpr Field kSignedData[] = {F("sdVersion", kInt),
                                 F("digestAlgorithms", "AlgorithmIdentifiers"),
                                 F("contentInfo", "ContentInfo"),
                                 Io(0, "certificates", "Certificates"),
                                 Io(2, "certificates", "Certificates"),
                                 Io(1, "crls", "CRLs"),
                                 Io(3, "crls", "CRLs"),
                                 F("signerInfos", "SignerInfos")};
constexpr Field kContentInfo[] = {F("contentType", kOidType), Eo(0, "content", "Content")};
constexpr Field kSignerInfo[] = {F("siVersion", kInt),
                                 F("issuerAndSerialNumber", "IssuerAndSerialNumber"),
                                 F("digestAlgorithm", "AlgorithmIdentifier"),
                                 Io(0, "authenticatedAttributes", "Attributes"),
                                 Eo(2, "authenticatedAttributes", "Attributes"),
                                 F("digestEncryptionAlgorithm", "AlgorithmIdentifier"),
                                 F("encryptedDigest", kOct),
                                 Io(1, "unauthenticatedAttributes", "Attributes"),
                                 Io(3, "unauthenticatedAttributes", "Attributes")};
constexpr Field kIssuerAndSerial[] = {F("issuer", "Name"), F("serialNumber", kInt)};
constexpr Field kAttribute[] = {F("type", kOidType), F("values", "AttributeValues")};
constexpr Field kAlgorithm[] = {F("algorithm", kOidType), O("parameters", "ANY")};
constexpr Field kEnvelopedData[] = {F("edVersion", kInt), F("recipientInfos", "RecipientInfos"),
                                    F("encryptedContentInfo", "EncryptedContentInfo")};
constexpr Field kRecipientInfo[] = {
    F("riVersion", kInt), F("issuerAndSerialNumber", "IssuerAndSerialNumber"),
    F("keyEncryptionAlgorithm", "AlgorithmIdentifier"), F("encryptedKey", "Ciphertext")};
constexpr Field kEncryptedContentInfo[] = {F("contentType", kOidType),
                                           F("contentEncryptionAlgorithm", "AlgorithmIdentifier"),
                                           Io(0, "encryptedContent", "Ciphertext")};
constexpr Field kEncryptedData[] = {F("version", kInt),
                                    F("encryptedContentInfo", "EncryptedContentInfo")};
constexpr Field kDigestedData[] = {F("ddVersion", kInt),
                                   F("digestAlgorithm", "AlgorithmIdentifier"),
                                   F("contentInfo", "ContentInfo"), F("digest", kOct)};

// --- section 16: certificates ---
constexpr Field kCertificate[] = {F("toBeSigned", "UnsignedCertificate"),
                                  F("algorithm", "AlgorithmIdentifier"),
                                  F("signature", "BIT STRING")};
constexpr Field kUnsignedCertificate[] = {Eo(0, "version", kInt),
                                          F("serialNumber", kInt),
                                          F("signature", "AlgorithmIdentifier"),
                                          F("issuer", "Name"),
                                          F("validity", "Validity"),
                                          F("subject", "Name"),
                                          F("subjectPublicKeyInfo", "SubjectPublicKeyInfo"),
                                          Eo(3, "extensions", "Extensions")};
constexpr Field kValidity[] = {F("notBefore", "Time"), F("notAfter", "Time")};
constexpr Field kPublicKey[] = {F("algorithm", "AlgorithmIdentifier"),
                                F("subjectPublicKey", "BIT STRING")};
constexpr Field kExtension[] = {F("extnID", kOidType), O("critical", kBool),
                                F("extnValue", "ExtnValue")};
constexpr Field kCrl[] = {F("toBeSigned", "UnsignedCertificateRevocationList"),
                          F("algorithm", "AlgorithmIdentifier"), F("signature", "BIT STRING")};
constexpr Field kUnsignedCrl[] = {O("version", kInt),
                                  F("signature", "AlgorithmIdentifier"),
                                  F("issuer", "Name"),
                                  F("thisUpdate", "Time"),
                                  O("nextUpdate", "Time"),
                                  O("revokedCertificates", "RevokedCertificates"),
                                  Eo(0, "crlExtensions", "Extensions")};
constexpr Field kRevoked[] = {F("userCertificate", kInt), F("revocationDate", "Time"),
                              O("crlEntryExtensions", "Extensions")};
constexpr Field kMerchantData[] = {F("merID", kText), F("merAcquirerBIN", kText),
                                   F("merNameSeq", "MerNameSeq"), F("merCountry", kInt),
                                   O("merAuthFlag", kBool)};
constexpr Field kMerNames[] = {Io(0, "language", kText),   E(1, "name", kText),
                               E(2, "city", kText),        Eo(3, "stateProvince", kText),
                               Eo(4, "postalCode", kText), E(5, "countryName", kText)};
constexpr Field kTunneling[] = {O("tunneling", kBool), F("tunnelAlgIDs", "OIDList")};
constexpr Field kBasicConstraints[] = {O("cA", kBool), O("pathLenConstraint", kInt)};
constexpr Field kAuthorityKey[] = {Io(0, "keyIdentifier", kOct),
                                   Io(1, "authorityCertIssuer", "Open"),
                                   Io(2, "authorityCertSerialNumber", kInt)};

constexpr Type Seq(sv name, std::span<const Field> fields) {
  return {name, fields, {}, {}, 0, Shape::kSequence};
}
constexpr Type Choice(sv name, std::span<const Field> fields) {
  return {name, fields, {}, {}, 0, Shape::kChoice};
}
constexpr Type List(sv name, sv element) { return {name, {}, element, {}, 0, Shape::kList}; }
constexpr Type Enum(sv name, std::span<const sv> values, int first = 0) {
  return {name, {}, {}, values, first, Shape::kEnumerated};
}
constexpr Type Plain(sv name, Shape shape) { return {name, {}, {}, {}, 0, shape}; }

constexpr Type kTypes[] = {
    Seq("MessageWrapper", kMessageWrapper),
    Seq("MessageHeader", kMessageHeader),
    Seq("MessageIDs", kMessageIds),
    Choice("Message", kMessage),
    Choice("Error", kError),
    Seq("ErrorTBS", kErrorTbs),
    Choice("ErrorMsg", kErrorMsg),
    Enum("ErrorCode", setcore::msg::kErrorCodes, 1),
    Seq("BackKeyData", kBackKeyData),
    Seq("BrandCRLIdentifier", kBci),
    Seq("UnsignedBrandCRLIdentifier", kUnsignedBci),
    List("CRLIdentifierSeq", "CRLIdentifier"),
    Seq("CRLIdentifier", kCrlIdentifier),
    Seq("CertThumb", kCertThumb),
    List("Digests", "OCTET STRING"),
    Seq("Location", kLocation),
    List("MsgExtensions", "MsgExtension"),
    Seq("MsgExtension", kMsgExtension),
    Seq("PANData", kPanData),
    Seq("PANToken", kPanToken),
    Seq("Thumbs", kThumbs),
    Seq("TransIDs", kTransIds),
    Seq("PInitReq", kPInitReq),
    Seq("PInitResData", kPInitResData),
    Choice("PReq", kPReq),
    Seq("PReqDualSigned", kPReqDualSigned),
    Seq("PReqUnsigned", kPReqUnsigned),
    Seq("PIDualSigned", kPiDualSigned),
    Seq("PI-TBS", kPiTbs),
    Seq("OIDualSigned", kOiLinked),
    Seq("OIUnsigned", kOiLinked),
    Seq("PI-OILink", kPiOiLink),
    Seq("PIDualSignedTBE", kPiTbe),
    Seq("PIUnsignedTBE", kPiTbe),
    Choice("PI", kPi),
    Seq("PIData", kPiData),
    Seq("PIDataUnsigned", kPiDataUnsigned),
    Seq("PIHead", kPiHead),
    Seq("Inputs", kInputs),
    Seq("OIData", kOiData),
    List("OIDList", "OBJECT IDENTIFIER"),
    Seq("HODInput", kHodInput),
    Seq("PResData", kPResData),
    List("PResPayloadSeq", "PResPayload"),
    Seq("PResPayload", kPResPayload),
    Enum("CompletionCode", setcore::msg::kCompletionCodes),
    Seq("Results", kResults),
    Seq("AuthStatus", kAuthStatus),
    Seq("CapStatus", kCapStatus),
    List("CreditStatusSeq", "CreditStatus"),
    Seq("CreditStatus", kCreditStatus),
    Choice("InqReq", kInqReq),
    Seq("InqReqData", kInqReqData),
    Seq("CurrencyAmount", kCurrencyAmount),
    Seq("CurrConv", kCurrConv),
    Seq("InstallRecurData", kInstallRecurData),
    Choice("InstallRecurInd", kInstallRecurInd),
    Seq("Recurring", kRecurring),
    Seq("RRTags", kRrTags),
    Seq("MerTermIDs", kMerTermIds),
    Seq("SaleDetail", kSaleDetail),
    Enum("PayRecurInd", kPayRecurInds),
    Seq("AuthReq", kAuthReq),
    Seq("AuthReqTBS", kAuthReqTbs),
    Seq("AuthReqData", kAuthReqData),
    Seq("AuthReqItem", kAuthReqItem),
    Seq("AuthTags", kAuthTags),
    Seq("CheckDigests", kCheckDigests),
    Seq("AuthReqPayload", kAuthReqPayload),
    Seq("AVSData", kAvsData),
    Enum("SpecialProcessing", kSpecialProcessings),
    Enum("CardSuspect", kCardSuspects),
    Seq("MerchData", kMerchData),
    Enum("MerchGroup", kMerchGroups, 1),
    Choice("MarketSpecAuthData", kMarketSpecAuthData),
    Seq("MarketAutoAuth", kMarketAutoAuth),
    Seq("MarketHotelAuth", kMarketHotelAuth),
    Enum("Prestige", kPrestiges),
    Choice("AuthRes", kAuthRes),
    Seq("AuthResEncB", kAuthResEncB),
    Seq("AuthResTBS", kAuthResTbs),
    Seq("AuthResTBEX", kAuthResTbex),
    Seq("AuthResBaggage", kAuthResBaggage),
    Seq("AuthResData", kAuthResData),
    Seq("AuthResPayload", kAuthResPayload),
    Seq("AuthHeader", kAuthHeader),
    Enum("AuthCode", setcore::msg::kAuthCodes),
    Seq("ResponseData", kResponseData),
    Seq("AuthValCodes", kAuthValCodes),
    Enum("RespReason", kRespReasons),
    Enum("CardType", kCardTypes),
    Enum("AVSResult", kAvsResults),
    Enum("AuthCharInd", kAuthCharInds),
    Enum("MarketSpecDataID", kMarketSpecDataIds),
    Choice("CapToken", kCapToken),
    Seq("CapTokenData", kCapTokenData),
    Seq("AcqCardCodeMsg", kAcqCardCodeMsg),
    Enum("AcqCardCode", kAcqCardCodes),
    Seq("AcqCardMsgData", kAcqCardMsgData),
    Seq("AuthRevReq", kAuthRevReq),
    Seq("AuthRevReqTBS", kAuthRevReqTbs),
    Seq("AuthRevReqData", kAuthRevReqData),
    Seq("AuthRevTags", kAuthRevTags),
    Seq("AuthRevReqBaggage", kAuthRevReqBaggage),
    Choice("AuthRevRes", kAuthRevRes),
    Seq("AuthRevResEncB", kAuthRevResEncB),
    Seq("AuthRevResTBS", kAuthRevResTbs),
    Seq("AuthRevResBaggage", kAuthRevResBaggage),
    Seq("AuthRevResData", kAuthRevResData),
    Seq("AuthResDataNew", kAuthResDataNew),
    Enum("AuthRevCode", setcore::msg::kAuthRevCodes),
    Choice("CapReq", kCapReq),
    Seq("CapReqEncB", kCapReqEncB),
    Seq("CapReqTBS", kCapReqTbs),
    Seq("CapReqData", kCapReqData),
    List("CapItemSeq", "CapItem"),
    Seq("CapItem", kCapItem),
    Seq("CapPayload", kCapPayload),
    List("CapTokenSeq", "CapToken"),
    Seq("CapResData", kCapResData),
    List("CapResItemSeq", "CapResItem"),
    Seq("CapResItem", kCapResItem),
    Seq("CapResPayload", kCapResPayload),
    Enum("CapCode", setcore::msg::kCapCodes),
    Enum("CapRevOrCredCode", setcore::msg::kCapRevOrCredCodes),
    List("BatchStatusSeq", "BatchStatus"),
    Seq("BatchStatus", kBatchStatus),
    Seq("ClosedWhen", kClosedWhen),
    Enum("CloseStatus", kCloseStatuses),
    Seq("BatchDetails", kBatchDetails),
    List("BrandBatchDetailsSeq", "BrandBatchDetails"),
    Seq("BrandBatchDetails", kBrandBatchDetails),
    Seq("BatchTotals", kBatchTotals),
    Seq("SignedData", kSignedData),
    List("AlgorithmIdentifiers", "AlgorithmIdentifier"),
    Seq("AlgorithmIdentifier", kAlgorithm),
    Seq("ContentInfo", kContentInfo),
    List("Certificates", "Certificate"),
    List("CRLs", "CertificateRevocationList"),
    List("SignerInfos", "SignerInfo"),
    Seq("SignerInfo", kSignerInfo),
    Seq("IssuerAndSerialNumber", kIssuerAndSerial),
    List("Attributes", "Attribute"),
    Seq("Attribute", kAttribute),
    List("AttributeValues", "ANY"),
    Seq("EnvelopedData", kEnvelopedData),
    List("RecipientInfos", "RecipientInfo"),
    Seq("RecipientInfo", kRecipientInfo),
    Seq("EncryptedContentInfo", kEncryptedContentInfo),
    Seq("EncryptedData", kEncryptedData),
    Seq("DigestedData", kDigestedData),
    Seq("Certificate", kCertificate),
    Seq("UnsignedCertificate", kUnsignedCertificate),
    Seq("Validity", kValidity),
    Seq("SubjectPublicKeyInfo", kPublicKey),
    List("Extensions", "Extension"),
    Seq("Extension", kExtension),
    Seq("CertificateRevocationList", kCrl),
    Seq("UnsignedCertificateRevocationList", kUnsignedCrl),
    List("RevokedCertificates", "RevokedCertificate"),
    Seq("RevokedCertificate", kRevoked),
    Seq("MerchantDataSyntax", kMerchantData),
    List("MerNameSeq", "MerNames"),
    Seq("MerNames", kMerNames),
    Seq("TunnelingSyntax", kTunneling),
    Seq("BasicConstraints", kBasicConstraints),
    Seq("AuthorityKeyIdentifier", kAuthorityKey),
    Plain("BOOLEAN", Shape::kBoolean),
    Plain("INTEGER", Shape::kInteger),
    Plain("BIT STRING", Shape::kBitString),
    Plain("OCTET STRING", Shape::kOctets),
    Plain("NULL", Shape::kNull),
    Plain("OBJECT IDENTIFIER", Shape::kOid),
    Plain("REAL", Shape::kReal),
    Plain("SETString", Shape::kText),
    Plain("VisibleString", Shape::kText),
    Plain("NumericString", Shape::kText),
    Plain("Date", Shape::kTime),
    Plain("Time", Shape::kTime),
    Plain("PAN", Shape::kAccount),
    Plain("Secret", Shape::kSecret),
    Plain("Ciphertext", Shape::kCiphertext),
    Plain("ANY", Shape::kAny),
    Plain("Open", Shape::kAny),
    Plain("Name", Shape::kName),
    Plain("Content", Shape::kContent),
    Plain("ExtnValue", Shape::kExtensionValue),
};

// What { 2 23 42 0 n } is the content type of (section 15).
constexpr sv kContents[] = {"PANData",
                            "PANToken",
                            "PANOnly",
                            "OIData",
                            "PI",
                            "PIData",
                            "PIDataUnsigned",
                            "HODInput",
                            "AuthResBaggage",
                            "AuthRevReqBaggage",
                            "AuthRevResBaggage",
                            "CapTokenSeq",
                            "PInitResData",
                            "PI-TBS",
                            "PResData",
                            "InqReqData",
                            "AuthReqTBS",
                            "AuthResTBS",
                            "AuthResTBSX",
                            "AuthTokenTBS",
                            "CapTokenData",
                            "CapTokenTBS",
                            "AcqCardCodeMsg",
                            "AuthRevReqTBS",
                            "AuthRevResData",
                            "AuthRevResTBS",
                            "CapReqTBS",
                            "CapReqTBSX",
                            "CapResData",
                            "CapRevReqTBS",
                            "CapRevReqTBSX",
                            "CapRevResData",
                            "CredReqTBS",
                            "CredReqTBSX",
                            "CredResData",
                            "CredRevReqTBS",
                            "CredRevReqTBSX",
                            "CredRevResData",
                            "PCertReqData",
                            "PCertResTBS",
                            "BatchAdminReqData",
                            "BatchAdminResData",
                            "CardCInitResTBS",
                            "MeAqCInitResTBS",
                            "RegFormResTBS",
                            "CertReqData",
                            "CertReqTBS",
                            "CertResData",
                            "CertInqReqTBS",
                            "ErrorTBS",
                            "PIDualSignedTBE",
                            "PIUnsignedTBE",
                            "AuthReqTBE",
                            "AuthResTBE",
                            "AuthResTBEX",
                            "AuthTokenTBE",
                            "CapTokenTBE",
                            "CapTokenTBEX",
                            "AcqCardCodeMsgTBE",
                            "AuthRevReqTBE",
                            "AuthRevResTBE",
                            "AuthRevResTBEB",
                            "CapReqTBE",
                            "CapReqTBEX",
                            "CapResTBE"};

struct OidRow {
  sv dotted;
  sv name;
  sv type;  // of the value that it announces
};

constexpr OidRow kOids[] = {
    {"1.3.14.3.2.26", "sha1", ""},
    {"1.3.14.3.2.7", "desCBC", ""},
    {"1.2.840.113549.3.10", "desCDMF", ""},
    {"1.2.840.113549.1.1.1", "rsaEncryption", ""},
    {"1.2.840.113549.1.1.5", "sha1-with-rsa-signature", ""},
    {"1.2.840.113549.1.1.6", "rsaOAEPEncryptionSET", ""},
    {"1.2.840.113549.1.9.3", "contentType", ""},
    {"1.2.840.113549.1.9.4", "messageDigest", ""},
    {"2.23.42.7.0", "hashedRootKey", "DigestedData"},
    {"2.23.42.7.1", "certificateType", "BIT STRING"},
    {"2.23.42.7.2", "merchantData", "MerchantDataSyntax"},
    {"2.23.42.7.3", "cardCertRequired", "BOOLEAN"},
    {"2.23.42.7.4", "tunneling", "TunnelingSyntax"},
    {"2.23.42.7.5", "setExtensions", "OIDList"},
    {"2.5.29.15", "keyUsage", "BIT STRING"},
    {"2.5.29.16", "privateKeyUsagePeriod", "ANY"},
    {"2.5.29.17", "subjectAltName", "ANY"},
    {"2.5.29.18", "issuerAltName", "ANY"},
    {"2.5.29.19", "basicConstraints", "BasicConstraints"},
    {"2.5.29.20", "cRLNumber", "INTEGER"},
    {"2.5.29.32", "certificatePolicies", "ANY"},
    {"2.5.29.35", "authorityKeyIdentifier", "AuthorityKeyIdentifier"},
    {"2.23.42.5.0", "set-policy-root", ""},
    {"2.23.42.3.0.0", "set-rootKeyThumb", ""},
};

constexpr sv kContentArc = "2.23.42.0.";

sv ContentOf(sv dotted) {
  if (!dotted.starts_with(kContentArc)) return {};
  const sv digits = dotted.substr(kContentArc.size());
  std::size_t number = 0;
  if (digits.empty() || digits.size() > 2) return {};
  for (const char c : digits) {
    if (c < '0' || c > '9') return {};
    number = number * 10 + static_cast<std::size_t>(c - '0');
  }
  return number < std::size(kContents) ? kContents[number] : sv();
}

const OidRow* FindOid(sv dotted) {
  const auto* row =
      std::ranges::find_if(kOids, [dotted](const OidRow& each) { return each.dotted == dotted; });
  return row == std::end(kOids) ? nullptr : row;
}

constexpr sv kStandAlone[] = {"SignedData",
                              "EnvelopedData",
                              "EncryptedData",
                              "DigestedData",
                              "PInitReq",
                              "PReq",
                              "InqReq",
                              "AuthReq",
                              "AuthRes",
                              "AuthRevReq",
                              "AuthRevRes",
                              "CapReq",
                              "Error",
                              "ErrorTBS",
                              "PInitResData",
                              "PResData",
                              "InqReqData",
                              "AuthReqTBS",
                              "AuthResTBS",
                              "AuthRevReqTBS",
                              "AuthRevResData",
                              "CapReqTBS",
                              "CapResData",
                              "AuthReqData",
                              "AuthResData",
                              "PIData",
                              "PIDataUnsigned",
                              "PANData",
                              "PANToken",
                              "PIHead",
                              "OIData",
                              "HODInput",
                              "PI",
                              "PIDualSigned",
                              "PReqDualSigned",
                              "PReqUnsigned",
                              "OIDualSigned",
                              "PI-OILink",
                              "PIDualSignedTBE",
                              "PI-TBS",
                              "AuthResBaggage",
                              "AuthRevReqBaggage",
                              "AcqCardCodeMsg",
                              "CapTokenData",
                              "MessageHeader",
                              "TransIDs",
                              "BrandCRLIdentifier",
                              "Certificate",
                              "CertificateRevocationList"};

}  // namespace

const Type* FindType(std::string_view name) {
  const auto* type =
      std::ranges::find_if(kTypes, [name](const Type& each) { return each.name == name; });
  return type == std::end(kTypes) ? nullptr : type;
}

std::span<const Type> AllTypes() { return kTypes; }

std::string_view NameOfOid(std::string_view dotted) {
  if (const sv content = ContentOf(dotted); !content.empty()) return content;
  const OidRow* row = FindOid(dotted);
  return row == nullptr ? sv() : row->name;
}

std::string_view TypeOfOid(std::string_view dotted) {
  if (const sv content = ContentOf(dotted); !content.empty()) {
    return FindType(content) == nullptr ? sv() : content;
  }
  const OidRow* row = FindOid(dotted);
  return row == nullptr ? sv() : row->type;
}

std::span<const std::string_view> StandAlone() { return kStandAlone; }

}  // namespace bridge::programs::decode
