// CALL, inputs: every parameter that RFC 3538, 7 marks M is asked for, illegal values are named,
// and what holds for every call.
#include <fmt/format.h>

#include "call_table.h"
#include "stages.h"

namespace conform {
namespace {

constexpr const char* kErrors = "RFC 3867, 2.6.2, Table 2";

// A parameter that RFC 3538 marks M.  An attribute with a default may be left out and means it.
struct Input {
  const char* section;
  const char* call;
  const char* parameter;
  enum Kind { kAttribute, kDefaulted, kElement, kStructure, kBrand } kind = kAttribute;
  opb_role role = 0;  // of the sections that have a form for each role
};

constexpr auto kEl = Input::kElement;
constexpr auto kDef = Input::kDefaulted;
constexpr auto kStr = Input::kStructure;
constexpr auto kBrand = Input::kBrand;
constexpr const char* kScheme = "PaySchemePackagedContent";
constexpr const char* kProtocol = "PayProtocolPackagedContent";

constexpr Input kInputs[] = {
    {"7.1.1", "FindAcceptedPaymentBrand", "PayDirection"},
    {"7.1.1", "FindAcceptedPaymentBrand", "CurrCodeType", kDef},
    {"7.1.1", "FindAcceptedPaymentBrand", "CurrCode"},
    {"7.1.1", "FindAcceptedPaymentBrand", "Amount"},
    {"7.1.1", "FindAcceptedPaymentBrand", "MerchantPayId"},
    {"7.1.1", "FindAcceptedPaymentBrand", "MerchantOrgId"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "BrandId"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "PayDirection"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "CurrCodeType", kDef},
    {"7.1.2", "FindAcceptedPaymentProtocol", "CurrCode"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "Amount"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "MerchantPayId"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "MerchantOrgId"},
    {"7.1.3", "GetPaymentInitializationData", "BrandId"},
    {"7.1.3", "GetPaymentInitializationData", "MerchantPayId"},
    {"7.1.3", "GetPaymentInitializationData", "PayDirection"},
    {"7.1.3", "GetPaymentInitializationData", "CurrCodeType", kDef},
    {"7.1.3", "GetPaymentInitializationData", "CurrCode"},
    {"7.1.3", "GetPaymentInitializationData", "Amount"},
    {"7.1.3", "GetPaymentInitializationData", "OkFrom"},
    {"7.1.3", "GetPaymentInitializationData", "OkTo"},
    {"7.1.3", "GetPaymentInitializationData", "ReceiverOrgId"},
    {"7.1.3", "GetPaymentInitializationData", "MerchantOrgId"},
    {"7.1.3", "GetPaymentInitializationData", "ProtocolId"},
    {"7.1.3", "GetPaymentInitializationData", "ProtocolBrand", kBrand},
    {"7.1.3", "GetPaymentInitializationData", kProtocol, kEl},
    {"7.2.1", "FindPaymentInstrument", "BrandId"},
    {"7.2.1", "FindPaymentInstrument", "ProtocolId"},
    {"7.2.1", "FindPaymentInstrument", "PayDirection"},
    {"7.2.1", "FindPaymentInstrument", "CurrCodeType", kDef},
    {"7.2.1", "FindPaymentInstrument", "CurrCode"},
    {"7.2.1", "FindPaymentInstrument", "Amount"},
    {"7.2.1", "FindPaymentInstrument", "ConsumerPayId"},
    {"7.2.1", "FindPaymentInstrument", "ProtocolBrand", kBrand},
    {"7.2.1", "FindPaymentInstrument", kProtocol, kEl},
    {"7.2.2", "CheckPaymentPossibility", "BrandId"},
    {"7.2.2", "CheckPaymentPossibility", "PaymentInstrumentId"},
    {"7.2.2", "CheckPaymentPossibility", "PayDirection"},
    {"7.2.2", "CheckPaymentPossibility", "CurrCodeType", kDef},
    {"7.2.2", "CheckPaymentPossibility", "CurrCode"},
    {"7.2.2", "CheckPaymentPossibility", "Amount"},
    {"7.2.2", "CheckPaymentPossibility", "ProtocolId"},
    {"7.2.2", "CheckPaymentPossibility", "ConsumerPayId"},
    {"7.2.2", "CheckPaymentPossibility", "ProtocolBrand", kBrand},
    {"7.2.2", "CheckPaymentPossibility", kProtocol, kEl},
    {"7.3.1", "StartPaymentConsumer", "BrandId"},
    {"7.3.1", "StartPaymentConsumer", "PaymentInstrumentId"},
    {"7.3.1", "StartPaymentConsumer", "CurrCodeType", kDef},
    {"7.3.1", "StartPaymentConsumer", "CurrCode"},
    {"7.3.1", "StartPaymentConsumer", "Amount"},
    {"7.3.1", "StartPaymentConsumer", "PayDirection"},
    {"7.3.1", "StartPaymentConsumer", "ProtocolId"},
    {"7.3.1", "StartPaymentConsumer", "OkFrom"},
    {"7.3.1", "StartPaymentConsumer", "OkTo"},
    {"7.3.1", "StartPaymentConsumer", "ConsumerPayId"},
    {"7.3.1", "StartPaymentConsumer", "ProtocolBrand", kBrand},
    {"7.3.1", "StartPaymentConsumer", kProtocol, kEl},
    {"7.3.2", "StartPaymentPaymentHandler", "BrandId"},
    {"7.3.2", "StartPaymentPaymentHandler", "CurrCodeType", kDef},
    {"7.3.2", "StartPaymentPaymentHandler", "CurrCode"},
    {"7.3.2", "StartPaymentPaymentHandler", "Amount"},
    {"7.3.2", "StartPaymentPaymentHandler", "PayDirection"},
    {"7.3.2", "StartPaymentPaymentHandler", "ProtocolId"},
    {"7.3.2", "StartPaymentPaymentHandler", "OkFrom"},
    {"7.3.2", "StartPaymentPaymentHandler", "OkTo"},
    {"7.3.2", "StartPaymentPaymentHandler", "PaymentHandlerPayId"},
    {"7.3.2", "StartPaymentPaymentHandler", "MerchantOrgId"},
    {"7.3.2", "StartPaymentPaymentHandler", kProtocol, kEl},
    {"7.3.2", "StartPaymentPaymentHandler", "ProtocolBrand", kBrand},
    {"7.3.2", "StartPaymentPaymentHandler", kScheme, kEl},
    {"7.3.3", "ResumePaymentConsumer", "ConsumerPayId"},
    {"7.3.4.1", "ContinueProcess", "PayId", Input::kAttribute, OPB_ROLE_CONSUMER},
    {"7.3.4.1", "ContinueProcess", kScheme, kStr, OPB_ROLE_CONSUMER},
    {"7.3.4.2", "ContinueProcess", "PayId", Input::kAttribute, OPB_ROLE_PAYMENT_HANDLER},
    {"7.3.4.2", "ContinueProcess", kScheme, kStr, OPB_ROLE_PAYMENT_HANDLER},
    {"7.3.5", "ChangeProcessState", "PayId"},
    {"7.3.5", "ChangeProcessState", "ProcessState"},
    {"7.4.3", "RemovePaymentLog", "PayId"},
    {"7.5.1", "CheckPaymentReceipt", "PayId"},
    {"7.5.1", "CheckPaymentReceipt", "PackagedContent", kEl},
    {"7.5.2", "ExpandPaymentReceipt", "PayId"},
    {"7.5.2", "ExpandPaymentReceipt", "PackagedContent", kEl},
    {"7.5.3.1", "InquireProcessState", "PayId", Input::kAttribute, OPB_ROLE_CONSUMER},
    {"7.5.3.2", "InquireProcessState", "PayId", Input::kAttribute, OPB_ROLE_PAYMENT_HANDLER},
    {"7.5.4", "StartPaymentInquiry", "ConsumerPayId"},
    {"7.5.5", "InquirePaymentStatus", "PaymentHandlerPayId"},
};

void RequireLocation(const Answer& answer, std::string_view element, std::string_view attribute) {
  const Node* location = answer.location();
  Require(location != nullptr, "no ErrorLocation");
  Require(location->Get("ElementType") == element && location->Get("AttName") == attribute,
          fmt::format("the ErrorLocation is {}/@{}, not {}/@{}", location->Get("ElementType"),
                      location->Get("AttName"), element, attribute));
}

// What is asked for, and by which error, where it names.
struct Refusal {
  const char* code;
  std::string element;
  std::string attribute;
};

Refusal RefusalOf(const Input& input) {
  switch (input.kind) {
    case Input::kElement:
      return {"ElMissing", input.parameter, ""};
    case Input::kStructure:  // the DTD asks for the element
      return {"XmlNotValid", input.call, ""};
    case Input::kBrand:  // its attribute is what SET needs
      return {"AttMissing", input.call, "ProtocolBrandId"};
    default:
      return {"AttMissing", input.call, input.parameter};
  }
}

bool IsElement(const Input& input) {
  return input.kind != Input::kAttribute && input.kind != Input::kDefaulted;
}

void CheckMissing(Context& context, const Input& input) {
  const CallRow& row = CallNamed(input.call);
  const std::string_view name = row.name;
  opb_wallet wallet = 0;
  if (name == "CheckPaymentReceipt" || name == "ExpandPaymentReceipt") {
    ConsumerStage payment(context);
    payment.PRes();
    wallet = payment.wallet;
  } else {
    wallet = context.Open(KindFor(context, input.role == 0 ? row.roles : input.role));
  }
  Node call = row.make();
  if (IsElement(input)) {
    call.RemoveChild(input.parameter);
  } else {
    call.Remove(input.parameter);
  }
  if (input.kind == Input::kDefaulted) {
    const Answer answer = context.Send(wallet, call);
    Require(!answer.refused() || (answer.code() != "AttMissing" && answer.code() != "XmlNotValid"),
            "without the attribute: " + answer.Summary());
    return;
  }
  const Refusal refusal = RefusalOf(input);
  RequireLocation(context.ExpectError(wallet, call, refusal.code), refusal.element,
                  refusal.attribute);
}

void AddMissing(Rules& rules, const Input& input) {
  Rule rule;
  rule.clause = fmt::format("RFC 3538, {}", input.section);
  rule.covers = {fmt::format("{} in {}", input.section, input.parameter)};
  rule.check = [&input](Context& context) { CheckMissing(context, input); };
  if (input.kind == Input::kDefaulted) {
    rule.id = fmt::format("CALL-{}-{}-default", input.section, input.parameter);
    rule.sentence =
        fmt::format("{} without {} means its default ISO4217-A", input.call, input.parameter);
  } else {
    const Refusal refusal = RefusalOf(input);
    rule.id = fmt::format("CALL-{}-{}-missing", input.section, input.parameter);
    rule.sentence =
        fmt::format("{} without {} is {}; the ErrorLocation names {}{}", input.call,
                    input.parameter, refusal.code, refusal.element,
                    refusal.attribute.empty() ? "" : fmt::format("/@{}", refusal.attribute));
  }
  rules.push_back(std::move(rule));
}

// A value that cannot be.
struct Illegal {
  const char* section;
  const char* call;
  const char* attribute;
  const char* value;
  const char* what;  // "a Credit"
};

constexpr Illegal kIllegal[] = {
    {"7.1.1", "FindAcceptedPaymentBrand", "PayDirection", "Sideways", "another word"},
    {"7.1.1", "FindAcceptedPaymentBrand", "CurrCodeType", "IOTP", "another type"},
    {"7.1.1", "FindAcceptedPaymentBrand", "CurrCode", "dollars", "no code of ISO 4217"},
    {"7.1.1", "FindAcceptedPaymentBrand", "Amount", "12,50", "a comma"},
    {"7.1.1", "FindAcceptedPaymentBrand", "MerchantOrgId", "other.example", "another organisation"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "BrandId", "NoSuchBrand", "an unknown brand"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "PayDirection", "Credit", "Credit"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "CurrCodeType", "IOTP", "another type"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "CurrCode", "dollars", "no code of ISO 4217"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "Amount", "1.5.0", "two points"},
    {"7.1.2", "FindAcceptedPaymentProtocol", "MerchantOrgId", "other.example",
     "another organisation"},
    {"7.1.3", "GetPaymentInitializationData", "PayDirection", "Credit", "Credit"},
    {"7.1.3", "GetPaymentInitializationData", "CurrCodeType", "IOTP", "another type"},
    {"7.1.3", "GetPaymentInitializationData", "Amount", "-1", "a sign"},
    {"7.1.3", "GetPaymentInitializationData", "OkFrom", "yesterday", "no date"},
    {"7.1.3", "GetPaymentInitializationData", "OkTo", "2026-02-30T00:00:00Z", "no day"},
    {"7.1.3", "GetPaymentInitializationData", "ProtocolId", "SETv2.0", "another protocol"},
    {"7.1.3", "GetPaymentInitializationData", "MerchantOrgId", "other.example",
     "another organisation"},
    {"7.2.1", "FindPaymentInstrument", "PayDirection", "Credit", "Credit"},
    {"7.2.1", "FindPaymentInstrument", "CurrCodeType", "IOTP", "another type"},
    {"7.2.1", "FindPaymentInstrument", "CurrCode", "dollars", "no code of ISO 4217"},
    {"7.2.1", "FindPaymentInstrument", "Amount", "", "nothing"},
    {"7.2.1", "FindPaymentInstrument", "ProtocolId", "SETv2.0", "another protocol"},
    {"7.2.2", "CheckPaymentPossibility", "PaymentInstrumentId", "no-such-card",
     "an unknown instrument"},
    {"7.2.2", "CheckPaymentPossibility", "PayDirection", "Credit", "Credit"},
    {"7.2.2", "CheckPaymentPossibility", "CurrCodeType", "IOTP", "another type"},
    {"7.2.2", "CheckPaymentPossibility", "Amount", "1e3", "an exponent"},
    {"7.2.2", "CheckPaymentPossibility", "ProtocolId", "SETv2.0", "another protocol"},
    {"7.3.1", "StartPaymentConsumer", "PaymentInstrumentId", "no-such-card",
     "an unknown instrument"},
    {"7.3.1", "StartPaymentConsumer", "PayDirection", "Credit", "Credit"},
    {"7.3.1", "StartPaymentConsumer", "CurrCodeType", "IOTP", "another type"},
    {"7.3.1", "StartPaymentConsumer", "CurrCode", "dollars", "no code of ISO 4217"},
    {"7.3.1", "StartPaymentConsumer", "Amount", "12 50", "a space"},
    {"7.3.1", "StartPaymentConsumer", "ProtocolId", "SETv2.0", "another protocol"},
    {"7.3.1", "StartPaymentConsumer", "OkFrom", "2026-13-01T00:00:00Z", "no month"},
    {"7.3.1", "StartPaymentConsumer", "OkTo", "soon", "no date"},
    {"7.3.2", "StartPaymentPaymentHandler", "PayDirection", "Credit", "Credit"},
    {"7.3.2", "StartPaymentPaymentHandler", "CurrCodeType", "IOTP", "another type"},
    {"7.3.2", "StartPaymentPaymentHandler", "CurrCode", "dollars", "no code of ISO 4217"},
    {"7.3.2", "StartPaymentPaymentHandler", "Amount", ".", "no digit"},
    {"7.3.2", "StartPaymentPaymentHandler", "ProtocolId", "SETv2.0", "another protocol"},
    {"7.3.2", "StartPaymentPaymentHandler", "OkFrom", "now", "no date"},
    {"7.3.2", "StartPaymentPaymentHandler", "OkTo", "2026-01-01T25:00:00Z", "no hour"},
    {"7.3.2", "StartPaymentPaymentHandler", "MerchantOrgId", "other.example",
     "another organisation"},
    {"7.3.3", "ResumePaymentConsumer", "ConsumerPayId", "C-unknown", "an unknown payment"},
    {"4.3.4", "ResumePaymentPaymentHandler", "PaymentHandlerPayId", "P-unknown",
     "an unknown payment"},
    {"7.3.4", "ContinueProcess", "PayId", "C-unknown", "an unknown payment"},
    {"7.3.4", "ContinueProcess", "ProcessType", "Refund", "another word"},
    {"7.3.5", "ChangeProcessState", "PayId", "C-unknown", "an unknown payment"},
    {"7.3.5", "ChangeProcessState", "ProcessState", "Happy", "another word"},
    {"7.3.5", "ChangeProcessState", "ProcessType", "Refund", "another word"},
    {"7.4.3", "RemovePaymentLog", "PayId", "C-unknown", "an unknown payment"},
    {"7.5.1", "CheckPaymentReceipt", "PayId", "C-unknown", "an unknown payment"},
    {"7.5.2", "ExpandPaymentReceipt", "PayId", "C-unknown", "an unknown payment"},
    {"7.5.3", "InquireProcessState", "PayId", "C-unknown", "an unknown payment"},
    {"7.5.4", "StartPaymentInquiry", "ConsumerPayId", "C-unknown", "an unknown payment"},
    {"7.5.5", "InquirePaymentStatus", "PaymentHandlerPayId", "P-unknown", "an unknown payment"},
    {"4.6.1", "ManagePaymentSoftware", "Action", "Upgrade", "another word"},
};

void CheckIllegal(Context& context, const Illegal& illegal) {
  const CallRow& row = CallNamed(illegal.call);
  const opb_wallet wallet = context.Open(KindFor(context, row.roles));
  // The order of the merchant's calls (RFC 3538, 7.1.1) is not what this rule is about.
  if (row.roles == OPB_ROLE_MERCHANT && row.section != std::string_view("7.1.1")) {
    context.Send(wallet, FindAcceptedPaymentBrand(Deal()));
    if (row.section == std::string_view("7.1.3")) {
      context.Send(wallet, FindAcceptedPaymentProtocol(Deal()));
    }
  }
  Node call = row.make();
  call.Set(illegal.attribute, illegal.value);
  RequireLocation(context.ExpectError(wallet, call, "AttValIllegal"), illegal.call,
                  illegal.attribute);
}

std::string_view RfcOf(std::string_view section) {
  return section.starts_with("4.") ? "RFC 3867" : "RFC 3538";
}

// --- families that hold for every call -----------------------------------------------------------

void CheckRole(Context& context, const CallRow& row) {
  bool tried = false;
  for (const WalletKind* kind : {&kConsumer, &kMerchant, &kHandler}) {
    if ((kind->roles & row.roles) != 0 || !context.Plays(kind->roles)) continue;
    tried = true;
    context.ExpectError(context.Open(*kind), row.make(), "ReqNotSupp");
  }
  if (!tried) Skip("the module plays no other role");
}

void CheckWalletId(Context& context, const CallRow& row) {
  const WalletKind& kind = KindFor(context, row.roles);
  const opb_wallet wallet = context.Open(kind);
  Node call = row.make();
  call.Set("WalletID", "another-wallet");
  RequireLocation(context.ExpectError(wallet, call, "AttValIllegal"), row.name, "WalletID");
}

void CheckUnexpected(Context& context, const CallRow& row) {
  const opb_wallet wallet = context.Open(KindFor(context, row.roles));
  Node call = row.make();
  call.Set("Colour", "red");
  RequireLocation(context.ExpectError(wallet, call, "AttUnexpected"), row.name, "Colour");
}

void AddFamilies(Rules& rules, const CallRow& row) {
  const auto add = [&](std::string_view what, std::string clause, std::string sentence,
                       void (*check)(Context&, const CallRow&)) {
    rules.push_back({fmt::format("CALL-{}-{}-{}", row.section, row.name, what), std::move(clause),
                     std::move(sentence), Level::kMust,
                     [&row, check](Context& context) { check(context, row); }});
  };
  if (row.roles != (OPB_ROLE_CONSUMER | OPB_ROLE_MERCHANT | OPB_ROLE_PAYMENT_HANDLER)) {
    add("role", "RFC 3867, Table 1",
        fmt::format("{} is ReqNotSupp in every role that it is not given to", row.name), CheckRole);
  }
  add("wallet", "RFC 3867, 3.2, Table 3",
      fmt::format("{} for another WalletID is AttValIllegal at WalletID", row.name), CheckWalletId);
  add("unexpected", kErrors,
      fmt::format("{} with an attribute that it does not have is AttUnexpected", row.name),
      CheckUnexpected);
}

// --- calls that SET does not use -----------------------------------------------------------------

struct Unused {
  const char* section;
  const char* name;
  Node (*make)();
};

const Unused kUnused[] = {
    {"7.1.4", "InquireAuthChallenge", [] { return InquireAuthChallenge(); }},
    {"7.1.5", "Authenticate", [] { return Authenticate(); }},
    {"7.1.6", "CheckAuthResponse", [] { return CheckAuthResponse(); }},
    {"8.8", "CallBack",
     [] {
       Node call{"CallBack"};
       return call.Set("PayId", "C-1");
     }},
};

void CheckUnused(Context& context, const Unused& unused) {
  for (const WalletKind* kind : {&kConsumer, &kMerchant, &kHandler}) {
    if (!context.Plays(kind->roles)) continue;
    context.ExpectError(context.Open(*kind), unused.make(), "ReqNotSupp");
  }
}

// --- parameters that may be left out
// --------------------------------------------------------------

void NoOrder(Context& context) {
  Offer offer(context);
  offer.Protocol();
  Node call = GetPaymentInitializationData(offer.deal);
  call.RemoveChild("OrderPackagedContent");
  const Answer answer = context.Expect(offer.wallet, call);
  const Node* data = answer.call().Child("TradingRoleDataPackagedContent");
  Require(data != nullptr && data->text == OrderHash(""),
          "an offer without an order is not bound as the empty order");
}

void NoCompletionCode(Context& context) {
  ConsumerStage payment(context);
  payment.Start();
  const Answer answer = context.Expect(payment.wallet, ChangeProcessState("C-1", "Failed"));
  Require(answer.call().Get("CompletionCode") == "Unspecified",
          "CompletionCode is \"" + answer.call().Get("CompletionCode") + "\"");
}

void NoInqReq(Context& context) {
  HandlerStage payment(context);
  payment.Start();
  Node call = InquirePaymentStatus(payment.deal, {});
  call.RemoveChild(kScheme);
  const Answer answer = context.Expect(payment.wallet, call);
  Require(answer.call().Get("ProcessState") == "InProgress" && answer.call().children.empty(),
          "without an InqReq: " + answer.document);
}

void NoProcessType(Context& context) {
  ConsumerStage payment(context);
  payment.Start();
  Node call = ChangeProcessState("C-1", "Suspended");
  call.Set("ProcessType", "Payment");
  const Answer with = context.Expect(payment.wallet, call);
  const Answer without = context.Expect(payment.wallet, ChangeProcessState("C-1", "Suspended"));
  Require(with.document == without.document, "without ProcessType the answer is another");
}

}  // namespace

void AddCallInputRules(Rules& rules) {
  rules.push_back({"CALL-7.1.3-OrderPackagedContent-missing",
                   "RFC 3538, 7.1.3",
                   "GetPaymentInitializationData without an order binds the empty order",
                   Level::kMust,
                   NoOrder,
                   {"7.1.3 in OrderPackagedContent"}});
  rules.push_back({"CALL-7.3.5-CompletionCode-missing",
                   "RFC 3538, 7.3.5; errata E-77",
                   "ChangeProcessState to Failed without CompletionCode is Unspecified",
                   Level::kMust,
                   NoCompletionCode,
                   {"7.3.5 in CompletionCode"}});
  rules.push_back({"CALL-7.5.5-PaySchemePackagedContent-missing",
                   "RFC 3538, 7.5.5; errata E-68",
                   "InquirePaymentStatus for a consumer without InqReq tells the state alone",
                   Level::kMust,
                   NoInqReq,
                   {"7.5.5 in PaySchemePackagedContent"}});
  rules.push_back({"CALL-7.3.5-ProcessType-default",
                   "RFC 3538, 7.3.5; RFC 3867, 4.3.6",
                   "ChangeProcessState without ProcessType means Payment",
                   Level::kMust,
                   NoProcessType,
                   {"7.3.5 in ProcessType"}});
  for (const Input& input : kInputs) AddMissing(rules, input);
  for (const Illegal& illegal : kIllegal) {
    rules.push_back({fmt::format("CALL-{}-{}-illegal", illegal.section, illegal.attribute),
                     fmt::format("{}, {}", RfcOf(illegal.section), illegal.section),
                     fmt::format("{} with {} as {} is AttValIllegal at {}", illegal.call,
                                 illegal.what, illegal.attribute, illegal.attribute),
                     Level::kMust,
                     [&illegal](Context& context) { CheckIllegal(context, illegal); }});
  }
  for (const CallRow& row : CallTable()) AddFamilies(rules, row);
  for (const Unused& unused : kUnused) {
    rules.push_back({fmt::format("CALL-{}-{}-unused", unused.section, unused.name),
                     fmt::format("RFC 3538, {}", unused.section),
                     fmt::format("{} is ReqNotSupp: SET does not use it", unused.name),
                     Level::kMust,
                     [&unused](Context& context) { CheckUnused(context, unused); },
                     {unused.section}});
  }
}

}  // namespace conform
