#include "end_to_end/verdict.h"

#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "schema/reader.h"
#include "schema/writer.h"
#include "setcore/base64.h"
#include "setcore/messages/glance.h"
#include "setcore/pki/trust_store.h"
#include "setcore/receipt.h"
#include "setcore/received_error.h"

namespace market {
namespace {

std::string Contents(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string ErrorText(const Market& market, const setcore::Octets& message) {
  setcore::pki::TrustStore trust;
  const std::string root = Contents(market.PkiDirectory() + "/root.pem");
  if (!trust.AddRoot({reinterpret_cast<const std::uint8_t*>(root.data()), root.size()})) {
    throw std::runtime_error("no root");
  }
  const auto error = setcore::ReadError({std::time(nullptr), nullptr}, trust, message);
  if (!error) return "unreadable Error: " + error.error().detail;
  return (error->signer ? "signed Error " : "unsigned Error ") +
         std::string(Name(error->error.error_code));
}

std::string MessageText(const Market& market, const schema::Element& packaged) {
  const auto octets = setcore::DecodeBase64(packaged.text);
  if (!octets) return "no base64";
  if (octets->empty() || octets->front() != 0x30) return "Initiation Response";
  const auto glimpse = setcore::Glance(*octets);
  if (!glimpse) return "no SET message";
  if (glimpse->name == "Error") return ErrorText(market, *octets);
  const auto facts = setcore::ReadPRes(*octets);
  if (facts) return "PRes " + std::string(facts->name);
  return std::string(glimpse->name);
}

}  // namespace

std::string Verdict(const Market& market, std::string_view response) {
  const auto document = schema::ReadResponse(response);
  if (!document) return "unreadable";
  const schema::Element& call = document->call();
  std::string text(call.name);
  if (call.name == "ErrorResponse") {
    text = call.Value("ErrorCode");
    for (const schema::Element* location : call.Children("ErrorLocation")) {
      text += " " + std::string(location->Value("ElementType"));
      if (const auto attribute = location->Find("AttName")) text += "@" + std::string(*attribute);
    }
    if (call.Value("Severity") == "TransientError") {
      text += ", again in " + std::string(call.Value("MinRetrySecs")) + " s";
    }
  } else if (const auto cont_status = call.Find("ContStatus")) {
    text += " " + std::string(*cont_status);
  }
  for (const schema::Element* packaged : call.Children("PaySchemePackagedContent")) {
    text += ", with " + MessageText(market, *packaged);
  }
  return text;
}

std::vector<std::string> Values(std::string_view response, std::string_view element,
                                std::string_view attribute) {
  const auto document = schema::ReadResponse(response);
  std::vector<std::string> values;
  for (const auto* child : document->call().Children(element)) {
    values.emplace_back(child->Value(attribute));
  }
  return values;
}

std::string StateOf(const Market& market, Role role, const std::string& pay_id) {
  const auto rows =
      Query(market.WalletDb(role),
            "SELECT ProcessState, PercentComplete FROM payments WHERE PayId = '" + pay_id + "'");
  return rows.empty() ? "absent" : rows.at(0).at(0) + " " + rows.at(0).at(1);
}

namespace {

std::string PayIdOf(Role role, const Purchase& purchase) {
  if (role == Role::kConsumer) return purchase.order().consumer_pay_id;
  return role == Role::kMerchant ? purchase.order().merchant_pay_id
                                 : purchase.order().handler_pay_id;
}

}  // namespace

std::string StateOf(const Market& market, Role role, const Purchase& purchase) {
  return StateOf(market, role, PayIdOf(role, purchase));
}

std::string StatusDescOf(const Market& market, Role role, const Purchase& purchase) {
  const auto rows = Query(market.WalletDb(role), "SELECT StatusDesc FROM payments WHERE PayId = '" +
                                                     PayIdOf(role, purchase) + "'");
  return rows.empty() ? "absent" : rows.at(0).at(0);
}

std::string Ledger(const Market& market, Role role) {
  std::string text;
  for (const char* table : {"payment", "entry", "used_id", "intent"}) {
    text += table;
    text += '\n';
    for (const Row& row :
         Query(market.WalletDb(role), std::string("SELECT * FROM ") + table + " ORDER BY 1, 2")) {
      for (const std::string& column : row) text += column + '|';
      text += '\n';
    }
  }
  return text;
}

namespace {

std::string Request(const schema::Node& call) {
  return schema::WriteRequest(call, {"The SET Bridge authors, end-to-end tests, 1.0.0", {}});
}

schema::Node SchemeData(std::string_view base64, std::string_view name) {
  return schema::PackagedContent("PaySchemePackagedContent", name, "PCDATA", "BASE64", base64);
}

}  // namespace

std::string Inquire(Market& market, const std::string& suffix) {
  const std::string asked =
      market.Ask(Role::kConsumer,
                 Request(schema::Node("StartPaymentInquiry").Set("ConsumerPayId", "C-" + suffix)));
  schema::Node call("InquirePaymentStatus");
  call.Set("PaymentHandlerPayId", "P-" + suffix)
      .Add(SchemeData(ContentOf(asked, "PaySchemePackagedContent"), {}));
  return market.Ask(Role::kPaymentHandler, Request(call));
}

std::string ContinueRequest(std::string_view pay_id, std::string_view base64,
                            std::string_view name) {
  schema::Node call("ContinueProcess");
  call.Set("PayId", pay_id).Add(SchemeData(base64, name));
  return Request(call);
}

std::string ContinueRequest(std::string_view pay_id, const setcore::Octets& message,
                            std::string_view name) {
  return ContinueRequest(pay_id, setcore::EncodeBase64(message), name);
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error(std::string(from) + " is not in " + text);
  return text.replace(at, from.size(), to);
}

namespace {

// Where ` name="…"` stands.
std::pair<std::size_t, std::size_t> Find(const std::string& text, const std::string& name) {
  const std::size_t at = text.find(" " + name + "=\"");
  if (at == std::string::npos) throw std::runtime_error("no " + name + " in " + text);
  const std::size_t end = text.find('"', at + name.size() + 3) + 1;
  return {at, end - at};
}

}  // namespace

std::string WithAttribute(const std::string& text, const std::string& name,
                          const std::string& value) {
  const auto [at, size] = Find(text, name);
  std::string changed = text;
  return changed.replace(at, size, " " + name + "=\"" + value + "\"");
}

std::string WithoutAttribute(const std::string& text, const std::string& name) {
  const auto [at, size] = Find(text, name);
  std::string changed = text;
  return changed.erase(at, size);
}

std::string With(const std::string& text, const std::string& element, const std::string& more) {
  return Replaced(text, "<" + element + " ", "<" + element + " " + more + " ");
}

namespace {

// Where the text of the first `element` stands.
std::pair<std::size_t, std::size_t> FindContent(const std::string& text,
                                                const std::string& element) {
  const std::size_t begin = text.find("<" + element);
  const std::size_t end = text.find("</" + element + ">", begin);
  if (end == std::string::npos) throw std::runtime_error("no " + element + " in " + text);
  const std::size_t from = text.find('>', begin) + 1;
  return {from, end - from};
}

}  // namespace

std::string ContentOf(const std::string& text, const std::string& element) {
  const auto [at, size] = FindContent(text, element);
  return text.substr(at, size);
}

std::string WithContent(const std::string& text, const std::string& element,
                        const std::string& content) {
  const auto [at, size] = FindContent(text, element);
  std::string changed = text;
  return changed.replace(at, size, content);
}

std::string WithoutElement(const std::string& text, const std::string& element) {
  const auto [at, size] = FindContent(text, element);
  const std::size_t begin = text.find("<" + element);
  std::string changed = text;
  return changed.erase(begin, at + size + element.size() + 3 - begin);
}

}  // namespace market
