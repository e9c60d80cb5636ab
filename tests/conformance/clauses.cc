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

constexpr Row kSectionEight[] = {
    {"8.1", "relationships between SET and IOTP", "", kHost},
    {"8.2.1", "BrandId", "CALL-7\\.1\\.1-BrandId-output|CALL-7\\.1\\.2-BrandId-illegal"},
    {"8.2.2", "ProtocolBrandId", "CALL-8\\.2\\.2"},
    {"8.2.3", "ProtocolId SETv1.0", "ABI-entry-protocol-id|ProtocolId-(illegal|output)"},
    {"8.2.4", "relationship between ids", "CALL-7\\.1\\.2-(ProtocolBrandId-output|one-brand)"},
    {"8.3.1", "Content, Transform, ContentData",
     "CALL-7\\.1\\.2-PayProtocolPackagedContent-output|CALL-8\\.3\\.1-ascii"},
    {"8.3.1", "Content-Transfer-Encoding", "CALL-8\\.3\\.1-Content-Transfer-Encoding"},
    {"8.3.1", "SET-Initiation-Type", "CALL-8\\.3\\.1-SET-Initiation-Type"},
    {"8.3.1", "SET-LID-M", "CALL-8\\.3\\.1-(SET-LID-M|one-lid-m)"},
    {"8.3.1", "SET-InstallTotalTrans", "CALL-8\\.3\\.1-SET-InstallTotalTrans"},
    {"8.3.1", "SET-Recurring", "CALL-8\\.3\\.1-SET-Recurring"},
    {"8.3.1", "SET-Echo", "CALL-8\\.3\\.1-SET-Echo"},
    {"8.3.2", "primary brand", "CALL-8\\.3\\.2-(primary|visa$|product|other-brand)"},
    {"8.3.2", "dual or promotional brand", "CALL-8\\.3\\.2-(dual|promotional|visa-dual)"},
    {"8.3.3", "TradingRoleData", "CALL-8\\.3\\.3-"},
    {"8.4.1", "(c) SET-Brand", "SET-4\\.1-brand"},
    {"8.4.1", "(d) SET-PurchAmt", "SET-8\\.4\\.1-purchamt"},
    {"8.4.1", "(e)-1 one order", "CALL-8\\.4\\.1-order-hash$|SET-8\\.4\\.1-hod"},
    {"8.4.1", "(e)-2 named orders", "CALL-8\\.4\\.1-orders-hashed"},
    {"8.4.1", "(f) net locations", "", kHost},
    {"8.4.1", "(2) next SET message", "SET-4\\.1-|CALL-7\\.3\\.1-PaySchemePackagedContent-output"},
    {"8.4.1", "(4) PaySchemePackagedContent",
     "CALL-7\\.3\\.1-PaySchemePackagedContent-output|CALL-8\\.4\\.1-scheme-content"},
    {"8.4.1", "(5) store", "STORE-(state|start|preq)"},
    {"8.4.2", "(1) TradingRoleData",
     "CALL-8\\.3\\.3-unknown-name|CALL-8\\.4\\.1-order-hash-missing"},
    {"8.4.2", "(2) PInitReq to PInitRes", "SET-4\\.2-"},
    {"8.4.2", "(3) errors", "SET-2\\.2-pinitreq|SET-8\\.4\\.2-"},
    {"8.4.2", "(4) PaySchemePackagedContent", "CALL-7\\.3\\.2-PaySchemePackagedContent-output"},
    {"8.4.3", "(1) PInitRes to PReq", "SET-4\\.3-|SET-5\\.[123]-"},
    {"8.4.3", "(2) errors", "ERROR-encap-hard|SET-2\\.2-|SET-5\\.6-"},
    {"8.4.3", "(3) PaySchemePackagedContent", "CALL-8\\.4\\.1-scheme-content|CALL-7\\.3\\.4\\.1-"},
    {"8.4.4", "(1) brand integrity", "SET-8\\.4\\.4-(brand|product)"},
    {"8.4.4", "(2) PReq to PRes", "SET-7\\.1-|SET-5\\.4-"},
    {"8.4.4", "(3) errors", "SET-9\\.5-|ERROR-declined"},
    {"8.4.4", "(4) Name PRes, End", "CALL-7\\.3\\.4\\.2-.*output|SET-8\\.4\\.4-name"},
    {"8.4.5", "(1) ProcessState", "CALL-7\\.5\\.3\\..*-ProcessState-output"},
    {"8.4.5", "(2) CompletionCode Unspecified", "STATE-handler-declined|STATE-consumer-declined"},
    {"8.4.5", "(4) PayReceiptNameRefs", "CALL-8\\.4\\.5-name-refs"},
    {"8.5.1", "receipt", "CALL-8\\.5\\.1-"},
    {"8.5.2", "(2) status information",
     "CALL-7\\.5\\.2-(BrandId|ProtocolBrandId|PayInstrumentId|Amount|Curr.*|PayDirection)-output"},
    {"8.5.2", "(3)(a) date", "CALL-8\\.5\\.2-time|CALL-7\\.5\\.2-TimeStamp-output"},
    {"8.5.2", "(3)(b) ratio", "CALL-7\\.5\\.2-Amount-output|SET-5\\.5-ratio"},
    {"8.5.2", "(3)(c) LID-M", "CALL-8\\.5\\.2-lid-m|CALL-7\\.5\\.2-PaySchemePayId-output"},
    {"8.6", "StartPaymentInquiryResponse", "CALL-7\\.5\\.4-PayScheme.*output|CALL-8\\.6-no-preq"},
    {"8.6", "InquirePaymentStatus", "CALL-7\\.5\\.5-PayScheme.*missing"},
    {"8.6", "InquirePaymentStatusResponse", "CALL-7\\.5\\.5-PayScheme.*output"},
    {"8.6", "ContinueProcess, Inquiry", "CALL-8\\.6-end"},
    {"8.7", "resume", "CALL-7\\.3\\.3-.*output|STATE-consumer-resume"},
    {"8.8", "authentication", "CALL-7\\.1\\.[456]-|CALL-8\\.8-"},
    {"8.9.1", "No Status to InProgress", "STATE-consumer-start"},
    {"8.9.1", "InProgress to InProgress", "STATE-consumer-(preq|in-progress-InProgress)"},
    {"8.9.1", "InProgress to ProcessError",
     "STATE-consumer-(technical-error|in-progress-ProcessError)"},
    {"8.9.1", "InProgress to CompletedOk", "STATE-consumer-(paid-CompletedOk|pres)"},
    {"8.9.1", "InProgress to Failed", "STATE-consumer-(in-progress-Failed|declined)"},
    {"8.9.1", "InProgress to Suspended", "STATE-consumer-in-progress-Suspended"},
    {"8.9.1", "Suspended to InProgress", "STATE-consumer-resume"},
    {"8.9.1", "Suspended to ProcessError", "STATE-consumer-suspended-ProcessError"},
    {"8.9.2", "No Status to InProgress", "STATE-handler-start"},
    {"8.9.2", "InProgress to InProgress", "STATE-handler-in-progress-InProgress"},
    {"8.9.2", "InProgress to ProcessError",
     "STATE-handler-(technical-error|receives-error|in-progress-ProcessError)"},
    {"8.9.2", "InProgress to CompletedOk", "STATE-handler-completed"},
    {"8.9.2", "InProgress to Failed", "STATE-handler-(in-progress-Failed|declined)"},
    {"8.9.2", "CompletedOk to Failed", "STATE-handler-(completed-Failed|reversal|reversed)"},
    {"8.10", "physical and digital goods", "", kHost},
    {"8.11",
     "BrandNotSupp, CurrNotSupp, InsuffFunds, InstBrandInvalid, InstNotValid, BadInstrument", "",
     kNotUsed},
    {"8.11", "AuthError", "", kNotUsed},
    {"8.11", "PaymentDecl, Unspecified", "STATE-(consumer|handler)-(declined|failed-code)"},
    {"8.12", "20 after the SET Initiation", "STATE-.*(initiation|start)"},
    {"8.12", "40 after PInitReq", "STATE-consumer-start|CALLBACK-state"},
    {"8.12", "60 after PInitRes", "STATE-handler-start"},
    {"8.12", "80 after PReq", "STATE-consumer-preq"},
    {"8.12", "100 after PRes", "STATE-(consumer-pres|handler-completed)"},
    {"8.13", "Severity HardError", "ERROR-hard|ERROR-encap-hard"},
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
    if (std::regex_search(rule.id, ids)) out.push_back(&rule);
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
