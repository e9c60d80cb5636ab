#include "call_table.h"

#include <stdexcept>

namespace conform {
namespace {

constexpr opb_role kC = OPB_ROLE_CONSUMER;
constexpr opb_role kM = OPB_ROLE_MERCHANT;
constexpr opb_role kP = OPB_ROLE_PAYMENT_HANDLER;

// Octets that are no SET message: these documents are refused before anybody looks.
Octets Nothing() { return {0x30, 0x00}; }

const CallRow kRows[] = {
    {"7.1.1", "FindAcceptedPaymentBrand", kM, [] { return FindAcceptedPaymentBrand(Deal()); }},
    {"7.1.2", "FindAcceptedPaymentProtocol", kM,
     [] { return FindAcceptedPaymentProtocol(Deal()); }},
    {"7.1.3", "GetPaymentInitializationData", kM,
     [] { return GetPaymentInitializationData(Deal()); }},
    {"7.2.1", "FindPaymentInstrument", kC, [] { return FindPaymentInstrument(Deal()); }},
    {"7.2.2", "CheckPaymentPossibility", kC, [] { return CheckPaymentPossibility(Deal()); }},
    {"7.3.1", "StartPaymentConsumer", kC, [] { return StartPaymentConsumer(Deal()); }},
    {"7.3.2", "StartPaymentPaymentHandler", kP,
     [] { return StartPaymentPaymentHandler(Deal(), Nothing()); }},
    {"7.3.3", "ResumePaymentConsumer", kC, [] { return ResumePaymentConsumer(Deal()); }},
    {"4.3.4", "ResumePaymentPaymentHandler", kP,
     [] { return ResumePaymentPaymentHandler(Deal(), Nothing()); }},
    {"7.3.4", "ContinueProcess", kC | kP, [] { return ContinueProcess("C-1", Nothing()); }},
    {"7.3.5", "ChangeProcessState", kC | kM | kP,
     [] { return ChangeProcessState("C-1", "Failed", "ConsCancelled"); }},
    {"7.4.1", "PaymentInstrumentInquiry", kC,
     [] { return PaymentInstrumentInquiry(Deal(), "Expiration"); }},
    {"7.4.2", "InquirePendingPayment", kC | kP, [] { return InquirePendingPayment(); }},
    {"7.4.3", "RemovePaymentLog", kC | kM | kP, [] { return RemovePaymentLog("C-1"); }},
    {"7.5.1", "CheckPaymentReceipt", kC | kP, [] { return CheckPaymentReceipt("C-1", Nothing()); }},
    {"7.5.2", "ExpandPaymentReceipt", kC | kP,
     [] { return ExpandPaymentReceipt("C-1", Nothing()); }},
    {"7.5.3", "InquireProcessState", kC | kM | kP, [] { return InquireProcessState("C-1"); }},
    {"7.5.4", "StartPaymentInquiry", kC, [] { return StartPaymentInquiry(Deal()); }},
    {"7.5.5", "InquirePaymentStatus", kP, [] { return InquirePaymentStatus(Deal(), Nothing()); }},
    {"4.6.1", "ManagePaymentSoftware", kC | kM | kP,
     [] { return ManagePaymentSoftware("Delete"); }},
};

}  // namespace

std::span<const CallRow> CallTable() { return kRows; }

const CallRow& CallNamed(std::string_view name) {
  for (const CallRow& row : kRows) {
    if (row.name == name) return row;
  }
  throw std::logic_error("no call of this name");
}

const WalletKind& KindFor(Context& context, opb_role roles) {
  for (const WalletKind* kind : {&kConsumer, &kMerchant, &kHandler}) {
    if ((kind->roles & roles) != 0 && context.Plays(kind->roles)) return *kind;
  }
  Skip("the module plays none of the roles of this call");
}

}  // namespace conform
