#include "bridge/programs/set_bridge/demo/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "bridge/programs/set_bridge/decode/tree.h"
#include "db/intents.h"
#include "db/payments.h"
#include "db/wallet_store.h"
#include "schema/reader.h"
#include "setcore/base64.h"
#include "setcore/messages/glance.h"

namespace bridge::programs {
namespace {

constexpr std::array<std::string_view, 3> kRoleNames = {"consumer", "merchant", "payment handler"};

std::string_view AsText(setcore::OctetView octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

// What a person wants to know of a response, in a few words.
std::string Summary(const schema::Element& call) {
  if (call.name == "ErrorResponse") {
    return fmt::format("{}: {}", call.Value("ErrorCode"), call.Value("ErrorDesc"));
  }
  std::string words;
  for (const std::string_view name : {"ContStatus", "ProcessState", "CompletionCode"}) {
    if (const auto value = call.Find(name))
      words += (words.empty() ? "" : ", ") + std::string(*value);
  }
  if (const auto percent = call.Find("PercentComplete")) words += fmt::format(", {} %", *percent);
  for (const schema::Element* item : call.Children("BrandItem")) {
    words += (words.empty() ? "" : ", ") + std::string(item->Value("BrandName"));
  }
  for (const schema::Element* instrument : call.Children("PayInstrument")) {
    words += (words.empty() ? "" : ", ") + std::string(instrument->Value("PayInstName"));
  }
  return words.empty() ? "done" : words;
}

}  // namespace

void Trace::Add(Role role, const std::string& request, const std::string& response) {
  const auto asked = schema::Read(request);
  const auto answered = schema::ReadResponse(response);
  if (!asked || !answered) return;
  const std::string_view who = kRoleNames[static_cast<std::size_t>(role)];
  const std::string_view name = asked->call().name;
  const std::string summary = Summary(answered->call());
  fmt::print("{:2}  {:<16} {:<28} {}\n", ++number_, who, name, summary);
  if (page_ != nullptr) {
    page_->Details(fmt::format("{}. {}: {}: {}", number_, who, name, summary),
                   request + "\n\n" + response);
  }
  if (role == Role::kPaymentHandler && name == "ContinueProcess") asking_ = number_;
  Write(number_, fmt::format("{}-{}", who, name), "xml", request);
  Write(number_, fmt::format("{}-{}-response", who, name), "xml", response);
  const schema::Element* scheme = answered->call().Child("PaySchemePackagedContent");
  if (scheme == nullptr) return;
  const std::string_view other = role == Role::kConsumer ? kRoleNames[2] : kRoleNames[0];
  if (const auto octets = setcore::DecodeBase64(scheme->text)) {
    Message(number_, who, other, *octets);
  }
}

void Trace::AddAcquirer(const std::string& wallet, const std::string& pay_id) {
  const auto connection = db::OpenWalletReader(wallet);
  if (!connection) return;
  const auto intent =
      (*connection)->Read([&](db::Reader& reader) -> db::Result<std::optional<db::Intent>> {
        const auto payment = db::FindPayment(reader, pay_id);
        if (!payment) return tl::unexpected(payment.error());
        if (!*payment) return std::nullopt;
        return db::LastIntent(reader, (*payment)->id, "AuthReq");
      });
  if (!intent || !*intent) return;
  constexpr std::string_view kHeading =
      "between payment handler and gateway, while the PReq was answered:";
  fmt::print("\n{}\n", kHeading);
  if (page_ != nullptr) page_->Paragraph(kHeading);
  Message(asking_, kRoleNames[2], "gateway", (*intent)->request);
  if ((*intent)->outcome) Message(asking_, "gateway", kRoleNames[2], *(*intent)->outcome);
}

void Trace::Message(int number, std::string_view from, std::string_view to,
                    setcore::OctetView octets) {
  const auto glance = setcore::Glance(octets);
  const std::string_view name = glance ? glance->name : "unknown";
  fmt::print("      {:<10} {:>5} octets   {} -> {}\n", name, octets.size(), from, to);
  Write(number, name, "der", AsText(octets));
  const auto node = decode::Decode(octets, {});
  const std::string tree = node ? decode::ToText(*node) : "";
  Write(number, name, "txt", tree);
  if (page_ != nullptr) {
    page_->Details(fmt::format("{}, {} octets, {} -> {}", name, octets.size(), from, to), tree);
  }
}

void Trace::Write(int number, std::string_view name, std::string_view extension,
                  std::string_view octets) {
  std::string base = fmt::format("{:02}-{}.{}", number, name, extension);
  std::ranges::replace(base, ' ', '-');
  const std::string file = directory_ + "/" + base;
  std::ofstream out(file, std::ios::binary);
  out << octets;
  out.close();
  if (!out && trouble_.empty()) trouble_ = file + ": cannot be written";
}

void PrintReceipt(std::string_view heading, const Purchase& purchase, HtmlPage* page) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kLines = {{
      {"paid to", "PaymentHandlerDesc"},
      {"with", "PaymentInstrumentId"},
      {"brand", "BrandId"},
      {"amount", "Amount"},
      {"currency", "CurrCode"},
      {"protocol", "ProtocolId"},
      {"reference", "ProtocolTransId"},
      {"time", "TimeStamp"},
  }};
  fmt::print("{}\n", heading);
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& [label, attribute] : kLines) {
    const std::string value = purchase.Attribute(attribute);
    if (value.empty()) continue;
    fmt::print("  {:<10} {}\n", label, value);
    rows.emplace_back(label, value);
  }
  if (page == nullptr) return;
  page->Heading(heading);
  page->Table(rows);
}

}  // namespace bridge::programs
