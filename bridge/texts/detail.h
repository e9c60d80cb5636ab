// Detail: what a refusal adds to the sentence of its error code, as a sentence of the bundles and
// the values that go into it.  It is put into words only when somebody reads it (texts.h).
#ifndef BRIDGE_TEXTS_DETAIL_H_
#define BRIDGE_TEXTS_DETAIL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bridge {

// DetailText names a sentence.  Behind it: its arguments.  {cause} is another Detail, or what
// setcore, the operating system, the gateway or the TOML reader says: technical, not translated.
enum class DetailText : std::uint8_t {
  kNone,  // no detail: the sentence of the code and ErrorLocation say it all

  // The document.
  kPosition,    // line, column
  kAtPosition,  // line, column, cause
  kNulOctet,
  kDoctype,
  kExternalEntity,
  kTooDeep,
  kTooManyAttributes,
  kTooMuchText,
  kUnknownElement,
  kWrongRoot,
  kElementPrefixed,
  kUnboundPrefix,
  kForeignNamespace,
  kNamespaceAgain,
  kNamespaceUnneeded,
  kForeignAttribute,
  kAttributeTwice,

  // What the request says.
  kOnlyValue,  // value
  kMandatoryForSet,
  kExactlyOne,
  kNamedTwice,  // name
  kLacks,       // name
  kNamesNotUnique,
  kNotBase64,
  kEmptyContent,
  kNotOrderHash,
  kNotSaleDetail,
  kTooManyOctets,  // size, limit
  kOtherOrganisation,
  kBrandNotAccepted,
  kBrandNotOffered,
  kProtocolNotOffered,
  kNotAsOffered,
  kCurrencyNotAccepted,  // currency
  kAmountOutside,        // amount, currency, lowest, highest
  kNotCurrency,
  kNotAmount,
  kOkFromAfterOkTo,
  kOfferNotYetValid,
  kOfferExpired,

  // The wallet.
  kOtherWallet,
  kNoRole,
  kWalletLocked,
  kWrongPassphrase,
  kTooManyPassphrases,
  kPassphraseCounter,
  kCardUnreadable,
  kKeysUnreadable,
  kDiskFull,
  kUnknownInstrument,
  kInstrumentOtherBrand,
  kSeveralInstruments,
  kCertificateExpired,
  kCertificateNotYetValid,
  kCardExpired,
  kPcnNeedsCertificate,
  kInstrumentTaken,
  kInstrumentInUse,
  kSignerGone,
  kInstrumentProblem,  // place, cause
  kCommandLine,        // command

  // The payment.
  kUnknownPayment,
  kOtherRole,
  kLogRemoved,
  kStartedOtherwise,
  kTooManyPending,  // limit
  kOutOfState,      // state, call
  kHistoryFull,     // limit
  kOtherReceipt,
  kReceiptUnreadable,

  // SET.
  kSetError,             // code, cause
  kCannotMake,           // message, cause
  kInitiationWrong,      // reason, cause
  kInitiationField,      // field, reason, cause
  kInitiationDisagrees,  // field
  kInitiationStops,
  kPReqMade,
  kOtherBrand,  // selected, found
  kIdsUsedElsewhere,
  kOtherPayment,
  kRrpidReused,
  kOtherSigner,

  // The acquirer: what an exchange ends with ...
  kNoSuchGateway,   // gateway
  kSecretLocked,    // gateway
  kSecretDamaged,   // gateway
  kNoThread,        // gateway, cause
  kNoConnection,    // gateway, cause
  kGatewayRefused,  // gateway, cause
  kGaveUp,          // gateway, cause
  kWalletClosing,
  kUnsent,               // gateway; the caller does not wait any longer
  kUnsentAfter,          // gateway, cause
  kUnanswered,           // gateway; likewise, the request is under way
  kUnansweredAfter,      // gateway, cause
  kAnswerProvesNothing,  // gateway, code, cause
  // ... and why a connection, or the answer on it, failed.
  kNameUnknown,      // cause
  kNameLate,         // seconds
  kConnectFailed,    // cause
  kAtAddress,        // address, cause
  kConnectLate,      // seconds
  kNetworkFailed,    // cause
  kConnectionEnded,  // cause
  kLastWordUnread,
  kClosedByPeer,   // TCP was closed without Close
  kEchoLate,       // seconds
  kAnswerLate,     // seconds
  kStatusRetry,    // cause
  kStatusInfo,     // cause
  kStatusClosing,  // cause
};
inline constexpr std::size_t kDetailTexts =
    static_cast<std::size_t>(DetailText::kStatusClosing) + 1;

// Name gives the key in the bundles; empty for kNone.
std::string_view Name(DetailText text);

struct DetailArgument {
  // `argument` is a literal, `words` never a secret.
  DetailArgument(std::string_view argument, std::string_view words)
      : name(argument), value(words) {}
  friend bool operator==(const DetailArgument&, const DetailArgument&) = default;

  std::string_view name;
  std::string value;
};

// Detail converts from the DetailText of a sentence without arguments.
struct Detail {
  Detail() = default;
  Detail(DetailText sentence, std::vector<DetailArgument> named = {},
         std::vector<Detail> reasons = {})
      : text(sentence), arguments(std::move(named)), causes(std::move(reasons)) {}
  // Said is what somebody else has put into words: a stored StatusDesc, the operating system.
  static Detail Said(std::string_view words) {
    Detail detail;
    detail.said = words;
    return detail;
  }
  bool empty() const { return text == DetailText::kNone && said.empty(); }
  friend bool operator==(const Detail&, const Detail&) = default;

  DetailText text = DetailText::kNone;
  std::vector<DetailArgument> arguments;
  std::vector<Detail> causes;  // {cause}, unless that is among the arguments
  std::string said;
};

}  // namespace bridge

#endif  // BRIDGE_TEXTS_DETAIL_H_
