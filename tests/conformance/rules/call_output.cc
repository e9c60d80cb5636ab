// CALL, outputs: every parameter that RFC 3538, 7 marks M is there and says what it has to, and the
// order and effect of the calls that need no SET message.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <ctime>

#include "stages.h"

namespace conform {
namespace {

using Stage = Answer (*)(Context&);

Answer Brands(Context& c) { return Offer(c).Brands(); }
Answer Protocol(Context& c) { return Offer(c).Protocol(); }
Answer Initialization(Context& c) { return Offer(c).Initialization(); }
Answer Instruments(Context& c) {
  return c.Expect(c.Open(kConsumer), FindPaymentInstrument(Deal()));
}
Answer ConsumerStart(Context& c) { return ConsumerStage(c).Start(); }
Answer HandlerStart(Context& c) { return HandlerStage(c).Start(); }
Answer Resume(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  c.Expect(payment.wallet, ChangeProcessState(payment.deal.consumer_pay_id, "Suspended"));
  return c.Expect(payment.wallet, ResumePaymentConsumer(payment.deal));
}
Answer ConsumerPReq(Context& c) { return ConsumerStage(c).PInitRes(); }
Answer ConsumerEnd(Context& c) { return ConsumerStage(c).PRes(); }
Answer HandlerEnd(Context& c) { return HandlerStage(c).PReq(); }
Answer ConsumerChange(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  return c.Expect(payment.wallet,
                  ChangeProcessState(payment.deal.consumer_pay_id, "Failed", "ConsCancelled"));
}
Answer Pending(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  return c.Expect(payment.wallet, InquirePendingPayment());
}
Answer Expanded(Context& c) {
  ConsumerStage payment(c);
  payment.PRes();
  return c.Expect(payment.wallet, ExpandPaymentReceipt(payment.deal.consumer_pay_id, payment.pres));
}
Answer ConsumerState(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  return payment.Inquire();
}
Answer HandlerState(Context& c) {
  HandlerStage payment(c);
  payment.PReq();
  return payment.Inquire();
}
Answer InquiryStart(Context& c) {
  ConsumerStage payment(c);
  payment.PInitRes();
  return c.Expect(payment.wallet, StartPaymentInquiry(payment.deal));
}
Answer InquiryStatus(Context& c) {
  HandlerStage payment(c);
  payment.PReq();
  return c.Expect(payment.wallet, InquirePaymentStatus(payment.deal, payment.cardholder->InqReq()));
}

// Where the parameter stands: in the element of the call, or along `path` below it ("A/B"). Without
// an attribute the element itself is the parameter.
struct Output {
  const char* section;
  const char* parameter;
  Stage stage;
  const char* path;
  const char* attribute;
  const char* value;  // null: anything but nothing
};

const Output kOutputs[] = {
    {"7.1.1", "BrandItem", Brands, "BrandItem", "", nullptr},
    {"7.1.1", "BrandId", Brands, "BrandItem", "BrandId", "VISA"},
    {"7.1.1", "xml:lang", Brands, "BrandItem", "xml:lang", "en"},
    {"7.1.1", "BrandName", Brands, "BrandItem", "BrandName", "Visa"},
    {"7.1.1", "BrandLogoNetLocn", Brands, "BrandItem", "BrandLogoNetLocn",
     "https://shop.example/visa.gif"},
    {"7.1.2", "ProtocolItem", Protocol, "ProtocolItem", "", nullptr},
    {"7.1.2", "BrandItem", Protocol, "BrandItem", "BrandId", "VISA"},
    {"7.1.2", "ProtocolId", Protocol, "ProtocolItem", "ProtocolId", "SETv1.0"},
    {"7.1.2", "ProtocolBrandId", Protocol, "ProtocolItem", "ProtocolBrandId", "VISA"},
    {"7.1.2", "xml:lang", Protocol, "ProtocolItem", "xml:lang", "en"},
    {"7.1.2", "ProtocolName", Protocol, "ProtocolItem", "ProtocolName", nullptr},
    {"7.1.2", "PayProtocolPackagedContent", Protocol, "ProtocolItem/PayProtocolPackagedContent",
     "Transform", "BASE64"},
    {"7.1.2", "Brand", Protocol, "ProtocolItem/Brand", "BrandId", "VISA"},
    {"7.1.2", "CurrencyAmount", Protocol, "ProtocolItem/CurrencyAmount", "", nullptr},
    {"7.1.2", "CurrCodeType", Protocol, "ProtocolItem/CurrencyAmount", "CurrCodeType", "ISO4217-A"},
    {"7.1.2", "CurrCode", Protocol, "ProtocolItem/CurrencyAmount", "CurrCode", "USD"},
    {"7.1.2", "Amount", Protocol, "ProtocolItem/CurrencyAmount", "Amount", "157.53"},
    {"7.1.2", "ProtocolBrand", Protocol, "ProtocolItem/ProtocolBrand", "ProtocolBrandId", "VISA"},
    {"7.1.3", "OkFrom", Initialization, "", "OkFrom", "2020-01-01T00:00:00Z"},
    {"7.1.3", "OkTo", Initialization, "", "OkTo", "2039-12-31T23:59:59Z"},
    {"7.1.3", "OrderPackagedContent", Initialization, "OrderPackagedContent", "", nullptr},
    {"7.2.1", "PayInstrument", Instruments, "PayInstrument", "", nullptr},
    {"7.2.1", "Id", Instruments, "PayInstrument", "Id", "visa"},
    {"7.2.1", "xml:lang", Instruments, "PayInstrument", "xml:lang", "en"},
    {"7.2.1", "PayInstName", Instruments, "PayInstrument", "PayInstName",
     "A card with certificate"},
    {"7.3.1", "ContStatus", ConsumerStart, "", "ContStatus", "Continue"},
    {"7.3.1", "PaySchemePackagedContent", ConsumerStart, "PaySchemePackagedContent", "Transform",
     "BASE64"},
    {"7.3.2", "ContStatus", HandlerStart, "", "ContStatus", "Continue"},
    {"7.3.2", "PaySchemePackagedContent", HandlerStart, "PaySchemePackagedContent", "Transform",
     "BASE64"},
    {"7.3.3", "ContStatus", Resume, "", "ContStatus", "Continue"},
    {"7.3.3", "PaySchemePackagedContent", Resume, "PaySchemePackagedContent", "Transform",
     "BASE64"},
    {"7.3.4.1", "ContStatus", ConsumerPReq, "", "ContStatus", "Continue"},
    {"7.3.4.2", "ContStatus", HandlerEnd, "", "ContStatus", "End"},
    {"7.3.4.2", "PaySchemePackagedContent", HandlerEnd, "PaySchemePackagedContent", "Name", "PRes"},
    {"7.3.5", "ProcessState", ConsumerChange, "", "ProcessState", "Failed"},
    {"7.3.5", "CompletionCode", ConsumerChange, "", "CompletionCode", "ConsCancelled"},
    {"7.4.2", "PayId", Pending, "PaymentId", "PayId", "C-1"},
    {"7.5.2", "BrandId", Expanded, "", "BrandId", "VISA"},
    {"7.5.2", "ProtocolBrandId", Expanded, "", "ProtocolBrandId", "VISA"},
    {"7.5.2", "PayInstrumentId", Expanded, "", "PaymentInstrumentId", "visa"},
    {"7.5.2", "PaySchemePayId", Expanded, "", "ProtocolTransId", nullptr},
    {"7.5.2", "Amount", Expanded, "", "Amount", "157.53"},
    {"7.5.2", "CurrCodeType", Expanded, "", "CurrCodeType", "ISO4217-A"},
    {"7.5.2", "CurrCode", Expanded, "", "CurrCode", "USD"},
    {"7.5.2", "PayDirection", Expanded, "", "PayDirection", "Debit"},
    {"7.5.2", "ProtocolId", Expanded, "", "ProtocolId", "SETv1.0"},
    {"7.5.2", "TimeStamp", Expanded, "", "TimeStamp", nullptr},
    {"7.5.3.1", "ProcessState", ConsumerState, "", "ProcessState", "InProgress"},
    {"7.5.3.2", "ProcessState", HandlerState, "", "ProcessState", "CompletedOk"},
    {"7.5.4", "PaySchemePackagedContent", InquiryStart, "PaySchemePackagedContent", "Transform",
     "BASE64"},
    {"7.5.5", "PaymentHandlerPayId", InquiryStatus, "", "PaymentHandlerPayId", "P-1"},
    {"7.5.5", "ProcessState", InquiryStatus, "", "ProcessState", "CompletedOk"},
    {"7.5.5", "PaySchemePackagedContent", InquiryStatus, "PaySchemePackagedContent", "Transform",
     "BASE64"},
};

const Node* Along(const Node& from, std::string_view path) {
  const Node* node = &from;
  while (node != nullptr && !path.empty()) {
    const auto slash = path.find('/');
    node = node->Child(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return node;
}

void CheckOutput(Context& context, const Output& output) {
  const Answer answer = output.stage(context);
  Require(!answer.refused(), "the call is refused: " + answer.Summary());
  const Node* node = Along(answer.call(), output.path);
  Require(node != nullptr, fmt::format("{} is not there", output.path));
  if (*output.attribute == '\0') return;
  const std::string* value = node->Find(output.attribute);
  Require(value != nullptr && !value->empty(), fmt::format("{} is not there", output.attribute));
  if (output.value != nullptr) {
    Require(*value == output.value,
            fmt::format("{} is \"{}\", not \"{}\"", output.attribute, *value, output.value));
  }
}

// --- what single calls do ------------------------------------------------------------------------

void CreditFindsNothing(Context& c) {
  const opb_wallet wallet = c.Open(kMerchant);
  Node call = FindAcceptedPaymentBrand(Deal());
  call.Set("PayDirection", "Credit");
  Require(c.Expect(wallet, call).call().children.empty(), "a brand is offered for a Credit");
}

void NothingFits(Context& c) {
  const opb_wallet wallet = c.Open(kMerchant);
  Deal deal;
  deal.terms.amount = "5000.01";
  Require(c.Expect(wallet, FindAcceptedPaymentBrand(deal)).call().children.empty(),
          "a brand is offered above its limit");
}

void LimitFits(Context& c) {
  const opb_wallet wallet = c.Open(kMerchant);
  Deal deal;
  deal.terms.amount = "5000.00";
  Require(!c.Expect(wallet, FindAcceptedPaymentBrand(deal)).call().children.empty(),
          "no brand is offered at its limit");
}

void OtherCurrency(Context& c) {
  const opb_wallet wallet = c.Open(kMerchant);
  Deal deal;
  deal.terms.curr_code = "CHF";
  Require(c.Expect(wallet, FindAcceptedPaymentBrand(deal)).call().children.empty(),
          "a brand is offered in a currency that it does not take");
}

void BrandsFirst(Context& c) {
  c.ExpectError(c.Open(kMerchant), FindAcceptedPaymentProtocol(Deal()), "BusError");
}

void ProtocolName(Context& c) {
  const Answer answer = Offer(c).Protocol();
  const Node* item = answer.call().Child("ProtocolItem");
  Require(item != nullptr, "no ProtocolItem");
  const std::string name = item->Get("ProtocolName");
  Require(name.find("SET") != std::string::npos && name.find("1.0") != std::string::npos,
          "ProtocolName is \"" + name + "\"");
}

void OneBrand(Context& c) {
  const Answer answer = Offer(c).Protocol();
  const Node* item = answer.call().Child("ProtocolItem");
  Require(item != nullptr, "no ProtocolItem");
  Require(item->Children("Brand").size() == 1 && item->Children("ProtocolBrand").size() == 1,
          "not exactly one Brand and one ProtocolBrand");
}

// The header fields of the PayProtocol data.
std::string PayProtocolText(Context& c) {
  Offer offer(c);
  offer.Protocol();
  const Octets octets = FromBase64(offer.deal.pay_protocol);
  return {octets.begin(), octets.end()};
}

void HasField(Context& c, std::string_view field) {
  const std::string text = PayProtocolText(c);
  Require(text.find(fmt::format("{}", field)) != std::string::npos,
          fmt::format("the PayProtocol data has no {}", field));
}

void PayProtocolAscii(Context& c) {
  for (const char character : PayProtocolText(c)) {
    Require(static_cast<unsigned char>(character) < 0x80, "an octet that is not US-ASCII");
  }
}

void SameLidM(Context& c) {
  Offer offer(c);
  offer.Protocol();
  const std::string first = offer.deal.pay_protocol;
  offer.Protocol();
  Require(offer.deal.pay_protocol == first, "the PayProtocol data of one payment differ");
}

void OrderPassed(Context& c) {
  const Answer answer = Offer(c).Initialization();
  const Node* order = answer.call().Child("OrderPackagedContent");
  Require(order != nullptr && order->text == Deal().terms.order, "the order is another");
}

void OrderHashed(Context& c) {
  const Answer answer = Offer(c).Initialization();
  const Node* data = answer.call().Child("TradingRoleDataPackagedContent");
  Require(data != nullptr && data->Get("Name") == "Payment:SET-OD", "no Payment:SET-OD");
  Require(data->text == OrderHash(Deal().terms.order),
          fmt::format("Payment:SET-OD is {}, not {}", data->text, OrderHash(Deal().terms.order)));
}

// RFC 3538, 8.4.1(e)-2: sorted by Name, each hashed, the digests hashed again.
void OrdersHashed(Context& c) {
  Offer offer(c);
  offer.Protocol();
  Node call = GetPaymentInitializationData(offer.deal);
  call.RemoveChild("OrderPackagedContent");
  std::string texts[] = {"second, by name", "first, by name"};
  const char* names[] = {"b", "a"};
  for (int i = 0; i < 2; ++i) {
    Node order{"OrderPackagedContent"};
    order.Set("Name", names[i]).Set("Content", "PCDATA").Set("Transform", "NONE");
    order.text = texts[i];
    call.Add(order);
  }
  Octets digests = FromBase64(OrderHash(texts[1]));
  const Octets other = FromBase64(OrderHash(texts[0]));
  digests.insert(digests.end(), other.begin(), other.end());
  Octets digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  EVP_Digest(digests.data(), digests.size(), digest.data(), &size, EVP_sha1(), nullptr);
  digest.resize(size);
  const Answer answer = c.Expect(offer.wallet, call);
  const Node* data = answer.call().Child("TradingRoleDataPackagedContent");
  Require(data != nullptr && data->text == Base64(digest),
          fmt::format("Payment:SET-OD is {}, not {}", data == nullptr ? "missing" : data->text,
                      Base64(digest)));
}

void SchemeContent(Context& c) {
  ConsumerStage payment(c);
  for (const Answer& answer : {payment.Start(), payment.PInitRes()}) {
    const Node* content = answer.call().Child("PaySchemePackagedContent");
    Require(content != nullptr, "no PaySchemePackagedContent");
    const std::string* kind = content->Find("Content");
    Require(kind == nullptr || *kind == "PCDATA", "Content is another");
    Require(content->Find("Name") == nullptr, "it has a Name");
  }
}

// A field that the merchant's software adds (docs/host.md, MerchantData SET:Initiation).
void AddedField(Context& c, std::string_view field) {
  Offer offer(c);
  offer.Brands();
  Node call = FindAcceptedPaymentProtocol(offer.deal);
  const std::string lines = fmt::format("{}\r\n", field);
  call.Add(SetContent("MerchantData", "SET:Initiation", Octets(lines.begin(), lines.end())));
  const Answer answer = c.Expect(offer.wallet, call);
  const Node* item = answer.call().Child("ProtocolItem");
  const Node* data = item == nullptr ? nullptr : item->Child("PayProtocolPackagedContent");
  Require(data != nullptr, "no PayProtocol data");
  const Octets octets = FromBase64(data->text);
  Require(std::string(octets.begin(), octets.end()).find(field) != std::string::npos,
          fmt::format("the PayProtocol data have no \"{}\"", field));
}

void InquiryEnds(Context& c) {
  ConsumerStage payment(c);
  payment.PInitRes();
  payment.merchant->PRes(payment.preq, Issuer::kApproves);  // lost on its way
  const Octets inqreq = c.Expect(payment.wallet, StartPaymentInquiry(payment.deal)).Message();
  Node call = ContinueProcess("C-1", payment.merchant->InqRes(inqreq, Issuer::kApproves));
  call.Set("ProcessType", "Inquiry");
  const Answer answer = c.Expect(payment.wallet, call);
  Require(answer.call().Get("ContStatus") == "End", "the InqRes was not the end");
}

void InquiryWithoutPReq(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  Require(c.Expect(payment.wallet, StartPaymentInquiry(payment.deal)).call().children.empty(),
          "an InqReq before any PReq");
}

void OtherReceiver(Context& c) {
  Offer offer(c);
  offer.Protocol();
  Node call = GetPaymentInitializationData(offer.deal);
  call.Set("ReceiverOrgId", "delivery.example");
  Require(c.Expect(offer.wallet, call).call().Child("TradingRoleDataPackagedContent") == nullptr,
          "a receiver that is no payment handler gets TradingRoleData");
}

// The example of RFC 3538, 8.3.2: what is accepted, and the instruments that are found.
struct Matching {
  const char* id;
  const char* brand_id;
  const char* accepted;
  const char* found;
};

constexpr Matching kMatching[] = {
    {"primary", "MasterCard", "MasterCard", "1 2 3"},
    {"dual", "MasterCard", "MasterCard::UC", "2"},
    {"promotional", "MasterCard", "MasterCard::WallMart", "3"},
    {"product", "MasterCard", "MasterCard:Gold", ""},
    {"other-brand", "JCB", "JCB", ""},
    {"visa", "VISA", "VISA", "visa visa-plain 4"},
    {"visa-dual", "VISA", "VISA::UC", "4"},
};

void CheckMatching(Context& c, const Matching& matching) {
  Deal deal;
  deal.brand_id = matching.brand_id;
  deal.protocol_brand_id = matching.accepted;
  const Answer answer = c.Expect(c.Open(kConsumer), FindPaymentInstrument(deal));
  std::string found;
  for (const Node* instrument : answer.call().Children("PayInstrument")) {
    found += (found.empty() ? "" : " ") + instrument->Get("Id");
  }
  Require(found == matching.found,
          fmt::format("found are \"{}\", not \"{}\"", found, matching.found));
}

void InstrumentCurrencies(Context& c) {
  Deal deal;
  deal.terms.curr_code = "CHF";
  const Answer answer = c.Expect(c.Open(kConsumer), FindPaymentInstrument(deal));
  const auto instruments = answer.call().Children("PayInstrument");
  Require(std::ranges::none_of(instruments,
                               [](const Node* n) { return n->Get("Id") == kPlainInstrument; }),
          "an instrument is found for a currency that it does not have");
}

void BrandCase(Context& c) {
  Deal deal;
  deal.protocol_brand_id = "Visa";
  Require(!c.Expect(c.Open(kConsumer), FindPaymentInstrument(deal)).call().children.empty(),
          "the brand of a ProtocolBrandId is compared with case");
}

void Possibility(Context& c) {
  const Answer answer = c.Expect(c.Open(kConsumer), CheckPaymentPossibility(Deal()));
  Require(answer.call().children.empty(), "a packaged content that SET does not use");
}

void OtherSpelling(Context& c) {
  Node call = CheckPaymentPossibility(Deal());
  call.name = "CheckPaymentPossiblity";
  c.Expect(c.Open(kConsumer), call);
}

void WalletSpellings(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  for (const char* spelling : {"WalletID", "WalletId"}) {
    Node call = FindPaymentInstrument(Deal());
    call.Set(spelling, kConsumer.wallet_id);
    c.Expect(wallet, call);
  }
}

void NoContent(Context& c) {
  Node call = ContinueProcess("C-1", {0x30, 0x00});
  ConsumerStage payment(c);
  payment.Start();
  call.children[0].text = "*** no base64 ***";
  c.ExpectError(payment.wallet, call, "ElContIllegal");
}

void TwoContents(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  Node call = ContinueProcess("C-1", {0x30, 0x00});
  call.Add(call.children[0]);
  c.ExpectError(payment.wallet, call, "ElUnexpected");
}

void BeforeOkFrom(Context& c) {
  Deal deal;
  deal.ok_from = "2038-01-01T00:00:00Z";
  const Answer answer =
      c.ExpectError(c.Open(kConsumer), StartPaymentConsumer(deal), "ValueTooLarge");
  Require(answer.location() != nullptr && answer.location()->Get("AttName") == "OkFrom",
          "the ErrorLocation does not name OkFrom");
}

void AfterOkTo(Context& c) {
  Deal deal;
  deal.ok_to = "2021-01-01T00:00:00Z";
  const Answer answer =
      c.ExpectError(c.Open(kConsumer), StartPaymentConsumer(deal), "ValueTooSmall");
  Require(answer.location() != nullptr && answer.location()->Get("AttName") == "OkTo",
          "the ErrorLocation does not name OkTo");
}

void OkOrder(Context& c) {
  Deal deal;
  deal.ok_from = "2039-01-01T00:00:00Z";
  deal.ok_to = "2021-01-01T00:00:00Z";
  c.ExpectError(c.Open(kConsumer), StartPaymentConsumer(deal), "ElInconsistent");
}

void TradingRolePrefix(Context& c) {
  HandlerStage payment(c);
  Node call = StartPaymentPaymentHandler(payment.deal, payment.cardholder->PInitReq());
  for (Node& child : call.children) {
    if (child.name == "TradingRoleDataPackagedContent") child.Set("Name", "SET-OD");
  }
  c.ExpectError(payment.wallet, call, "AttValIllegal");
}

void NoOrderHash(Context& c) {
  Deal deal;
  deal.order_hash = false;
  HandlerStage payment(c, Issuer::kApproves, deal);
  c.ExpectError(payment.wallet,
                StartPaymentPaymentHandler(payment.deal, payment.cardholder->PInitReq()),
                "ElMissing");
}

void UnknownTradingRoleData(Context& c) {
  HandlerStage payment(c);
  Node call = StartPaymentPaymentHandler(payment.deal, payment.cardholder->PInitReq());
  for (std::size_t i = 0; i < call.children.size(); ++i) {
    if (call.children[i].name != "TradingRoleDataPackagedContent") continue;
    Node other = call.children[i];
    other.Set("Name", "Payment:Something");
    call.children.insert(call.children.begin() + static_cast<std::ptrdiff_t>(i) + 1, other);
    break;
  }
  c.Expect(payment.wallet, call);
}

void ConsumerEnds(Context& c) {
  const Answer answer = ConsumerEnd(c);
  Require(answer.call().Get("ContStatus") == "End",
          "the PRes was answered by ContStatus \"" + answer.call().Get("ContStatus") + "\"");
}

void ReceiptMatches(Context& c) {
  ConsumerStage payment(c);
  payment.PRes();
  c.Expect(payment.wallet, CheckPaymentReceipt(payment.deal.consumer_pay_id, payment.pres));
}

void ReceiptDiffers(Context& c) {
  ConsumerStage payment(c);
  payment.PRes();
  Octets other = payment.pres;
  other.back() ^= 1;
  c.ExpectError(payment.wallet, CheckPaymentReceipt(payment.deal.consumer_pay_id, other),
                "BusError");
}

void ReceiptUnnamed(Context& c) {
  ConsumerStage payment(c);
  payment.PRes();
  Node call = CheckPaymentReceipt(payment.deal.consumer_pay_id, payment.pres);
  call.children[0].Remove("Name");
  const Answer answer = c.Send(payment.wallet, call);
  Require(answer.code() == "AttMissing" || answer.code() == "ElMissing",
          "a receipt without Name: " + answer.Summary());
}

void TimeStampFormat(Context& c) {
  const std::string time = Expanded(c).call().Get("TimeStamp");
  Require(time.size() == 24 && time[10] == 'T' && time[19] == '.' && time[23] == 'Z',
          "TimeStamp is \"" + time + "\"");
}

void TransIdHex(Context& c) {
  const std::string id = Expanded(c).call().Get("ProtocolTransId");
  Require(!id.empty() && id.size() % 2 == 0 &&
              std::ranges::all_of(
                  id, [](char d) { return (d >= '0' && d <= '9') || (d >= 'A' && d <= 'F'); }),
          "ProtocolTransId is \"" + id + "\"");
}

void ReceiptNameRefs(Context& c) {
  const std::string refs = HandlerState(c).call().Get("PayReceiptNameRefs");
  Require(refs == "PRes", "PayReceiptNameRefs is \"" + refs + "\"");
}

void RemoveUnfinished(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  c.ExpectError(payment.wallet, RemovePaymentLog(payment.deal.consumer_pay_id), "BusError");
}

void RemovedIsGone(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  c.Expect(payment.wallet,
           ChangeProcessState(payment.deal.consumer_pay_id, "Failed", "ConsCancelled"));
  c.Expect(payment.wallet, RemovePaymentLog(payment.deal.consumer_pay_id));
  c.ExpectError(payment.wallet, InquireProcessState(payment.deal.consumer_pay_id), "AttValIllegal");
}

void RemovedIdStaysUsed(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  c.Expect(payment.wallet,
           ChangeProcessState(payment.deal.consumer_pay_id, "Failed", "ConsCancelled"));
  c.Expect(payment.wallet, RemovePaymentLog(payment.deal.consumer_pay_id));
  c.ExpectError(payment.wallet, StartPaymentConsumer(payment.deal), "AttValIllegal");
}

void NothingPending(Context& c) {
  Require(c.Expect(c.Open(kConsumer), InquirePendingPayment()).call().children.empty(),
          "a fresh wallet has pending payments");
}

void FinalIsNotPending(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  c.Expect(payment.wallet,
           ChangeProcessState(payment.deal.consumer_pay_id, "Failed", "ConsCancelled"));
  Require(c.Expect(payment.wallet, InquirePendingPayment()).call().children.empty(),
          "a final payment is pending");
}

void InstrumentProperties(Context& c) {
  const Answer answer =
      c.Expect(c.Open(kConsumer), PaymentInstrumentInquiry(Deal(), "Expiration NoSuchProperty"));
  const Node* property = answer.call().Child("PaymentInstrumentProperty");
  Require(property != nullptr && property->Get("PropertyType") == "Expiration", "no Expiration");
  Require(answer.call().Get("UnavailablePropertyList") == "NoSuchProperty",
          "UnavailablePropertyList is \"" + answer.call().Get("UnavailablePropertyList") + "\"");
}

void MaskedIdentifier(Context& c) {
  const Answer answer = c.Expect(c.Open(kConsumer), PaymentInstrumentInquiry(Deal(), "Identifier"));
  Require(answer.document.find(kPan) == std::string::npos, "the account number is not masked");
}

void SoftwareWithoutAction(Context& c) {
  c.ExpectError(c.Open(kConsumer), ManagePaymentSoftware(""), "ReqNotSupp");
}

void OtherRolesPayId(Context& c) {
  // A payment handler's wallet does not know what a consumer's wallet knows.
  ConsumerStage payment(c);
  payment.Start();
  c.ExpectError(c.Open(kHandler), InquireProcessState(payment.deal.consumer_pay_id),
                "AttValIllegal");
}

void ProtocolBrandParts(Context& c) {
  Deal deal;
  deal.protocol_brand_id = "VISA:Gold:Store:Extra";
  c.ExpectError(c.Open(kConsumer), FindPaymentInstrument(deal), "AttValIllegal");
}

void ProtocolBrandWithoutBrand(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  for (const char* id : {":", "::", ":Gold", "::UC", ":Gold:UC"}) {
    Deal deal;
    deal.protocol_brand_id = id;
    c.ExpectError(wallet, FindPaymentInstrument(deal), "AttValIllegal");
  }
}

}  // namespace

void AddCallOutputRules(Rules& rules) {
  for (const Output& output : kOutputs) {
    Rule rule;
    rule.id = fmt::format("CALL-{}-{}-output", output.section, output.parameter);
    rule.clause = fmt::format("RFC 3538, {}", output.section);
    rule.sentence = output.value == nullptr
                        ? fmt::format("the answer has {}", output.parameter)
                        : fmt::format("the answer has {}, as {}=\"{}\"", output.parameter,
                                      output.attribute, output.value);
    rule.covers = {fmt::format("{} out {}", output.section, output.parameter)};
    rule.check = [&output](Context& context) { CheckOutput(context, output); };
    rules.push_back(std::move(rule));
  }
  const auto add = [&](const char* id, const char* clause, const char* sentence,
                       void (*check)(Context&)) {
    rules.push_back({id, clause, sentence, Level::kMust, check});
  };
  add("CALL-7.1.1-credit", "RFC 3538, 7.1.1", "no brand is offered for a Credit",
      CreditFindsNothing);
  add("CALL-7.1.1-above-limit", "RFC 3867, 4.1.1",
      "the list of brands is empty when the amount is above every limit", NothingFits);
  add("CALL-7.1.1-at-limit", "RFC 3867, 4.1.1", "a brand is offered at its limit", LimitFits);
  add("CALL-7.1.1-other-currency", "RFC 3867, 4.1.1",
      "the list of brands is empty for a currency that none takes", OtherCurrency);
  add("CALL-7.1.2-brands-first", "RFC 3538, 7.1.1",
      "FindAcceptedPaymentProtocol before FindAcceptedPaymentBrand is BusError", BrandsFirst);
  add("CALL-7.1.2-protocol-name", "RFC 3538, 7.1.2",
      "ProtocolName has the protocol's name and version", ProtocolName);
  add("CALL-7.1.2-one-brand", "RFC 3538, 7.1.2",
      "a ProtocolItem has exactly one Brand and one ProtocolBrand", OneBrand);
  for (const char* field :
       {"SET-Initiation-Type: Payment-Initiation", "Content-Transfer-Encoding", "SET-LID-M"}) {
    const std::string_view name =
        std::string_view(field).substr(0, std::string_view(field).find(':'));
    rules.push_back({fmt::format("CALL-8.3.1-{}", name), "RFC 3538, 8.3.1",
                     fmt::format("the PayProtocol data have {}", field), Level::kMust,
                     [field](Context& c) { HasField(c, field); }});
  }
  add("CALL-8.3.1-ascii", "RFC 3538, 8.3.1", "the PayProtocol data are US-ASCII", PayProtocolAscii);
  add("CALL-8.3.1-one-lid-m", "RFC 3538, 8.3.1", "one payment has one LID-M, however often asked",
      SameLidM);
  add("CALL-7.1.3-order-passed", "RFC 3538, 7.1.3",
      "an order that is not rewritten comes back as it was", OrderPassed);
  add("CALL-8.4.1-order-hash", "RFC 3538, 8.4.1(e)",
      "Payment:SET-OD is the SHA-1 of the order in UTF-16, in base64", OrderHashed);
  add("CALL-8.4.1-orders-hashed", "RFC 3538, 8.4.1(e)",
      "several named orders are sorted by name, hashed one by one, and hashed together",
      OrdersHashed);
  add("CALL-8.4.1-scheme-content", "RFC 3538, 8.4.1(4)",
      "a consumer's scheme data are PCDATA without a Name", SchemeContent);
  for (const char* field :
       {"SET-Recurring: 31 19960223", "SET-InstallTotalTrans: 6", "SET-Echo-In-Request: abc"}) {
    const std::string_view name =
        std::string_view(field).substr(0, std::string_view(field).find(':'));
    rules.push_back(
        {fmt::format("CALL-8.3.1-{}", name), "RFC 3538, 8.3.1",
         fmt::format("{} from the merchant's software gets into the PayProtocol data", name),
         Level::kShould, [field](Context& c) { AddedField(c, field); }});
  }
  add("CALL-8.6-end", "RFC 3538, 8.6", "an InqRes in ContinueProcess, Inquiry, is answered by End",
      InquiryEnds);
  add("CALL-8.6-no-preq", "RFC 3538, 8.6",
      "StartPaymentInquiry before any PReq gives no packaged content", InquiryWithoutPReq);
  add("CALL-8.3.3-other-receiver", "RFC 3538, 8.3.3",
      "a receiver that is not the payment handler gets no TradingRoleData", OtherReceiver);
  for (const Matching& matching : kMatching) {
    rules.push_back(
        {fmt::format("CALL-8.3.2-{}", matching.id), "RFC 3538, 8.3.2",
         fmt::format("the instruments for {} are those of the example: {}", matching.accepted,
                     *matching.found == '\0' ? "none" : matching.found),
         Level::kMust, [&matching](Context& c) { CheckMatching(c, matching); }});
  }
  add("CALL-8.3.2-currency", "RFC 3867, 4.2.1",
      "no instrument is found for a currency that it does not have", InstrumentCurrencies);
  add("CALL-8.2.2-case", "RFC 3538, 8.2.2",
      "the brand of a ProtocolBrandId is compared without case", BrandCase);
  add("CALL-8.2.2-four-parts", "RFC 3538, 8.2.2",
      "a ProtocolBrandId of four parts is AttValIllegal", ProtocolBrandParts);
  add("CALL-8.2.2-no-brand", "RFC 3538, 8.2.2; errata E-36",
      "a ProtocolBrandId without a brand is AttValIllegal", ProtocolBrandWithoutBrand);
  add("CALL-7.2.2-possible", "RFC 3538, 7.2.2",
      "a possible payment is answered without packaged contents", Possibility);
  add("CALL-7.2.2-spelling", "RFC 3867, 3",
      "CheckPaymentPossiblity is served and answered in its own spelling", OtherSpelling);
  add("CALL-wallet-spellings", "RFC 3867, 3.2, Table 3", "WalletID and WalletId mean the same",
      WalletSpellings);
  add("CALL-8.4.3-not-base64", "RFC 3538, 8.4.3",
      "scheme data that are no base64 are ElContIllegal", NoContent);
  add("CALL-8.4.3-two-contents", "RFC 3538, 8.4.3", "two PaySchemePackagedContent are ElUnexpected",
      TwoContents);
  add("CALL-7.3.1-before-OkFrom", "RFC 2801, 7.9", "a start before OkFrom is ValueTooLarge",
      BeforeOkFrom);
  add("CALL-7.3.1-after-OkTo", "RFC 2801, 7.9", "a start after OkTo is ValueTooSmall", AfterOkTo);
  add("CALL-7.3.1-OkFrom-after-OkTo", "RFC 2801, 7.9", "OkFrom after OkTo is ElInconsistent",
      OkOrder);
  add("CALL-8.3.3-prefix", "RFC 3538, 8.3.3",
      "a name of TradingRoleData without Payment: is AttValIllegal", TradingRolePrefix);
  add("CALL-8.3.3-unknown-name", "RFC 3538, 8.3.3",
      "TradingRoleData with an unknown Payment: name are ignored", UnknownTradingRoleData);
  add("CALL-8.4.1-order-hash-missing", "RFC 3538, 8.4.1(e)",
      "StartPaymentPaymentHandler without Payment:SET-OD is ElMissing", NoOrderHash);
  add("CALL-7.3.4.1-end", "RFC 3538, 7.3.4", "the consumer's answer to a PRes is End",
      ConsumerEnds);
  add("CALL-8.5.1-same", "RFC 3538, 8.5.1", "the stored PRes is accepted as receipt",
      ReceiptMatches);
  add("CALL-8.5.1-other", "RFC 3867, 4.5.1", "another PRes is BusError", ReceiptDiffers);
  add("CALL-8.5.1-name", "RFC 3538, 8.5.1", "a receipt without the Name PRes is refused",
      ReceiptUnnamed);
  add("CALL-8.5.2-time", "RFC 3538, 8.5.2", "TimeStamp is CCYY-MM-DDThh:mm:ss.sssZ",
      TimeStampFormat);
  add("CALL-8.5.2-lid-m", "RFC 3538, 8.5.2", "LID-M is shown in upper-case hex", TransIdHex);
  add("CALL-8.4.5-name-refs", "RFC 3538, 8.4.5", "PayReceiptNameRefs is PRes", ReceiptNameRefs);
  add("CALL-7.4.3-unfinished", "RFC 3867, 4.4.1",
      "RemovePaymentLog for a payment that is not final is BusError", RemoveUnfinished);
  add("CALL-7.4.3-gone", "RFC 3867, 4.4.1",
      "after RemovePaymentLog InquireProcessState is AttValIllegal", RemovedIsGone);
  add("CALL-7.4.3-id-stays-used", "RFC 3867, 4.4.1",
      "after RemovePaymentLog a start with that id is AttValIllegal", RemovedIdStaysUsed);
  add("CALL-7.4.2-nothing", "RFC 3538, 7.4.2", "a fresh wallet has no pending payment",
      NothingPending);
  add("CALL-7.4.2-final", "RFC 3538, 7.4.2", "a final payment is not pending", FinalIsNotPending);
  add("CALL-7.4.1-properties", "RFC 3867, 4.4.2",
      "properties that there are come back, the others are named", InstrumentProperties);
  add("CALL-7.4.1-masked", "RFC 3867, 4.4.2", "the Identifier of a card is masked",
      MaskedIdentifier);
  add("CALL-4.6.1-no-action", "RFC 3867, 4.6.1",
      "ManagePaymentSoftware without Action is ReqNotSupp", SoftwareWithoutAction);
  add("CALL-7.5.3-other-wallet", "RFC 3867, 4.5.3", "a payment of another wallet is unknown",
      OtherRolesPayId);
}

}  // namespace conform
