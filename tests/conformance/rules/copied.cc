// CALL: what GetPaymentInitializationData copies from the Brand List (RFC 3538, 7.1.3; RFC 3867,
// 4.1.3) is what FindAcceptedPaymentProtocol has put there.
#include <fmt/format.h>

#include <utility>

#include "stages.h"

namespace conform {
namespace {

constexpr const char* kClause = "RFC 3538, 7.1.3; RFC 3867, 4.1.3";

// A parameter that is another one than was offered, and how that is refused.
struct Copied {
  const char* parameter;
  Level level;
  void (*change)(Offer& offer);
  const char* code;
  const char* element;
};

constexpr const char* kCall = "GetPaymentInitializationData";

void OtherProtocolBrand(Offer& offer) { offer.deal.protocol_brand_id = "JCB:Gold"; }

void OtherAmount(Offer& offer) { offer.deal.terms.amount = "157.54"; }

// Well-formed data, but of another payment of the same merchant.
void OtherPayProtocol(Offer& offer) {
  const std::string pay_id = std::exchange(offer.deal.merchant_pay_id, "M-2");
  offer.Protocol();
  offer.deal.merchant_pay_id = pay_id;
}

constexpr Copied kCopied[] = {
    {"ProtocolBrandId", Level::kShould, OtherProtocolBrand, "AttValIllegal", "ProtocolBrand"},
    {"Amount", Level::kShould, OtherAmount, "AttValIllegal", kCall},
    {"PayProtocolPackagedContent", Level::kMust, OtherPayProtocol, "ElContIllegal",
     "PayProtocolPackagedContent"},
};

void CheckCopied(Context& context, const Copied& copied) {
  Offer offer(context);
  offer.Protocol();
  const Deal offered = offer.deal;
  copied.change(offer);
  const Answer answer =
      context.ExpectError(offer.wallet, GetPaymentInitializationData(offer.deal), copied.code);
  const Node* location = answer.location();
  Require(location != nullptr && location->Get("ElementType") == copied.element,
          fmt::format("the ErrorLocation is not {}", copied.element));
  context.Expect(offer.wallet, GetPaymentInitializationData(offered));
}

void WithoutProtocol(Context& context) {
  Offer offer(context);
  offer.Brands();
  context.ExpectError(offer.wallet, GetPaymentInitializationData(offer.deal), "BusError");
}

// A Brand List may offer a brand at several prices; the consumer chooses.
void EitherOffer(Context& context) {
  Offer offer(context);
  offer.Protocol();
  const Deal dear = offer.deal;
  offer.deal.terms.amount = "150.00";
  offer.Protocol();
  context.Expect(offer.wallet, GetPaymentInitializationData(dear));
  context.Expect(offer.wallet, GetPaymentInitializationData(offer.deal));
}

}  // namespace

void AddCopiedRules(Rules& rules) {
  for (const Copied& copied : kCopied) {
    rules.push_back({fmt::format("CALL-7.1.3-{}-copied", copied.parameter), kClause,
                     fmt::format("another {} than was offered is {}, and harms no later call",
                                 copied.parameter, copied.code),
                     copied.level, [&copied](Context& context) { CheckCopied(context, copied); }});
  }
  rules.push_back({"CALL-7.1.3-protocol-first", kClause,
                   "a brand for which no protocol was asked is BusError", Level::kShould,
                   WithoutProtocol});
  rules.push_back({"CALL-7.1.3-either-offer", kClause,
                   "of two offers of a brand either may be chosen", Level::kMust, EitherOffer});
}

}  // namespace conform
