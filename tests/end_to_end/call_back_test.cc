// CallBack: a host is told of every change of a payment after it is on disk, in its own language,
// and may cancel (RFC 3867, 5; errata E-117).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "schema/reader.h"
#include "schema/writer.h"

namespace market {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kThanks[] = "<IotpPaymentApiResponse><CallBackResponse/></IotpPaymentApiResponse>";
constexpr char kCancel[] =
    "<IotpPaymentApiResponse><CallBackResponse CompletionCode='ConsCancelled'/>"
    "</IotpPaymentApiResponse>";
constexpr char kRefuse[] =
    "<IotpPaymentApiResponse><ErrorResponse ErrorCode='BusError' ErrorDesc='no' "
    "Severity='HardError' xml:lang='en'><ErrorLocation ElementType='CallBack'/></ErrorResponse>"
    "</IotpPaymentApiResponse>";

// E-2.
constexpr char kRefuseAsPrinted[] =
    "<IotpPaymentApiResponse><ErrorResponse ErrorCode='BusinessError' ErrorDesc='no' "
    "Severity='HardError' xml:lang='en'><ErrorLocation ElementType='CallBack'/></ErrorResponse>"
    "</IotpPaymentApiResponse>";

// A host that writes down what it is told and answers by a function.
class Listener {
 public:
  using Answer = std::function<std::optional<std::string>(const std::string& told)>;
  explicit Listener(Answer answer) : answer_(std::move(answer)) {}

  Options Serving() {
    Options options;
    options.call_back = [this](std::string_view function, std::string_view request) {
      const auto read = schema::Read(request);
      std::string told = read ? Line(function, read->call()) : "unreadable";
      {
        const std::lock_guard lock(mutex_);
        told_.push_back(told);
      }
      return answer_(told);
    };
    return options;
  }
  std::vector<std::string> told() const {
    const std::lock_guard lock(mutex_);
    return told_;
  }

 private:
  static std::string Line(std::string_view function, const schema::Element& call) {
    std::string line(function);
    for (const char* name :
         {"PayId", "ProcessState", "PercentComplete", "CompletionCode", "xml:lang", "StatusDesc"}) {
      if (const auto value = call.Find(name)) line += " " + std::string(*value);
    }
    return call.name == "CallBack" ? line : "no CallBack";
  }

  Answer answer_;
  mutable std::mutex mutex_;
  std::vector<std::string> told_;
};

std::string Naming(const std::string& request, const std::string& call,
                   const std::string& languages) {
  return With(request, call,
              "CallBackFunction=\"tell me\" CallBackLanguageList=\"" + languages + "\"");
}

// The start of a purchase whose payment of `role` names a function; the answer to the Start… call.
struct Begun {
  Purchase purchase;
  std::string answer;
};

Begun Begin(Market& market, Role role, const std::string& languages) {
  Begun begun{market.NewPurchase("1"), {}};
  Purchase& purchase = begun.purchase;
  EXPECT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  EXPECT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  EXPECT_FALSE(purchase.GetPaymentInitializationData()->refused);
  EXPECT_FALSE(purchase.FindPaymentInstrument()->refused);
  if (role == Role::kConsumer) {
    const auto start = market.Draft(purchase, &Purchase::StartPaymentConsumer);
    begun.answer = market.Ask(Role::kConsumer, Naming(start, "StartPaymentConsumer", languages));
    // The repetition only fetches the stored answer for the purchase.
    (void)purchase.StartPaymentConsumer();
    return begun;
  }
  EXPECT_FALSE(purchase.StartPaymentConsumer()->refused);
  const auto start = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  begun.answer =
      market.Ask(Role::kPaymentHandler, Naming(start, "StartPaymentPaymentHandler", languages));
  (void)purchase.StartPaymentPaymentHandler();
  return begun;
}

void Finish(Purchase& purchase, Role started) {
  if (started == Role::kConsumer) {
    EXPECT_FALSE(purchase.StartPaymentPaymentHandler()->refused);
  }
  EXPECT_FALSE(purchase.ContinueConsumerPInitRes()->refused);
  EXPECT_FALSE(purchase.ContinuePaymentHandler()->refused);
  EXPECT_FALSE(purchase.ContinueConsumerPRes()->refused);
}

TEST(CallBack, TellsTheConsumerOfEveryChangeInALanguageOfItsList) {
  Listener listener([](const std::string&) { return std::string(kThanks); });
  Market market(listener.Serving());
  Begun begun = Begin(market, Role::kConsumer, "es fr-CA de");
  Finish(begun.purchase, Role::kConsumer);
  EXPECT_FALSE(begun.purchase.ChangeProcessState(Role::kConsumer, "CompletedOk")->refused);
  EXPECT_THAT(
      listener.told(),
      ElementsAre(
          "tell me C-1 InProgress 40 fr Paiement de 157.53 USD.",
          testing::StartsWith("tell me C-1 InProgress 80 fr Paiement de 157.53 USD \xC3\xA0 "),
          HasSubstr("tell me C-1 InProgress 100 fr AuthCode=approved(0) Le paiement est"),
          "tell me C-1 CompletedOk 100 fr Le paiement est termin\xC3\xA9."));
}

TEST(CallBack, TellsThePaymentHandlerBeforeAndAfterTheAcquirer) {
  Listener listener([](const std::string&) { return std::string(kThanks); });
  Market market(listener.Serving());
  Begun begun = Begin(market, Role::kPaymentHandler, "ja");
  Finish(begun.purchase, Role::kPaymentHandler);
  EXPECT_THAT(listener.told(),
              ElementsAre(HasSubstr("tell me P-1 InProgress 60 ja "),
                          HasSubstr("tell me P-1 InProgress 80 ja "),
                          HasSubstr("tell me P-1 CompletedOk 100 ja AuthCode=approved(0) ")));
}

TEST(CallBack, IsNotMadeForAReplayNorForAQuery) {
  Listener listener([](const std::string&) { return std::string(kThanks); });
  Market market(listener.Serving());
  Begun begun = Begin(market, Role::kConsumer, "en");
  ASSERT_EQ(listener.told().size(), 1U);
  const std::string again = market.Ask(
      Role::kConsumer, Naming(market.Draft(begun.purchase, &Purchase::StartPaymentConsumer),
                              "StartPaymentConsumer", "en"));
  EXPECT_EQ(again, begun.answer);
  EXPECT_FALSE(begun.purchase.InquireProcessState(Role::kConsumer)->refused);
  EXPECT_EQ(listener.told().size(), 1U);
}

TEST(CallBack, IsNotMadeWithoutAFunction) {
  Listener listener([](const std::string&) { return std::string(kCancel); });
  Market market(listener.Serving());
  Purchase purchase = market.NewPurchase("1");
  Walk(purchase);
  EXPECT_THAT(listener.told(), ElementsAre());
}

// RFC 3867, 4.3.1, 4.3.2, 4.3.4: "This list is required if the Call Back Function is set".
TEST(CallBack, AFunctionWithoutLanguagesIsRefused) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  const struct {
    Role role;
    const char* call;
    Purchase::Result (Purchase::*step)();
    const char* resume;
    const char* resumed;
  } rows[] = {
      {Role::kConsumer, "StartPaymentConsumer", &Purchase::StartPaymentConsumer,
       "<ResumePaymentConsumer ConsumerPayId='C-1' ",
       "ResumePaymentConsumerResponse Continue, with PInitReq"},  // 4.3.3 does not say so
      {Role::kPaymentHandler, "StartPaymentPaymentHandler", &Purchase::StartPaymentPaymentHandler,
       "<ResumePaymentPaymentHandler PaymentHandlerPayId='P-1' ",
       "AttMissing ResumePaymentPaymentHandler@CallBackLanguageList"}};
  ASSERT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  ASSERT_FALSE(purchase.GetPaymentInitializationData()->refused);
  ASSERT_FALSE(purchase.FindPaymentInstrument()->refused);
  for (const auto& row : rows) {
    const std::string start = market.Draft(purchase, row.step);
    EXPECT_EQ(Verdict(market, market.Ask(row.role, With(start, row.call, "CallBackFunction='f'"))),
              std::string("AttMissing ") + row.call + "@CallBackLanguageList");
    EXPECT_FALSE((purchase.*row.step)()->refused) << "nothing was recorded";
    EXPECT_FALSE(purchase.ChangeProcessState(row.role, "Suspended")->refused);
    const std::string resume = "<IotpPaymentApiRequest>" + std::string(row.resume) +
                               "CallBackFunction='f'/></IotpPaymentApiRequest>";
    EXPECT_EQ(Verdict(market, market.Ask(row.role, resume)), row.resumed);
  }
}

class HostCancels : public testing::TestWithParam<const char*> {};

TEST_P(HostCancels, TheConsumersPReqIsNotHandedOut) {
  Listener listener([](const std::string& told) {
    return std::string(told.find(" 80 ") == std::string::npos ? kThanks : GetParam());
  });
  Market market(listener.Serving());
  Begun begun = Begin(market, Role::kConsumer, "en");
  EXPECT_FALSE(begun.purchase.StartPaymentPaymentHandler()->refused);
  const auto refused = begun.purchase.ContinueConsumerPInitRes();
  ASSERT_TRUE(refused->refused);
  EXPECT_EQ(refused->code, "BusError");
  EXPECT_EQ(refused->message, "");
  const std::string answer = begun.purchase.last_response();
  EXPECT_EQ(StateOf(market, Role::kConsumer, begun.purchase), "Failed 80");
  EXPECT_EQ(Query(market.WalletDb(Role::kConsumer), "SELECT CompletionCode FROM payments")[0][0],
            "ConsCancelled");
  // The cancelled answer is the stored one, also after a restart.
  market.Reopen(Role::kConsumer);
  EXPECT_EQ(market.Ask(Role::kConsumer, begun.purchase.last_request()), answer);
}

std::string CancellingName(const testing::TestParamInfo<const char*>& row) {
  constexpr const char* kNames[] = {"ByCompletionCode", "ByBusError", "ByBusinessError"};
  return kNames[row.index];
}

INSTANTIATE_TEST_SUITE_P(CallBack, HostCancels, testing::Values(kCancel, kRefuse, kRefuseAsPrinted),
                         CancellingName);

TEST(CallBack, CancelsTheConsumersStart) {
  Listener listener([](const std::string&) { return std::string(kCancel); });
  Market market(listener.Serving());
  const Begun begun = Begin(market, Role::kConsumer, "en");
  EXPECT_EQ(Verdict(market, begun.answer), "BusError StartPaymentConsumer");
  EXPECT_EQ(StateOf(market, Role::kConsumer, begun.purchase), "Failed 40");
}

class CancelsWhileSuspended : public testing::TestWithParam<Role> {};

// E-74, E-75: Suspended may become Failed.
TEST_P(CancelsWhileSuspended, EndsThePayment) {
  Listener listener([](const std::string& told) {
    return std::string(told.find("Suspended") == std::string::npos ? kThanks : kCancel);
  });
  Market market(listener.Serving());
  Begun begun = Begin(market, GetParam(), "en");
  EXPECT_EQ(begun.purchase.ChangeProcessState(GetParam(), "Suspended")->code, "BusError");
  EXPECT_THAT(StateOf(market, GetParam(), begun.purchase), testing::StartsWith("Failed"));
}

INSTANTIATE_TEST_SUITE_P(CallBack, CancelsWhileSuspended,
                         testing::Values(Role::kConsumer, Role::kPaymentHandler),
                         [](const auto& row) {
                           return std::string(row.param == Role::kConsumer ? "Consumer"
                                                                           : "PaymentHandler");
                         });

TEST(CallBack, TooLateACancelIsIgnored) {
  Listener listener([](const std::string& told) {
    return std::string(told.find(" 100 ") == std::string::npos ? kThanks : kCancel);
  });
  Market market(listener.Serving());
  Begun begun = Begin(market, Role::kConsumer, "en");
  Finish(begun.purchase, Role::kConsumer);
  EXPECT_EQ(StateOf(market, Role::kConsumer, begun.purchase), "InProgress 100");
}

TEST(CallBack, WhileTheAcquirerHasToAnswerACancelIsAWish) {
  Listener listener([](const std::string& told) {
    return std::string(told.find(" 80 ") == std::string::npos ? kThanks : kCancel);
  });
  Market market(listener.Serving());
  Begun begun = Begin(market, Role::kPaymentHandler, "en");
  EXPECT_FALSE(begun.purchase.ContinueConsumerPInitRes()->refused);
  (void)begun.purchase.ContinuePaymentHandler();
  ASSERT_EQ(market.Authorizations().size(), 1U);
  const auto events = Query(market.WalletDb(Role::kPaymentHandler),
                            "SELECT count(*) FROM events WHERE reason LIKE '%is noted%'");
  EXPECT_EQ(events[0][0], "1");
}

struct Harmless {
  const char* name;
  std::optional<std::string> answer;
};

class HarmlessAnswer : public testing::TestWithParam<Harmless> {};

TEST_P(HarmlessAnswer, LetsThePaymentGoOn) {
  Listener listener([](const std::string&) { return GetParam().answer; });
  Market market(listener.Serving());
  Begun begun = Begin(market, Role::kConsumer, "en");
  Finish(begun.purchase, Role::kConsumer);
  EXPECT_EQ(listener.told().size(), 3U);
  EXPECT_EQ(StateOf(market, Role::kConsumer, begun.purchase), "InProgress 100");
}

INSTANTIATE_TEST_SUITE_P(
    CallBack, HarmlessAnswer,
    testing::Values(
        Harmless{"Failure", std::nullopt}, Harmless{"Nothing", ""}, Harmless{"NoXml", "garbage"},
        Harmless{"NulOctets", std::string(100, '\0')}, Harmless{"Huge", std::string(2 << 20, 'x')},
        Harmless{"OtherError",
                 "<IotpPaymentApiResponse><ErrorResponse ErrorCode='SystemBusy' ErrorDesc='x' "
                 "Severity='HardError' xml:lang='en'><ErrorLocation ElementType='CallBack'/>"
                 "</ErrorResponse></IotpPaymentApiResponse>"},
        Harmless{"OtherCode",
                 "<IotpPaymentApiResponse><CallBackResponse CompletionCode='TimedOutRcvr'/>"
                 "</IotpPaymentApiResponse>"},
        Harmless{"OtherResponse",
                 "<IotpPaymentApiResponse><RemovePaymentLogResponse/></IotpPaymentApiResponse>"}),
    [](const auto& row) { return std::string(row.param.name); });

// A host that stays inside its function holds up its own call, and may ask meanwhile.
TEST(CallBack, AHostMayAskFromInsideItsFunction) {
  Market* asked = nullptr;
  std::vector<std::string> verdicts;
  Listener listener([&](const std::string&) {
    const std::string inquiry =
        "<IotpPaymentApiRequest><InquireProcessState PayId='C-1'/></IotpPaymentApiRequest>";
    const std::string change =
        "<IotpPaymentApiRequest><ChangeProcessState PayId='C-1' ProcessState='Suspended'/>"
        "</IotpPaymentApiRequest>";
    std::thread other(
        [&] { verdicts.push_back(Verdict(*asked, asked->Ask(Role::kConsumer, inquiry))); });
    other.join();
    verdicts.push_back(Verdict(*asked, asked->Ask(Role::kConsumer, change)));
    return std::string(kThanks);
  });
  Market market(listener.Serving());
  asked = &market;
  Begin(market, Role::kConsumer, "en");
  EXPECT_THAT(verdicts, ElementsAre("InquireProcessStateResponse",
                                    "MsgBeingProc ChangeProcessState, again in 1 s"));
}

}  // namespace
}  // namespace market
