#include "bridge/dispatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "bridge/calls/brand_compilation.h"
#include "bridge/calls/brand_selection.h"
#include "bridge/calls/inquiry.h"
#include "bridge/calls/instrument_inquiry.h"
#include "bridge/calls/management.h"
#include "bridge/calls/passphrase.h"
#include "bridge/calls/payment.h"
#include "bridge/calls/payment_log.h"
#include "bridge/calls/process_state.h"
#include "bridge/calls/receipt.h"
#include "bridge/calls/resume.h"
#include "bridge/software_id.h"
#include "schema/reader.h"

namespace bridge {
namespace {

using schema::FaultCode;

constexpr opb_role kC = OPB_ROLE_CONSUMER;
constexpr opb_role kM = OPB_ROLE_MERCHANT;
constexpr opb_role kP = OPB_ROLE_PAYMENT_HANDLER;
constexpr opb_role kAll = kC | kM | kP;

constexpr PassphraseRule kNeeded = PassphraseRule::kNeeded;
constexpr PassphraseRule kChecked = PassphraseRule::kChecked;

// RFC 3867, Table 1, with RFC 3538, 7 and 8.8.
constexpr CallRow kCalls[] = {
    {"FindAcceptedPaymentBrand", kM, kChecked, FindAcceptedPaymentBrand},
    {"FindAcceptedPaymentProtocol", kM, kChecked, FindAcceptedPaymentProtocol},
    {"GetPaymentInitializationData", kM, kChecked, GetPaymentInitializationData},
    {"InquireAuthChallenge", kAll, kChecked, nullptr},
    {"Authenticate", kAll, kChecked, nullptr},
    {"CheckAuthResponse", kAll, kChecked, nullptr},
    {"FindPaymentInstrument", kC, kChecked, FindPaymentInstrument},
    {"CheckPaymentPossibility", kC, kChecked, CheckPaymentPossibility},
    {"CheckPaymentPossiblity", kC, kChecked, CheckPaymentPossibility},
    {"StartPaymentConsumer", kC, kNeeded, StartPaymentConsumer},
    {"StartPaymentPaymentHandler", kP, kNeeded, StartPaymentPaymentHandler},
    {"ResumePaymentConsumer", kC, kChecked, ResumePaymentConsumer},
    {"ResumePaymentPaymentHandler", kP, kChecked, ResumePaymentPaymentHandler},
    {"ContinueProcess", kC | kP, kNeeded, ContinueProcess},
    {"ChangeProcessState", kAll, kChecked, ChangeProcessState},
    {"RemovePaymentLog", kAll, kChecked, RemovePaymentLog},
    {"PaymentInstrumentInquiry", kC, kChecked, PaymentInstrumentInquiry},
    {"InquirePendingPayment", kC | kP, kChecked, InquirePendingPayment},
    {"CheckPaymentReceipt", kC | kP, kChecked, CheckPaymentReceipt},
    {"ExpandPaymentReceipt", kC | kP, kChecked, ExpandPaymentReceipt},
    {"InquireProcessState", kAll, kChecked, InquireProcessState},
    {"StartPaymentInquiry", kC, kNeeded, StartPaymentInquiry},
    {"InquirePaymentStatus", kP, kNeeded, InquirePaymentStatus},
    {"ManagePaymentSoftware", kAll, kNeeded, ManagePaymentSoftware},
    {"CallBack", kAll, kChecked, nullptr},
};

Checked<void> CheckWalletId(const Call& call) {
  const auto wallet_id = call.request().Find("WalletID");
  if (!wallet_id || *wallet_id == call.config().wallet_id) return {};
  return Refuse(FaultCode::kAttValIllegal, call.name(), "WalletID", DetailText::kOtherWallet);
}

Checked<void> CheckPassphrase(const Call& call, PassphraseRule rule) {
  if (call.request().Find("Passphrase")) return ProvePassphrase(call);
  if (rule == PassphraseRule::kChecked) return {};
  return RequireUnlocked(call);
}

// RFC 3867, 4.3.1, 4.3.2, 4.3.4: "This list is required if the Call Back Function is set"; 4.3.3
// does not ask for it.
Checked<void> CheckCallBack(const Call& call) {
  const schema::Element& request = call.request();
  if (request.Value("CallBackFunction").empty() || request.Find("CallBackLanguageList") ||
      call.name() == "ResumePaymentConsumer") {
    return {};
  }
  return Refuse(FaultCode::kAttMissing, call.name(), "CallBackLanguageList", {});
}

Written Answered(const Call& call, const schema::Document& document) {
  const auto row =
      std::ranges::find_if(kCalls, [&](const CallRow& r) { return r.element == call.name(); });
  if (row == std::end(kCalls) || row->answer == nullptr || (row->roles & call.wallet.roles) == 0) {
    return Refuse(FaultCode::kReqNotSupp, call.name(), {}, DetailText::kNoRole);
  }
  if (auto ours = CheckWalletId(call); !ours) return tl::unexpected(ours.error());
  if (auto open = CheckPassphrase(call, row->passphrase); !open) {
    return tl::unexpected(open.error());
  }
  if (auto legal = schema::CheckAttributes(document); !legal) return Refuse(legal.error());
  if (auto spoken = CheckCallBack(call); !spoken) return tl::unexpected(spoken.error());
  return row->answer(call);
}

}  // namespace

std::span<const CallRow> Calls() { return kCalls; }

tl::expected<std::string, opb_status> Dispatch(OpenWallet& wallet, std::string_view request) {
  std::shared_ptr<Keyring> keyring = wallet.keyring.Take();
  const WalletConfig& config = keyring->config();
  const schema::Envelope envelope{kSoftwareId, config.language};
  schema::Limits limits;
  limits.max_octets = limits.max_text_octets = config.policy.max_message_bytes;
  const auto document = schema::Read(request, limits);
  if (!document) {
    return Render(wallet.host, envelope, Refuse(document.error()).value());
  }
  const Call call{wallet, document->call(), envelope, wallet.host.NowMs(), std::move(keyring)};
  Written written = Answered(call, *document);
  RemoveKeptLongEnough(call);
  if (written) return std::move(*written);
  if (written.error().store_lost) {
    wallet.host.Log(LogLevel::kError, fmt::format("the wallet's store is lost until it is opened "
                                                  "again: {}",
                                                  written.error().store_detail));
    return tl::unexpected(OPB_E_STORAGE);
  }
  return Render(wallet.host, envelope, written.error());
}

}  // namespace bridge
