#include "schema/attributes.h"

#include <algorithm>
#include <array>
#include <utility>
#include <xercesc/util/XMLChar.hpp>

#include "schema/utf.h"

namespace schema {
namespace {

using enum AttributeKind;
using enum Presence;

constexpr AttributeRule kOfIotpPaymentApiRequest[] = {
    {"xml:lang", kToken, kOptional, {}},
    {"ContentSoftwareID", kText, kOptional, {}},
};
constexpr AttributeRule kOfErrorResponse[] = {
    {"xml:lang", kToken, kOptional, {}},      {"ErrorCode", kToken, kRequired, {}},
    {"ErrorDesc", kText, kRequired, {}},      {"Severity", kSeverity, kRequired, {}},
    {"MinRetrySecs", kNumber, kOptional, {}}, {"SwVendorErrorRef", kText, kOptional, {}},
};
constexpr AttributeRule kOfErrorLocation[] = {
    {"ElementType", kToken, kRequired, {}}, {"IotpMsgRef", kToken, kOptional, {}},
    {"BlkRef", kToken, kOptional, {}},      {"CompRef", kToken, kOptional, {}},
    {"ElementRef", kToken, kOptional, {}},  {"AttName", kToken, kOptional, {}},
};
constexpr AttributeRule kOfPackagedContent[] = {
    {"Name", kToken, kOptional, {}},
    {"Content", kText, kOptional, "PCDATA"},
    {"Transform", kTransform, kOptional, "NONE"},
};
constexpr AttributeRule kOfTradingRoleDataPackagedContent[] = {
    {"Name", kPaymentName, kRequired, {}},
    {"Content", kText, kOptional, "PCDATA"},
    {"Transform", kTransform, kOptional, "NONE"},
};
constexpr AttributeRule kOfProtocolBrand[] = {
    {"ProtocolId", kFilled, kRequired, {}},
    {"ProtocolBrandId", kFilled, kRequired, {}},
};
constexpr AttributeRule kOfAlgorithm[] = {
    {"ID", kToken, kOptional, {}},
    {"type", kAlgorithmType, kOptional, {}},
    {"name", kToken, kRequired, {}},
};
constexpr AttributeRule kOfParameter[] = {
    {"type", kText, kRequired, {}},
};
constexpr AttributeRule kOfFindAcceptedPaymentBrand[] = {
    {"PayDirection", kPayDirection, kRequired, {}},
    {"CurrCodeType", kToken, kOptional, "ISO4217-A"},
    {"CurrCode", kFilled, kRequired, {}},
    {"Amount", kAmount, kRequired, {}},
    {"MerchantPayId", kFilled, kRequired, {}},
    {"MerchantOrgId", kText, kSetRequires, {}},
    {"WalletID", kText, kOptional, {}},
};
constexpr AttributeRule kOfBrandItem[] = {
    {"BrandId", kFilled, kRequired, {}},      {"xml:lang", kToken, kOptional, {}},
    {"BrandName", kText, kRequired, {}},      {"BrandLogoNetLocn", kText, kRequired, {}},
    {"BrandNarrative", kText, kOptional, {}},
};
constexpr AttributeRule kOfFindAcceptedPaymentProtocol[] = {
    {"BrandId", kFilled, kSetRequires, {}},
    {"PayDirection", kPayDirection, kRequired, {}},
    {"CurrCodeType", kToken, kOptional, "ISO4217-A"},
    {"CurrCode", kFilled, kRequired, {}},
    {"Amount", kAmount, kRequired, {}},
    {"MerchantPayId", kFilled, kRequired, {}},
    {"MerchantOrgId", kText, kSetRequires, {}},
    {"WalletID", kText, kOptional, {}},
};
constexpr AttributeRule kOfProtocolItem[] = {
    {"ProtocolId", kFilled, kRequired, {}},  {"ProtocolBrandId", kText, kOptional, {}},
    {"xml:lang", kToken, kOptional, {}},     {"ProtocolName", kText, kRequired, {}},
    {"PayReqNetLocn", kText, kOptional, {}}, {"SecPayReqNetLocn", kText, kOptional, {}},
};
constexpr AttributeRule kOfBrand[] = {
    {"BrandId", kFilled, kRequired, {}},
};
constexpr AttributeRule kOfCurrencyAmount[] = {
    {"CurrCodeType", kToken, kOptional, "ISO4217-A"},
    {"CurrCode", kText, kOptional, {}},
    {"Amount", kAmount, kOptional, {}},
};
constexpr AttributeRule kOfGetPaymentInitializationData[] = {
    {"BrandId", kFilled, kRequired, {}},
    {"MerchantPayId", kFilled, kRequired, {}},
    {"PayDirection", kPayDirection, kRequired, {}},
    {"CurrCodeType", kToken, kOptional, "ISO4217-A"},
    {"CurrCode", kFilled, kRequired, {}},
    {"Amount", kAmount, kRequired, {}},
    {"ProtocolId", kFilled, kRequired, {}},
    {"OkFrom", kMoment, kRequired, {}},
    {"OkTo", kMoment, kRequired, {}},
    {"ReceiverOrgId", kText, kSetRequires, {}},
    {"MerchantOrgId", kText, kSetRequires, {}},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
};
constexpr AttributeRule kOfGetPaymentInitializationDataResponse[] = {
    {"OkFrom", kMoment, kOptional, {}},
    {"OkTo", kMoment, kOptional, {}},
};
constexpr AttributeRule kOfInquireAuthChallenge[] = {
    {"AuthenticationId", kText, kRequired, {}},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
};
constexpr AttributeRule kOfCheckAuthResponseResponse[] = {
    {"ProcessState", kProcessState, kRequired, {}},
    {"CompletionCode", kToken, kOptional, {}},
    {"xml:lang", kToken, kOptional, {}},
    {"StatusDesc", kText, kOptional, {}},
};
constexpr AttributeRule kOfFindPaymentInstrument[] = {
    {"BrandId", kFilled, kRequired, {}},
    {"ProtocolId", kFilled, kRequired, {}},
    {"PayDirection", kPayDirection, kRequired, {}},
    {"CurrCodeType", kToken, kOptional, "ISO4217-A"},
    {"CurrCode", kFilled, kRequired, {}},
    {"Amount", kAmount, kRequired, {}},
    {"ConsumerPayId", kFilled, kRequired, {}},
    {"WalletID", kText, kOptional, {}},
};
constexpr AttributeRule kOfPayInstrument[] = {
    {"Id", kText, kRequired, {}},
    {"xml:lang", kToken, kOptional, {}},
    {"PayInstName", kText, kRequired, {}},
};
constexpr AttributeRule kOfCheckPaymentPossibility[] = {
    {"BrandId", kFilled, kRequired, {}},
    {"PaymentInstrumentId", kText, kSetRequires, {}},
    {"PayDirection", kPayDirection, kRequired, {}},
    {"CurrCodeType", kToken, kOptional, "ISO4217-A"},
    {"CurrCode", kFilled, kRequired, {}},
    {"Amount", kAmount, kRequired, {}},
    {"ProtocolId", kFilled, kRequired, {}},
    {"ConsumerPayId", kFilled, kRequired, {}},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
};
constexpr AttributeRule kOfStartPaymentConsumer[] = {
    {"BrandId", kFilled, kRequired, {}},
    {"PaymentInstrumentId", kText, kSetRequires, {}},
    {"CurrCodeType", kToken, kOptional, "ISO4217-A"},
    {"CurrCode", kFilled, kRequired, {}},
    {"Amount", kAmount, kRequired, {}},
    {"PayDirection", kPayDirection, kRequired, {}},
    {"ProtocolId", kFilled, kRequired, {}},
    {"ProtocolBrandId", kText, kOptional, {}},
    {"OkFrom", kMoment, kRequired, {}},
    {"OkTo", kMoment, kRequired, {}},
    {"ConsumerPayId", kFilled, kRequired, {}},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
    {"CallBackFunction", kText, kOptional, {}},
    {"CallBackLanguageList", kTokens, kOptional, {}},
};
constexpr AttributeRule kOfStartPaymentConsumerResponse[] = {
    {"ContStatus", kContStatus, kRequired, {}},
};
constexpr AttributeRule kOfStartPaymentPaymentHandler[] = {
    {"BrandId", kFilled, kRequired, {}},
    {"ConsumerPayId", kText, kOptional, {}},
    {"CurrCodeType", kToken, kOptional, "ISO4217-A"},
    {"CurrCode", kFilled, kRequired, {}},
    {"Amount", kAmount, kRequired, {}},
    {"PayDirection", kPayDirection, kRequired, {}},
    {"ProtocolId", kFilled, kRequired, {}},
    {"OkFrom", kMoment, kRequired, {}},
    {"OkTo", kMoment, kRequired, {}},
    {"PaymentHandlerPayId", kFilled, kRequired, {}},
    {"MerchantOrgId", kText, kRequired, {}},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
    {"CallBackFunction", kText, kOptional, {}},
    {"CallBackLanguageList", kTokens, kOptional, {}},
};
constexpr AttributeRule kOfResumePaymentConsumer[] = {
    {"ConsumerPayId", kFilled, kRequired, {}},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
    {"CallBackFunction", kText, kOptional, {}},
    {"CallBackLanguageList", kTokens, kOptional, {}},
};
constexpr AttributeRule kOfResumePaymentPaymentHandler[] = {
    {"PaymentHandlerPayId", kFilled, kRequired, {}},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
    {"CallBackFunction", kText, kOptional, {}},
    {"CallBackLanguageList", kTokens, kOptional, {}},
};
constexpr AttributeRule kOfContinueProcess[] = {
    {"PayId", kFilled, kRequired, {}},
    {"ProcessType", kProcessType, kOptional, "Payment"},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
};
constexpr AttributeRule kOfChangeProcessState[] = {
    {"PayId", kFilled, kRequired, {}},         {"ProcessState", kProcessState, kRequired, {}},
    {"CompletionCode", kToken, kOptional, {}}, {"ProcessType", kProcessType, kOptional, "Payment"},
    {"WalletID", kText, kOptional, {}},        {"Passphrase", kText, kOptional, {}},
};
constexpr AttributeRule kOfChangeProcessStateResponse[] = {
    {"ProcessState", kProcessState, kRequired, {}}, {"PercentComplete", kPercent, kOptional, {}},
    {"CompletionCode", kToken, kOptional, {}},      {"xml:lang", kToken, kOptional, {}},
    {"StatusDesc", kText, kOptional, {}},
};
constexpr AttributeRule kOfRemovePaymentLog[] = {
    {"PayId", kFilled, kRequired, {}},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
};
constexpr AttributeRule kOfPaymentInstrumentInquiry[] = {
    {"BrandId", kFilled, kRequired, {}},    {"PaymentInstrumentId", kText, kOptional, {}},
    {"ProtocolId", kFilled, kRequired, {}}, {"PropertyTypeList", kTokens, kRequired, {}},
    {"xml:lang", kToken, kOptional, {}},    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
};
constexpr AttributeRule kOfPaymentInstrumentInquiryResponse[] = {
    {"xml:lang", kToken, kRequired, {}},
    {"UnavailablePropertyList", kTokens, kOptional, {}},
};
constexpr AttributeRule kOfPaymentInstrumentProperty[] = {
    {"PropertyType", kToken, kRequired, {}},
    {"PropertyValue", kText, kRequired, {}},
    {"PropertyDesc", kText, kRequired, {}},
};
constexpr AttributeRule kOfInquirePendingPayment[] = {
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
};
constexpr AttributeRule kOfPaymentId[] = {
    {"PayId", kFilled, kRequired, {}},
};
constexpr AttributeRule kOfExpandPaymentReceiptResponse[] = {
    {"BrandId", kText, kOptional, {}},
    {"PaymentInstrumentId", kText, kOptional, {}},
    {"Amount", kAmount, kOptional, {}},
    {"CurrCodeType", kToken, kOptional, {}},
    {"CurrCode", kText, kOptional, {}},
    {"PayDirection", kPayDirection, kOptional, {}},
    {"TimeStamp", kMoment, kOptional, {}},
    {"ProtocolId", kText, kOptional, {}},
    {"ProtocolBrandId", kText, kOptional, {}},
    {"ProtocolTransId", kText, kOptional, {}},
    {"xml:lang", kToken, kOptional, {}},
    {"ConsumerDesc", kText, kOptional, {}},
    {"PaymentHandlerDesc", kText, kOptional, {}},
    {"StyleSheetNetLocn", kText, kOptional, {}},
};
constexpr AttributeRule kOfInquireProcessStateResponse[] = {
    {"ProcessState", kProcessState, kRequired, {}}, {"PercentComplete", kPercent, kOptional, {}},
    {"CompletionCode", kToken, kOptional, {}},      {"xml:lang", kToken, kOptional, {}},
    {"StatusDesc", kText, kOptional, {}},           {"PayReceiptNameRefs", kTokens, kOptional, {}},
};
constexpr AttributeRule kOfStartPaymentInquiry[] = {
    {"ConsumerPayId", kFilled, kRequired, {}},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
};
constexpr AttributeRule kOfInquirePaymentStatus[] = {
    {"PaymentHandlerPayId", kFilled, kRequired, {}},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
};
constexpr AttributeRule kOfInquirePaymentStatusResponse[] = {
    {"PaymentHandlerPayId", kFilled, kRequired, {}},
    {"ProcessState", kProcessState, kRequired, {}},
    {"CompletionCode", kToken, kOptional, {}},
    {"xml:lang", kToken, kOptional, {}},
    {"StatusDesc", kText, kOptional, {}},
};
constexpr AttributeRule kOfManagePaymentSoftware[] = {
    {"BrandId", kText, kOptional, {}},    {"ProtocolId", kText, kOptional, {}},
    {"Action", kAction, kOptional, {}},   {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
};
constexpr AttributeRule kOfManagePaymentSoftwareResponse[] = {
    {"Action", kAction, kOptional, {}},
    {"WalletID", kText, kOptional, {}},
    {"Passphrase", kText, kOptional, {}},
    {"AuthNames", kTokens, kOptional, {}},
};
constexpr AttributeRule kOfCallBack[] = {
    {"ContentSoftwareID", kText, kOptional, {}},    {"PayId", kFilled, kRequired, {}},
    {"ProcessState", kProcessState, kOptional, {}}, {"PercentComplete", kPercent, kOptional, {}},
    {"CompletionCode", kToken, kOptional, {}},      {"xml:lang", kToken, kOptional, {}},
    {"StatusDesc", kText, kOptional, {}},
};
constexpr AttributeRule kOfCallBackResponse[] = {
    {"CompletionCode", kToken, kOptional, {}},
};

// Sorted by name.
constexpr ElementRule kElements[] = {
    {"Algorithm", kOfAlgorithm, false},
    {"AuthReqPackagedContent", kOfPackagedContent, true},
    {"AuthResPackagedContent", kOfPackagedContent, true},
    {"Authenticate", kOfInquireAuthChallenge, false},
    {"AuthenticateResponse", {}, false},
    {"Brand", kOfBrand, false},
    {"BrandItem", kOfBrandItem, false},
    {"BrandPackagedContent", kOfPackagedContent, true},
    {"BrandSelBrandInfoPackagedContent", kOfPackagedContent, true},
    {"BrandSelCurrencyAmountInfoPackagedContent", kOfPackagedContent, true},
    {"BrandSelProtocolAmountInfoPackagedContent", kOfPackagedContent, true},
    {"CallBack", kOfCallBack, false},
    {"CallBackResponse", kOfCallBackResponse, false},
    {"ChangeProcessState", kOfChangeProcessState, false},
    {"ChangeProcessStateResponse", kOfChangeProcessStateResponse, false},
    {"CheckAuthResponse", kOfInquireAuthChallenge, false},
    {"CheckAuthResponseResponse", kOfCheckAuthResponseResponse, false},
    {"CheckPaymentPossibility", kOfCheckPaymentPossibility, false},
    {"CheckPaymentPossibilityResponse", {}, false},
    {"CheckPaymentPossiblity", kOfCheckPaymentPossibility, false},
    {"CheckPaymentPossiblityResponse", {}, false},
    {"CheckPaymentReceipt", kOfRemovePaymentLog, false},
    {"CheckPaymentReceiptResponse", {}, false},
    {"ContinueProcess", kOfContinueProcess, false},
    {"ContinueProcessResponse", kOfStartPaymentConsumerResponse, false},
    {"CurrencyAmount", kOfCurrencyAmount, false},
    {"ErrorLocation", kOfErrorLocation, false},
    {"ErrorResponse", kOfErrorResponse, false},
    {"ExpandPaymentReceipt", kOfRemovePaymentLog, false},
    {"ExpandPaymentReceiptResponse", kOfExpandPaymentReceiptResponse, false},
    {"FindAcceptedPaymentBrand", kOfFindAcceptedPaymentBrand, false},
    {"FindAcceptedPaymentBrandResponse", {}, false},
    {"FindAcceptedPaymentProtocol", kOfFindAcceptedPaymentProtocol, false},
    {"FindAcceptedPaymentProtocolResponse", {}, false},
    {"FindPaymentInstrument", kOfFindPaymentInstrument, false},
    {"FindPaymentInstrumentResponse", {}, false},
    {"GetPaymentInitializationData", kOfGetPaymentInitializationData, false},
    {"GetPaymentInitializationDataResponse", kOfGetPaymentInitializationDataResponse, false},
    {"InquireAuthChallenge", kOfInquireAuthChallenge, false},
    {"InquireAuthChallengeResponse", {}, false},
    {"InquirePaymentStatus", kOfInquirePaymentStatus, false},
    {"InquirePaymentStatusResponse", kOfInquirePaymentStatusResponse, false},
    {"InquirePendingPayment", kOfInquirePendingPayment, false},
    {"InquirePendingPaymentResponse", {}, false},
    {"InquireProcessState", kOfRemovePaymentLog, false},
    {"InquireProcessStateResponse", kOfInquireProcessStateResponse, false},
    {"IotpPaymentApiRequest", kOfIotpPaymentApiRequest, false},
    {"IotpPaymentApiResponse", kOfIotpPaymentApiRequest, false},
    {"ManagePaymentSoftware", kOfManagePaymentSoftware, false},
    {"ManagePaymentSoftwareResponse", kOfManagePaymentSoftwareResponse, false},
    {"MerchantData", kOfPackagedContent, true},
    {"OrderPackagedContent", kOfPackagedContent, true},
    {"PackagedContent", kOfPackagedContent, true},
    {"Parameter", kOfParameter, true},
    {"PayInstrument", kOfPayInstrument, false},
    {"PayProtocolPackagedContent", kOfPackagedContent, true},
    {"PaySchemePackagedContent", kOfPackagedContent, true},
    {"PaymentId", kOfPaymentId, false},
    {"PaymentInstrumentInquiry", kOfPaymentInstrumentInquiry, false},
    {"PaymentInstrumentInquiryResponse", kOfPaymentInstrumentInquiryResponse, false},
    {"PaymentInstrumentProperty", kOfPaymentInstrumentProperty, false},
    {"PaymentProperty", kOfPaymentInstrumentProperty, false},
    {"ProtocolAmountPackagedContent", kOfPackagedContent, true},
    {"ProtocolBrand", kOfProtocolBrand, false},
    {"ProtocolBrandPackagedContent", kOfPackagedContent, true},
    {"ProtocolItem", kOfProtocolItem, false},
    {"RemovePaymentLog", kOfRemovePaymentLog, false},
    {"RemovePaymentLogResponse", {}, false},
    {"ResumePaymentConsumer", kOfResumePaymentConsumer, false},
    {"ResumePaymentConsumerResponse", kOfStartPaymentConsumerResponse, false},
    {"ResumePaymentPaymentHandler", kOfResumePaymentPaymentHandler, false},
    {"ResumePaymentPaymentHandlerResponse", kOfStartPaymentConsumerResponse, false},
    {"StartPaymentConsumer", kOfStartPaymentConsumer, false},
    {"StartPaymentConsumerResponse", kOfStartPaymentConsumerResponse, false},
    {"StartPaymentInquiry", kOfStartPaymentInquiry, false},
    {"StartPaymentInquiryResponse", {}, false},
    {"StartPaymentPaymentHandler", kOfStartPaymentPaymentHandler, false},
    {"StartPaymentPaymentHandlerResponse", kOfStartPaymentConsumerResponse, false},
    {"TradingRoleDataPackagedContent", kOfTradingRoleDataPackagedContent, true},
};

constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"ContentSoftwareId", "ContentSoftwareID"},
    {"PassPhrase", "Passphrase"},
    {"WalletId", "WalletID"},
    {"passphrase", "Passphrase"},
};

constexpr std::string_view kActions[] = {"New", "Update", "Delete"};
constexpr std::string_view kAlgorithmTypes[] = {"digest", "signature"};
constexpr std::string_view kContStatuses[] = {"End", "Continue"};
constexpr std::string_view kPayDirections[] = {"Debit", "Credit"};
constexpr std::string_view kProcessStates[] = {"NotYetStarted", "InProgress", "Suspended",
                                               "CompletedOk",   "Failed",     "ProcessError"};
constexpr std::string_view kProcessTypes[] = {"Payment", "Inquiry"};
constexpr std::string_view kSeverities[] = {"Warning", "TransientError", "HardError"};
constexpr std::string_view kTransforms[] = {"NONE", "BASE64"};

constexpr std::string_view kPaymentPrefix = "Payment:";

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool EqualIgnoringCase(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool AreDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

bool IsNameToken(std::string_view value) {
  const std::u16string wide = ToUtf16(value);
  return !wide.empty() && xercesc::XMLChar1_0::isValidNmtoken(wide.data(), wide.size());
}

bool AreNameTokens(std::string_view value) {
  while (true) {
    const auto space = value.find(' ');
    if (!IsNameToken(value.substr(0, space))) return false;
    if (space == std::string_view::npos) return true;
    value.remove_prefix(space + 1);
  }
}

bool IsAmount(std::string_view value) {
  const auto digits = std::count_if(value.begin(), value.end(), IsDigit);
  const auto points = std::count(value.begin(), value.end(), '.');
  return digits > 0 && points <= 1 && static_cast<std::size_t>(digits + points) == value.size();
}

// TakeNumber takes `digits` digits from the front of `text`; -1 if they are not there.
int TakeNumber(std::string_view& text, std::size_t digits) {
  if (text.size() < digits || !AreDigits(text.substr(0, digits))) return -1;
  int number = 0;
  for (std::size_t i = 0; i < digits; ++i) number = number * 10 + (text[i] - '0');
  text.remove_prefix(digits);
  return number;
}

bool Take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool InRange(int number, int low, int high) { return number >= low && number <= high; }

int DaysOf(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

bool TakeDate(std::string_view& text) {
  const int year = TakeNumber(text, 4);
  if (year < 0 || !Take(text, '-')) return false;
  const int month = TakeNumber(text, 2);
  if (!InRange(month, 1, 12) || !Take(text, '-')) return false;
  return InRange(TakeNumber(text, 2), 1, DaysOf(year, month));
}

bool TakeTime(std::string_view& text) {
  if (!InRange(TakeNumber(text, 2), 0, 23) || !Take(text, ':')) return false;
  if (!InRange(TakeNumber(text, 2), 0, 59)) return false;
  if (!Take(text, ':')) return true;
  if (!InRange(TakeNumber(text, 2), 0, 60)) return false;  // 60: a leap second
  if (!Take(text, '.')) return true;
  if (TakeNumber(text, 1) < 0) return false;
  while (TakeNumber(text, 1) >= 0) {
  }
  return true;
}

bool TakeZone(std::string_view& text) {
  if (text.empty() || Take(text, 'Z')) return true;
  if (!Take(text, '+') && !Take(text, '-')) return false;
  if (!InRange(TakeNumber(text, 2), 0, 23)) return false;
  return !Take(text, ':') || InRange(TakeNumber(text, 2), 0, 59);
}

bool IsMoment(std::string_view value) {
  return TakeDate(value) && Take(value, 'T') && TakeTime(value) && TakeZone(value) && value.empty();
}

bool IsPercent(std::string_view value) {
  return value == "100" || (AreDigits(value) && value.size() <= 2);
}

}  // namespace

const AttributeRule* ElementRule::Find(std::string_view attribute) const {
  const auto* rule = std::find_if(attributes.data(), attributes.data() + attributes.size(),
                                  [&](const AttributeRule& r) { return r.name == attribute; });
  return rule == attributes.data() + attributes.size() ? nullptr : rule;
}

std::span<const ElementRule> Elements() { return kElements; }

const ElementRule* FindElement(std::string_view name) {
  const auto* rule = std::lower_bound(
      std::begin(kElements), std::end(kElements), name,
      [](const ElementRule& r, std::string_view wanted) { return r.name < wanted; });
  return rule == std::end(kElements) || rule->name != name ? nullptr : rule;
}

std::string_view SchemaName(std::string_view attribute) {
  for (const auto& [alias, name] : kAliases) {
    if (alias == attribute) return name;
  }
  return attribute;
}

std::span<const std::string_view> Words(AttributeKind kind) {
  switch (kind) {
    case kAction:
      return kActions;
    case kAlgorithmType:
      return kAlgorithmTypes;
    case kContStatus:
      return kContStatuses;
    case kPayDirection:
      return kPayDirections;
    case kProcessState:
      return kProcessStates;
    case kProcessType:
      return kProcessTypes;
    case kSeverity:
      return kSeverities;
    case kTransform:
      return kTransforms;
    default:
      return {};
  }
}

std::string_view SchemaWord(AttributeKind kind, std::string_view value) {
  if (kind != kProcessState) return value;
  if (EqualIgnoringCase(value, "Suspend")) return "Suspended";
  for (const std::string_view word : kProcessStates) {
    if (EqualIgnoringCase(value, word)) return word;
  }
  return value;
}

bool IsTokenized(AttributeKind kind) {
  return kind == kToken || kind == kTokens || kind == kPaymentName || !Words(kind).empty();
}

bool Conforms(AttributeKind kind, std::string_view value) {
  switch (kind) {
    case kText:
      return true;
    case kFilled:
      return !value.empty();
    case kToken:
      return IsNameToken(value);
    case kTokens:
      return AreNameTokens(value);
    case kPaymentName:
      return value.size() > kPaymentPrefix.size() && value.starts_with(kPaymentPrefix) &&
             IsNameToken(value);
    case kAmount:
      return IsAmount(value);
    case kMoment:
      return IsMoment(value);
    case kNumber:
      return AreDigits(value) && value.size() <= 9;
    case kPercent:
      return IsPercent(value);
    default: {
      const auto words = Words(kind);
      return std::find(words.begin(), words.end(), value) != words.end();
    }
  }
}

}  // namespace schema
