#include "clauses.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <sstream>

namespace conform {
namespace {

constexpr Parameters kSectionSeven[] = {
    {"7.1.1", "FindAcceptedPaymentBrand",
     "PayDirection CurrCodeType CurrCode Amount MerchantPayId MerchantOrgId",
     "BrandItem BrandId xml:lang BrandName BrandLogoNetLocn"},
    {"7.1.2", "FindAcceptedPaymentProtocol",
     "BrandId PayDirection CurrCodeType CurrCode Amount MerchantPayId MerchantOrgId",
     "ProtocolItem BrandItem ProtocolId ProtocolBrandId xml:lang ProtocolName "
     "PayProtocolPackagedContent Brand CurrencyAmount ProtocolBrand CurrCodeType CurrCode Amount"},
    {"7.1.3", "GetPaymentInitializationData",
     "BrandId MerchantPayId PayDirection CurrCodeType CurrCode Amount OkFrom OkTo ReceiverOrgId "
     "MerchantOrgId ProtocolId ProtocolBrand PayProtocolPackagedContent OrderPackagedContent",
     "OkFrom OkTo OrderPackagedContent"},
    {"7.1.4", "InquireAuthChallenge", "", ""},
    {"7.1.5", "Authenticate", "", ""},
    {"7.1.6", "CheckAuthResponse", "", ""},
    {"7.2.1", "FindPaymentInstrument",
     "BrandId ProtocolId PayDirection CurrCodeType CurrCode Amount ConsumerPayId ProtocolBrand "
     "PayProtocolPackagedContent",
     "PayInstrument Id xml:lang PayInstName"},
    {"7.2.2", "CheckPaymentPossibility",
     "BrandId PaymentInstrumentId PayDirection CurrCodeType CurrCode Amount ProtocolId "
     "ConsumerPayId ProtocolBrand PayProtocolPackagedContent",
     ""},
    {"7.3.1", "StartPaymentConsumer",
     "BrandId PaymentInstrumentId CurrCodeType CurrCode Amount PayDirection ProtocolId OkFrom OkTo "
     "ConsumerPayId ProtocolBrand PayProtocolPackagedContent",
     "ContStatus PaySchemePackagedContent"},
    {"7.3.2", "StartPaymentPaymentHandler",
     "BrandId CurrCodeType CurrCode Amount PayDirection ProtocolId OkFrom OkTo PaymentHandlerPayId "
     "MerchantOrgId PayProtocolPackagedContent ProtocolBrand PaySchemePackagedContent",
     "PaySchemePackagedContent ContStatus"},
    {"7.3.3", "ResumePaymentConsumer", "ConsumerPayId", "ContStatus PaySchemePackagedContent"},
    {"7.3.4.1", "ContinueProcess, consumer", "PayId PaySchemePackagedContent", "ContStatus"},
    {"7.3.4.2", "ContinueProcess, payment handler", "PayId PaySchemePackagedContent",
     "ContStatus PaySchemePackagedContent"},
    {"7.3.5", "ChangeProcessState", "PayId ProcessState CompletionCode ProcessType",
     "ProcessState CompletionCode"},
    {"7.4.1", "PaymentInstrumentInquiry", "", ""},
    {"7.4.2", "InquirePendingPayment", "", "PayId"},
    {"7.4.3", "RemovePaymentLog", "PayId", ""},
    {"7.5.1", "CheckPaymentReceipt", "PayId PackagedContent", ""},
    {"7.5.2", "ExpandPaymentReceipt", "PayId PackagedContent",
     "BrandId ProtocolBrandId PayInstrumentId PaySchemePayId Amount CurrCodeType CurrCode "
     "PayDirection ProtocolId TimeStamp"},
    {"7.5.3.1", "InquireProcessState, consumer", "PayId", "ProcessState"},
    {"7.5.3.2", "InquireProcessState, payment handler", "PayId", "ProcessState"},
    {"7.5.4", "StartPaymentInquiry", "ConsumerPayId", "PaySchemePackagedContent"},
    {"7.5.5", "InquirePaymentStatus", "PaymentHandlerPayId PaySchemePackagedContent",
     "PaymentHandlerPayId ProcessState PaySchemePackagedContent"},
};

constexpr const char* kNotUsed = "SET/IOTP does not use it";
constexpr const char* kHost = "it binds the application core, not the bridge";
constexpr const char* kNotSpecified = "SET/IOTP does not specify it";

constexpr Row kSectionEight[] = {
    {"8.1", "relationships between SET and IOTP", "", kHost},
    {"8.2.1", "BrandId", "CALL-7\\.1\\.1-BrandId-output|CALL-7\\.1\\.2-BrandId-illegal"},
    {"8.2.2", "ProtocolBrandId", "CALL-8\\.2\\.2-.*|ALIAS-ProtocolBrandId-.*"},
    {"8.2.3", "ProtocolId SETv1.0",
     "ABI-entry-protocol-id|CALL-7\\..*-ProtocolId-(illegal|output)"},
    {"8.2.4", "relationship between ids", "CALL-7\\.1\\.2-(ProtocolBrandId-output|one-brand)"},
    {"8.3.1", "(1) Content", "CALL-8\\.3\\.1-content"},
    {"8.3.1", "(1) Transform", "CALL-7\\.1\\.2-PayProtocolPackagedContent-output"},
    {"8.3.1", "(1) ContentData", "CALL-8\\.3\\.1-(ascii|one-lid-m)"},
    {"8.3.1", "(2) MIME-Version", "CALL-8\\.3\\.1-MIME-Version"},
    {"8.3.1", "(2) Content-Transfer-Encoding",
     "CALL-8\\.3\\.1-Content-Transfer-Encoding|SET-9\\.4\\.1-no-encoding"},
    {"8.3.1", "(2) SET-Initiation-Type",
     "CALL-8\\.3\\.1-SET-Initiation-Type|SET-9\\.4\\.1-(no-type|other-type)"},
    {"8.3.1", "(2) SET-LID-M",
     "CALL-8\\.3\\.1-(SET-LID-M|one-lid-m)|SET-4\\.[12]-lid-m|SET-9\\.4\\.1-lid-m(-twice)?"},
    {"8.3.1", "(2) SET-InstallTotalTrans",
     "CALL-8\\.3\\.1-SET-InstallTotalTrans|SET-[57]\\.1-instalments"},
    {"8.3.1", "(2) SET-Recurring", "CALL-8\\.3\\.1-SET-Recurring|SET-[57]\\.1-recurring"},
    {"8.3.1", "(2) SET-Ext-OID", "SET-9\\.4\\.1-(ext-oid|ext-mandatory)"},
    {"8.3.1", "(2) SET-Ext-Data", "SET-9\\.4\\.1-ext-data"},
    {"8.3.1", "(2) SET-Ext-Mandatory",
     "CALL-8\\.3\\.1-SET-Ext-Mandatory|SET-9\\.4\\.1-ext-mandatory"},
    {"8.3.1", "(2) SET-Echo-In-Response", "CALL-8\\.3\\.1-SET-Echo-In-Response"},
    {"8.3.1", "(2) SET-Echo-In-Request", "CALL-8\\.3\\.1-SET-Echo-In-Request"},
    {"8.3.1", "Note: US-ASCII, BASE64",
     "CALL-8\\.3\\.1-ascii|CALL-7\\.1\\.2-PayProtocolPackagedContent-output"},
    {"8.3.2", "primary brand", "CALL-8\\.3\\.2-(primary|visa|product|other-brand)"},
    {"8.3.2", "dual or promotional brand", "CALL-8\\.3\\.2-(dual|promotional|visa-dual)"},
    {"8.3.3", "receiver", "CALL-8\\.3\\.3-other-receiver"},
    {"8.3.3", "Name with the prefix Payment:",
     "CALL-8\\.3\\.3-(prefix|unknown-name)|CALL-8\\.4\\.1-order-hash"},
    {"8.3.3", "Content", "CALL-8\\.3\\.3-agreed"},
    {"8.3.3", "Transform", "CALL-8\\.3\\.3-agreed"},
    {"8.3.3", "ContentData",
     "CALL-8\\.3\\.3-agreed|CALL-8\\.4\\.1-order-hash|SET-8\\.3\\.3-sale-detail|"
     "SET-7\\.1-sale-detail(-unused)?"},
    {"8.4.1", "(1)(b) SET-Version",
     "SET-9\\.4\\.1-other-version|CALL-7\\.3\\.1-ProtocolId-illegal"},
    {"8.4.1", "(1)(c) SET-Brand", "SET-4\\.1-brand|SET-9\\.4\\.1-other-brand"},
    {"8.4.1", "(1)(d) SET-PurchAmt",
     "SET-8\\.4\\.1-purchamt|SET-7\\.1-amount|SET-9\\.4\\.1-other-amount"},
    {"8.4.1", "(1)(e)-1 one order", "CALL-8\\.4\\.1-order-hash|SET-8\\.4\\.1-hod"},
    {"8.4.1", "(1)(e)-2 named orders", "CALL-8\\.4\\.1-orders-hashed"},
    {"8.4.1", "(1)(f) net locations", "", kHost},
    {"8.4.1", "(2) next SET message",
     "SET-4\\.1-.*|SET-2\\.1-pinitreq-header|CALL-7\\.3\\.1-PaySchemePackagedContent-output"},
    {"8.4.1", "(3) errors", "SET-9\\.4\\.1-(no-.*|other-.*|lid-m.*|ext-.*)"},
    {"8.4.1", "(4) Content", "CALL-8\\.4\\.1-scheme-content"},
    {"8.4.1", "(4) Transform", "CALL-7\\.3\\.1-PaySchemePackagedContent-output"},
    {"8.4.1", "(4) ContentData", "SET-4\\.1-.*"},
    {"8.4.1", "(5) store", "STORE-(state-survives-kill|start-replayed|preq-replayed)"},
    {"8.4.2", "(1) TradingRoleData",
     "CALL-8\\.3\\.3-(agreed|prefix|unknown-name)|CALL-8\\.4\\.1-order-hash-missing|"
     "SET-8\\.3\\.3-sale-detail|SET-7\\.1-sale-detail"},
    {"8.4.2", "(2) SET Initiation Response to Initiation", "SET-8\\.4\\.2-initiation-.*"},
    {"8.4.2", "(2) PInitReq to PInitRes", "SET-4\\.2-.*"},
    {"8.4.2", "(2) PReq without PInit (errata E-63)", "SET-8\\.4\\.2-preq-first"},
    {"8.4.2", "(3) errors",
     "SET-2\\.2-pinitreq-.*|SET-8\\.4\\.2-(lid-m|brand)|SET-9\\.4\\.1-response-.*"},
    {"8.4.2", "(4) Content", "CALL-8\\.4\\.2-scheme-content"},
    {"8.4.2", "(4) Transform", "CALL-7\\.3\\.2-PaySchemePackagedContent-output"},
    {"8.4.2", "(4) ContentData", "SET-4\\.2-.*"},
    {"8.4.3", "(1) Content, Transform, ContentData as input",
     "CALL-7\\.3\\.4\\.1-PaySchemePackagedContent-missing|"
     "CALL-8\\.4\\.3-(not-base64|two-contents)"},
    {"8.4.3", "(1) PInitRes to PReq", "SET-5\\.1-.*|SET-5\\.2-.*|SET-5\\.3-.*|SET-5\\.4-whole-.*"},
    {"8.4.3", "(1) PRes", "STATE-consumer-(pres|declined)|SET-5\\.6-captured"},
    {"8.4.3", "(2) errors",
     "ERROR-encap-hard|SET-4\\.3-.*|SET-5\\.6-(signature|challenge|rrpid)|"
     "SET-2\\.2-(header-rrpid|header-xid|version-new|version-old|revision|too-old|too-new|"
     "extension|not-der|truncated)|SET-3\\.1-(unauthenticated|two-signers)"},
    {"8.4.3", "(3) Content", "CALL-8\\.4\\.1-scheme-content"},
    {"8.4.3", "(3) Transform", "CALL-8\\.4\\.3-scheme-content"},
    {"8.4.3", "(3) ContentData", "SET-5\\.1-.*|SET-5\\.4-whole-.*"},
    {"8.4.3", "(3) nothing after a PRes", "CALL-8\\.4\\.3-no-message"},
    {"8.4.4", "(1)(a) brand against the certificate", "SET-8\\.4\\.4-(brand-mismatch|product)"},
    {"8.4.4", "(1)(b) AttNotValid at BrandId", "SET-8\\.4\\.4-brand-.*"},
    {"8.4.4", "(1) signature", "SET-5\\.4-(signature|other-digest)"},
    {"8.4.4", "(2) PReq to PRes", "SET-7\\.1-.*|SET-5\\.5-.*|SET-8\\.4\\.4-name"},
    {"8.4.4", "(3) SET errors",
     "SET-5\\.4-(signature|other-digest|challenge-.|xid|lid-c|expired|untrusted|wrong-holder|"
     "no-certificate)|SET-2\\.2-preq-.*"},
    {"8.4.4", "(3) business errors",
     "SET-9\\.5-.*|ERROR-declined.*|SET-5\\.4-(hod|amount|decimals|instalments)"},
    {"8.4.4", "(4) Name PRes",
     "SET-8\\.4\\.4-name|CALL-7\\.3\\.4\\.2-PaySchemePackagedContent-output"},
    {"8.4.4", "(4) Content", "CALL-8\\.4\\.4-scheme-content"},
    {"8.4.4", "(4) Transform", "CALL-8\\.4\\.4-scheme-content"},
    {"8.4.4", "(4) ContentData", "SET-5\\.5-.*"},
    {"8.4.4", "(4) ContStatus End", "CALL-7\\.3\\.4\\.2-ContStatus-output|SET-8\\.4\\.4-name"},
    {"8.4.5", "(1) ProcessState", "CALL-7\\.5\\.3\\.2-ProcessState-output"},
    {"8.4.5", "(2) CompletionCode Unspecified", "STATE-handler-declined"},
    {"8.4.5", "(2) StatusDesc by AuthCode or CapCode", "CALL-8\\.4\\.5-status-desc"},
    {"8.4.5", "(3) StatusDesc", "", kNotSpecified},
    {"8.4.5", "(4) PayReceiptNameRefs", "CALL-8\\.4\\.5-name-refs"},
    {"8.5.1", "Name", "CALL-8\\.5\\.1-name"},
    {"8.5.1", "Content, Transform", "CALL-8\\.5\\.1-same"},
    {"8.5.1", "ContentData",
     "CALL-8\\.5\\.1-(same|other|declined|late|none|refused|restart|handler)"},
    {"8.5.2", "(1) PayReceiptPackagedContent", "CALL-7\\.5\\.2-PackagedContent-missing"},
    {"8.5.2", "(2) BrandId", "CALL-7\\.5\\.2-BrandId-output"},
    {"8.5.2", "(2) ProtocolBrandId", "CALL-7\\.5\\.2-ProtocolBrandId-output"},
    {"8.5.2", "(2) PayInstrumentId", "CALL-7\\.5\\.2-(PayInstrumentId-output|instrument|handler)"},
    {"8.5.2", "(2) Amount", "CALL-7\\.5\\.2-Amount-output"},
    {"8.5.2", "(2) CurrCodeType", "CALL-7\\.5\\.2-CurrCodeType-output"},
    {"8.5.2", "(2) CurrCode", "CALL-7\\.5\\.2-CurrCode-output"},
    {"8.5.2", "(2) PayDirection", "CALL-7\\.5\\.2-PayDirection-output"},
    {"8.5.2", "(3)(a) date", "CALL-8\\.5\\.2-time|CALL-7\\.5\\.2-TimeStamp-output"},
    {"8.5.2", "(3)(b) ratio", "CALL-7\\.5\\.2-(half|third|exact|scale|cap-ratio|cap-zero)"},
    {"8.5.2", "(3)(c) LID-M", "CALL-8\\.5\\.2-lid-m|CALL-7\\.5\\.2-PaySchemePayId-output"},
    {"8.6", "StartPaymentInquiryResponse: Content", "CALL-8\\.6-inquiry-content"},
    {"8.6", "StartPaymentInquiryResponse: Transform",
     "CALL-7\\.5\\.4-PaySchemePackagedContent-output"},
    {"8.6", "StartPaymentInquiryResponse: InqReq", "CALL-8\\.6-(inqreq-.*|no-preq)"},
    {"8.6", "InquirePaymentStatus: Content, Transform",
     "CALL-8\\.6-status|CALL-7\\.5\\.5-PaySchemePackagedContent-missing"},
    {"8.6", "InquirePaymentStatus: InqReq",
     "CALL-8\\.6-(status|status-unsigned|other-signer|signature-required)"},
    {"8.6", "InquirePaymentStatusResponse: Content", "CALL-8\\.6-status-content"},
    {"8.6", "InquirePaymentStatusResponse: Transform",
     "CALL-7\\.5\\.5-PaySchemePackagedContent-output"},
    {"8.6", "InquirePaymentStatusResponse: InqRes",
     "CALL-8\\.6-(status|status-unsigned|status-declined|order-not-received)"},
    {"8.6", "ContinueProcess: Content, Transform", "CALL-8\\.6-end"},
    {"8.6", "ContinueProcess: InqRes", "CALL-8\\.6-(end|inqres-.*)"},
    {"8.7", "Content", "CALL-8\\.7-content"},
    {"8.7", "Transform", "CALL-7\\.3\\.3-PaySchemePackagedContent-output"},
    {"8.7", "ContentData", "REPLAY-killed-consumer-resume"},
    {"8.7", "payment handler (errata E-65)",
     "CALL-4\\.3\\.4-stored(-restart)?|STATE-handler-resume"},
    {"8.8", "authentication", "CALL-7\\.1\\.[456]-.*|CALL-8\\.8-CallBack-unused"},
    {"8.9.1", "No Status to InProgress", "STATE-consumer-start"},
    {"8.9.1", "InProgress to InProgress", "STATE-consumer-(preq|in-progress-InProgress)"},
    {"8.9.1", "InProgress to ProcessError: ChangeProcessState",
     "STATE-consumer-(in-progress|ordered)-ProcessError"},
    {"8.9.1", "InProgress to ProcessError: Technical Error",
     "STATE-consumer-(technical-error|receives-error|initiation-error)"},
    {"8.9.1", "InProgress to CompletedOk", "STATE-consumer-paid-CompletedOk"},
    {"8.9.1", "InProgress to Failed: ChangeProcessState",
     "STATE-consumer-(in-progress|ordered)-Failed"},
    {"8.9.1", "InProgress to Failed: Business Error", "STATE-consumer-declined"},
    {"8.9.1", "InProgress to Suspended", "STATE-consumer-(in-progress|ordered)-Suspended"},
    {"8.9.1", "Suspended to InProgress", "STATE-consumer-resume"},
    {"8.9.1", "Suspended to ProcessError", "STATE-consumer-suspended-ProcessError"},
    {"8.9.2", "No Status to InProgress", "STATE-handler-start"},
    {"8.9.2", "InProgress to InProgress: ContinueProcess",
     "STATE-handler-no-answer|ERROR-transport-state"},
    {"8.9.2", "InProgress to InProgress: ChangeProcessState",
     "STATE-handler-in-progress-InProgress"},
    {"8.9.2", "InProgress to ProcessError: ChangeProcessState",
     "STATE-handler-in-progress-ProcessError"},
    {"8.9.2", "InProgress to ProcessError: Technical Error", "STATE-handler-technical-error"},
    {"8.9.2", "InProgress to ProcessError: SET Error", "STATE-handler-receives-error"},
    {"8.9.2", "InProgress to CompletedOk", "STATE-handler-completed|SET-5\\.5-captured"},
    {"8.9.2", "InProgress to Failed: ChangeProcessState", "STATE-handler-in-progress-Failed"},
    {"8.9.2", "InProgress to Failed: Business Error",
     "STATE-handler-declined|SET-9\\.5-pi-mismatch|SET-5\\.4-(hod|amount|instalments)"},
    {"8.9.2", "CompletedOk to Failed",
     "STATE-handler-(completed-Failed|reversal-refused|reversal-silent|reversed-code)"},
    {"8.10", "physical and digital goods", "", kHost},
    {"8.11", "BrandNotSupp", "", kNotUsed},
    {"8.11", "CurrNotSupp", "", kNotUsed},
    {"8.11", "AuthError", "", "a SET bridge does not send it (errata E-83)"},
    {"8.11", "InsuffFunds", "", kNotUsed},
    {"8.11", "InstBrandInvalid", "", kNotUsed},
    {"8.11", "PaymentDecl (sent as Unspecified)", "STATE-(consumer|handler)-declined"},
    {"8.11", "InstNotValid", "", kNotUsed},
    {"8.11", "BadInstrument", "", kNotUsed},
    {"8.11", "Unspecified", "STATE-(consumer-declined|consumer-failed-code|handler-declined)"},
    {"8.12", "20, payment handler: SET Initiation Response processed", "STATE-handler-initiation"},
    {"8.12", "20, consumer: SET Initiation Response made", "",
     "nothing is negotiated, so a consumer makes none but one with an error"},
    {"8.12", "40, consumer: PInitReq made", "STATE-consumer-start"},
    {"8.12", "40, payment handler: PInitReq processed", "",
     "the same call makes the PInitRes, which is 60"},
    {"8.12", "60, consumer: PInitRes processed", "", "the same call makes the PReq, which is 80"},
    {"8.12", "60, payment handler: PInitRes made", "STATE-handler-start"},
    {"8.12", "80, consumer: PReq made", "STATE-consumer-preq"},
    {"8.12", "80, payment handler: PReq processed", "STATE-handler-no-answer"},
    {"8.12", "100, consumer: PRes processed", "STATE-consumer-(pres|declined)|SET-5\\.6-captured"},
    {"8.12", "100, payment handler: PRes made", "STATE-handler-completed"},
    {"8.13", "Severity HardError", "ERROR-hard|ERROR-hard-no-retry|ERROR-encap-hard"},
};

std::vector<std::string> Words(const char* text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

}  // namespace

std::span<const Parameters> SectionSeven() { return kSectionSeven; }
std::span<const Row> SectionEight() { return kSectionEight; }

std::vector<const Rule*> Covering(const Rules& rules, const std::string& parameter) {
  std::vector<const Rule*> out;
  for (const Rule& rule : rules) {
    if (std::ranges::find(rule.covers, parameter) != rule.covers.end()) out.push_back(&rule);
  }
  return out;
}

std::vector<const Rule*> Covering(const Rules& rules, const Row& row) {
  std::vector<const Rule*> out;
  if (*row.rules == '\0') return out;
  const std::regex ids(row.rules);
  for (const Rule& rule : rules) {
    if (std::regex_match(rule.id, ids)) out.push_back(&rule);
  }
  return out;
}

std::string Uncovered(const Rules& rules) {
  std::string out;
  for (const Parameters& call : kSectionSeven) {
    for (const auto& [direction, names] : {std::pair("in", call.in), std::pair("out", call.out)}) {
      for (const std::string& name : Words(names)) {
        const std::string key = fmt::format("{} {} {}", call.section, direction, name);
        if (Covering(rules, key).empty()) out += key + '\n';
      }
    }
  }
  for (const Row& row : kSectionEight) {
    if (row.why_none == nullptr && Covering(rules, row).empty()) {
      out += fmt::format("{} {}\n", row.section, row.what);
    }
  }
  return out;
}

}  // namespace conform
