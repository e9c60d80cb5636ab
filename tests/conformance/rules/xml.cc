// XML: which documents are read, how the others are refused, and what every answer looks like.
#include <fmt/format.h>

#include "calls.h"
#include "context.h"

namespace conform {
namespace {

constexpr const char* kReading = "RFC 3867, 3";
constexpr const char* kErrors = "RFC 3867, 2.6.2, Table 2";
constexpr const char* kDeclaration = "XML 1.0, 4.3.3";

// The request that the documents below are made of; an unknown PayId, so that the answer to a
// document that is read is AttValIllegal at PayId.
constexpr std::string_view kCall = "<InquireProcessState PayId=\"X-1\"/>";
constexpr std::string_view kOpenTag =
    "<IotpPaymentApiRequest xmlns=\"http://www.iotp.org/2000/08/PaymentAPI\">";
constexpr std::string_view kCloseTag = "</IotpPaymentApiRequest>";

std::string Wrap(std::string_view call) { return fmt::format("{}{}{}", kOpenTag, call, kCloseTag); }

const WalletKind& AnyKind(Context& context) {
  for (const WalletKind* kind : {&kConsumer, &kMerchant, &kHandler}) {
    if (context.Plays(kind->roles)) return *kind;
  }
  Skip("the module plays no role");
}

struct Document {
  const char* id;
  const char* clause;
  const char* sentence;
  const char* code;  // "" if the document is read: the answer is then about its unknown PayId
  std::string (*make)();
};

std::string Utf16() {
  std::string out = "\xfe\xff";
  for (const char c : "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + Wrap(kCall)) {
    out += '\0';
    out += c;
  }
  return out;
}

std::string ManyEntities() {
  std::string out = "<!DOCTYPE IotpPaymentApiRequest [<!ENTITY a0 \"aaaaaaaaaa\">";
  for (int i = 1; i < 12; ++i) {
    out += fmt::format("<!ENTITY a{} \"", i);
    for (int j = 0; j < 10; ++j) out += fmt::format("&a{};", i - 1);
    out += "\">";
  }
  return out + "]>" + Wrap("<InquireProcessState PayId=\"&a11;\"/>");
}

std::string Deep() {
  std::string out;
  for (int i = 0; i < 100000; ++i) out += "<a>";
  for (int i = 0; i < 100000; ++i) out += "</a>";
  return Wrap(out);
}

const Document kDocuments[] = {
    {"XML-empty", kErrors, "an empty document is XmlNotWellFrmd", "XmlNotWellFrmd",
     [] { return std::string(); }},
    {"XML-text", kErrors, "plain text is XmlNotWellFrmd", "XmlNotWellFrmd",
     [] { return std::string("hello"); }},
    {"XML-truncated", kErrors, "a document that ends early is XmlNotWellFrmd", "XmlNotWellFrmd",
     [] { return Wrap(kCall).substr(0, 90); }},
    {"XML-two-roots", kErrors, "two root elements are XmlNotWellFrmd", "XmlNotWellFrmd",
     [] { return Wrap(kCall) + Wrap(kCall); }},
    {"XML-trailing-text", kErrors, "text behind the root element is XmlNotWellFrmd",
     "XmlNotWellFrmd", [] { return Wrap(kCall) + "x"; }},
    {"XML-duplicate-attribute", kErrors, "an attribute that stands twice is XmlNotWellFrmd",
     "XmlNotWellFrmd", [] { return Wrap("<InquireProcessState PayId=\"X-1\" PayId=\"X-2\"/>"); }},
    {"XML-bare-less-than", kErrors, "a bare < in an attribute is XmlNotWellFrmd", "XmlNotWellFrmd",
     [] { return Wrap("<InquireProcessState PayId=\"<\"/>"); }},
    {"XML-undeclared-entity", kErrors, "an entity that is not declared is XmlNotWellFrmd",
     "XmlNotWellFrmd", [] { return Wrap("<InquireProcessState PayId=\"&pay;\"/>"); }},
    {"XML-control-character", kErrors, "a character that XML forbids is XmlNotWellFrmd",
     "XmlNotWellFrmd", [] { return Wrap("<InquireProcessState PayId=\"&#1;\"/>"); }},
    {"XML-nul-octet", kErrors, "an octet 0 is XmlNotWellFrmd", "XmlNotWellFrmd",
     [] { return Wrap(kCall) + std::string(1, '\0'); }},
    {"XML-bad-utf8", kErrors, "octets that are no UTF-8 are XmlNotWellFrmd", "XmlNotWellFrmd",
     [] { return Wrap("<InquireProcessState PayId=\"\xc3\x28\"/>"); }},
    {"XML-latin1", kDeclaration, "an encoding other than UTF-8 or US-ASCII is XmlNotWellFrmd",
     "XmlNotWellFrmd",
     [] { return "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + Wrap(kCall); }},
    {"XML-utf16", kDeclaration, "a document in UTF-16 is XmlNotWellFrmd", "XmlNotWellFrmd", Utf16},
    {"XML-doctype", kErrors, "a document with a DOCTYPE is XmlNotValid", "XmlNotValid",
     [] { return "<!DOCTYPE IotpPaymentApiRequest>" + Wrap(kCall); }},
    {"XML-entity-bomb", kErrors, "entities of entities are refused as XmlNotValid, not expanded",
     "XmlNotValid", ManyEntities},
    {"XML-external-entity", kErrors, "a document that names a file is refused as XmlNotValid",
     "XmlNotValid",
     [] {
       return "<!DOCTYPE IotpPaymentApiRequest [<!ENTITY f SYSTEM \"file:///etc/hostname\">]>" +
              Wrap("<InquireProcessState PayId=\"X-1\">&f;</InquireProcessState>");
     }},
    {"XML-deep", kErrors, "a hundred thousand nested elements are XmlNotValid", "XmlNotValid",
     Deep},
    {"XML-other-namespace", kReading, "another namespace is XmlNotValid", "XmlNotValid",
     [] { return fmt::format("<IotpPaymentApiRequest xmlns=\"urn:x\">{}{}", kCall, kCloseTag); }},
    {"XML-other-root", kReading, "another root element is XmlNotValid", "XmlNotValid",
     [] { return std::string("<IotpPaymentApiResponse/>"); }},
    {"XML-unknown-call", kReading, "a call that RFC 3867 does not have is XmlNotValid",
     "XmlNotValid", [] { return Wrap("<PayNow/>"); }},
    {"XML-no-call", kReading, "a request without a call is XmlNotValid", "XmlNotValid",
     [] { return Wrap(""); }},
    {"XML-two-calls", kReading, "a request with two calls is XmlNotValid", "XmlNotValid",
     [] { return Wrap(std::string(kCall) + std::string(kCall)); }},
    {"XML-text-in-root", kReading, "text beside the call is XmlNotValid", "XmlNotValid",
     [] { return Wrap(std::string(kCall) + "x"); }},
    {"XML-unknown-child", kReading, "an element that the call does not have is XmlNotValid",
     "XmlNotValid",
     [] { return Wrap("<InquireProcessState PayId=\"X-1\"><a/></InquireProcessState>"); }},
    {"XML-text-in-empty", kReading, "text in an EMPTY element is XmlNotValid", "XmlNotValid",
     [] { return Wrap("<InquireProcessState PayId=\"X-1\">x</InquireProcessState>"); }},
    {"XML-unknown-attribute", kErrors, "an attribute that the call does not have is AttUnexpected",
     "AttUnexpected", [] { return Wrap("<InquireProcessState PayId=\"X-1\" Speed=\"9\"/>"); }},
    {"XML-too-large", kErrors, "a document of two million octets is MsgTooLarge", "MsgTooLarge",
     [] { return Wrap(kCall) + std::string(2000000, ' '); }},
    {"XML-bom", kReading, "a byte order mark of UTF-8 is skipped", "",
     [] { return "\xef\xbb\xbf" + Wrap(kCall); }},
    {"XML-no-namespace", kReading, "a document without the namespace is read", "",
     [] { return fmt::format("<IotpPaymentApiRequest>{}{}", kCall, kCloseTag); }},
    {"XML-declaration", kReading, "an XML declaration is read", "",
     [] { return "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n" + Wrap(kCall); }},
    {"XML-us-ascii", kDeclaration, "a document that declares US-ASCII is read", "",
     [] { return "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>" + Wrap(kCall); }},
    {"XML-white-space", kReading, "white space between elements is read", "",
     [] { return Wrap("\r\n\t " + std::string(kCall) + "\n"); }},
    {"XML-comments", kReading, "comments and processing instructions are read over", "",
     [] { return "<!-- a --><?b c?>" + Wrap("<!-- d -->" + std::string(kCall)) + "<!-- e -->"; }},
    {"XML-quotes", kReading, "attributes in single quotes are read", "",
     [] { return Wrap("<InquireProcessState PayId='X-1'></InquireProcessState>"); }},
    {"XML-character-reference", kReading, "character references are read", "",
     [] { return Wrap("<InquireProcessState PayId=\"&#88;-&#x31;\"/>"); }},
    {"XML-root-attributes", kReading, "xml:lang and ContentSoftwareID are read", "",
     [] {
       return fmt::format(
           "<IotpPaymentApiRequest xml:lang=\"en\" ContentSoftwareID=\"a, b, 1, 2\">{}{}", kCall,
           kCloseTag);
     }},
};

void CheckDocument(Context& context, const Document& document) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  const bool refused = *document.code != '\0';
  context.ExpectError(wallet, document.make(), refused ? document.code : "AttValIllegal");
}

// What every answer has to be, checked on an answer of each kind.
struct AnswerRule {
  const char* id;
  const char* sentence;
  void (*check)(Context& context, const Answer& answer);
};

const AnswerRule kAnswerRules[] = {
    {"XML-answer-well-formed", "every answer is a well-formed document",
     [](Context&, const Answer& a) { Require(a.well_formed, "an answer is not well-formed"); }},
    {"XML-answer-root", "every answer is an IotpPaymentApiResponse",
     [](Context&, const Answer& a) {
       Require(a.root.name == "IotpPaymentApiResponse", "the root is " + a.root.name);
     }},
    {"XML-answer-namespace", "every answer carries the namespace",
     [](Context&, const Answer& a) {
       Require(a.root.Get("xmlns") == kNamespace, "xmlns is \"" + a.root.Get("xmlns") + "\"");
     }},
    {"XML-answer-software-id", "every answer carries the ContentSoftwareID of the module",
     [](Context& c, const Answer& a) {
       Require(a.root.Get("ContentSoftwareID") == c.table().software_id,
               "ContentSoftwareID is \"" + a.root.Get("ContentSoftwareID") + "\"");
     }},
    {"XML-answer-one-element", "every answer holds exactly one element",
     [](Context&, const Answer& a) {
       Require(a.root.children.size() == 1,
               fmt::format("an answer has {} elements", a.root.children.size()));
     }},
    {"XML-answer-valid", "every answer is valid",
     [](Context&, const Answer& a) {
       const std::string fault = ResponseFault(a.document);
       Require(fault.empty(), fault);
     }},
};

// A refusal, a response, and a refusal that repeats hostile text.
void CheckAnswers(Context& context, const AnswerRule& rule) {
  const WalletKind& kind = AnyKind(context);
  const opb_wallet wallet = context.Open(kind);
  rule.check(context, context.Send(wallet, InquireProcessState("X-1")));
  rule.check(context, context.Send(wallet, InquireProcessState("<&>\"' \xc3\xa4\xe2\x82\xac]]>")));
  rule.check(context, context.Send(wallet, "<"));
  const Deal deal;
  if (kind.roles == OPB_ROLE_CONSUMER) {
    rule.check(context, context.Send(wallet, FindPaymentInstrument(deal)));
    rule.check(context, context.Send(wallet, StartPaymentConsumer(deal)));
    rule.check(context, context.Send(wallet, InquireProcessState(deal.consumer_pay_id)));
  }
  if (context.Plays(OPB_ROLE_MERCHANT)) {
    const opb_wallet shop = context.Open(kMerchant);
    rule.check(context, context.Send(shop, FindAcceptedPaymentBrand(deal)));
    rule.check(context, context.Send(shop, FindAcceptedPaymentProtocol(deal)));
    rule.check(context, context.Send(shop, GetPaymentInitializationData(deal)));
  }
}

void OrderOfChildren(Context& context) {
  context.NeedRole(OPB_ROLE_CONSUMER);
  const opb_wallet wallet = context.Open(kConsumer);
  Node call = FindPaymentInstrument(Deal());
  std::swap(call.children[0], call.children[1]);
  context.ExpectError(wallet, call, "XmlNotValid");
}

void CData(Context& context) {
  context.NeedRole(OPB_ROLE_CONSUMER);
  const opb_wallet wallet = context.Open(kConsumer);
  std::string request = WriteRequest(FindPaymentInstrument(Deal()));
  const std::string text = Deal::DefaultPayProtocol();
  request.replace(request.find(text), text.size(), "<![CDATA[" + text + "]]>");
  const Answer answer = context.Send(wallet, request);
  Require(!answer.refused(), "a CDATA section was answered by " + answer.Summary());
}

void Limit(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  std::string request = Wrap(kCall);
  request += std::string(1048576 - request.size(), ' ');
  context.ExpectError(wallet, request, "AttValIllegal");
  context.ExpectError(wallet, request + " ", "MsgTooLarge");
}

}  // namespace

void AddXmlRules(Rules& rules) {
  for (const Document& document : kDocuments) {
    rules.push_back({document.id, document.clause, document.sentence, Level::kMust,
                     [&document](Context& context) { CheckDocument(context, document); }});
  }
  rules.push_back({"XML-order-of-children", kReading, "children out of order are XmlNotValid",
                   Level::kMust, OrderOfChildren});
  rules.push_back(
      {"XML-cdata", kReading, "a CDATA section is read as its text", Level::kMust, CData});
  rules.push_back({"XML-limit", kErrors,
                   "a document of max_message_bytes is read, one octet more is MsgTooLarge",
                   Level::kMust, Limit});
  for (const AnswerRule& rule : kAnswerRules) {
    rules.push_back({rule.id, kReading, rule.sentence, Level::kMust,
                     [&rule](Context& context) { CheckAnswers(context, rule); }});
  }
}

}  // namespace conform
