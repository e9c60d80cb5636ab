#include "fuzz/call_sequence/bend.h"

#include <optional>
#include <utility>
#include <vector>

#include "fuzz/call_sequence/wallets.h"
#include "setcore/base64.h"

namespace call_sequence {
namespace {

constexpr std::string_view kScheme = "PaySchemePackagedContent";

// The first attribute `name` of `text`, from the quote to the quote.
std::optional<std::pair<std::size_t, std::size_t>> FindAttribute(const std::string& text,
                                                                 std::string_view name) {
  const std::size_t at = text.find(" " + std::string(name) + "=\"");
  if (at == std::string::npos) return std::nullopt;
  const std::size_t begin = at + name.size() + 3;
  return std::pair(begin, text.find('"', begin));
}

void SetAttribute(std::string& text, std::string_view name, std::string_view value) {
  const auto place = FindAttribute(text, name);
  if (place) text.replace(place->first, place->second - place->first, value);
}

// Puts an attribute into the element of the call, behind the root's.
void AddAttribute(std::string& text, std::string_view name, std::string_view value) {
  const std::size_t root = text.find("<IotpPaymentApiRequest");
  const std::size_t call = text.find('<', root + 1);
  const std::size_t end = text.find_first_of(" />", call + 1);
  if (root == std::string::npos || call == std::string::npos || end == std::string::npos) return;
  text.insert(end, " " + std::string(name) + "=\"" + std::string(value) + "\"");
}

// The octets of the payment scheme message in `text`.
std::optional<std::pair<std::size_t, std::size_t>> FindMessage(const std::string& text) {
  const std::size_t element = text.find("<" + std::string(kScheme));
  if (element == std::string::npos) return std::nullopt;
  const std::size_t begin = text.find('>', element) + 1;
  const std::size_t end = text.find('<', begin);
  if (begin == 0 || end == std::string::npos) return std::nullopt;
  return std::pair(begin, end);
}

}  // namespace

std::string Attribute(const std::string& request, std::string_view name) {
  const auto place = FindAttribute(request, name);
  if (!place || place->second == std::string::npos) return {};
  return request.substr(place->first, place->second - place->first);
}

std::string_view NameOfCall(std::string_view request) {
  const std::size_t root = request.find("<IotpPaymentApiRequest");
  if (root == std::string_view::npos) return {};
  const std::size_t call = request.find('<', root + 1);
  if (call == std::string_view::npos) return {};
  request.remove_prefix(call + 1);
  return request.substr(0, request.find_first_of(" />"));
}

std::string PayIdOf(const std::string& request, bridge::Role role) {
  std::vector<std::string_view> names = {"PayId", "PaymentHandlerPayId", "MerchantPayId"};
  if (role != bridge::Role::kPaymentHandler) names.emplace_back("ConsumerPayId");
  for (const std::string_view name : names) {
    if (std::string value = Attribute(request, name); !value.empty()) return value;
  }
  return {};
}

std::string Bend(const Edit& edit, std::size_t wallet, const std::string& other,
                 std::string request) {
  const bool keeps_quiet = edit.kind == 1;
  const bool has_place = NameOfCall(request) != "FindPaymentInstrument";  // no Passphrase there
  if (wallet == kLockedConsumer && has_place && !keeps_quiet) {
    AddAttribute(request, "Passphrase", edit.kind == 2 ? kWrongPassphrase : kPassphrase);
  }
  const auto message = FindMessage(request);
  const auto exchange = [&](const std::string& other) {
    if (message) request.replace(message->first, message->second - message->first, other);
  };
  const auto octets = [&]() -> setcore::Octets {
    if (!message) return {};
    return setcore::DecodeBase64(request.substr(message->first, message->second - message->first))
        .value_or(setcore::Octets());
  };
  const std::size_t number = edit.parameter;
  switch (edit.kind) {
    case 3:
      SetAttribute(request, "Amount", number % 2 == 0 ? "157.54" : "0");
      break;
    case 4:
      SetAttribute(request, "CurrCode", number % 2 == 0 ? "JPY" : "XYZ");
      break;
    case 5:
      SetAttribute(request, "BrandId", "MasterCard");
      break;
    case 6:
      SetAttribute(request, "ProtocolBrandId", "VISA:Gold");
      break;
    case 7:
      SetAttribute(request, "PayDirection", "Credit");
      break;
    case 8:
      for (const std::string_view name :
           {"PayId", "ConsumerPayId", "PaymentHandlerPayId", "MerchantPayId"}) {
        if (const auto place = FindAttribute(request, name)) {
          if (place->second > place->first)
            request[place->second - 1] = static_cast<char>('0' + number % 5);
        }
      }
      break;
    case 9:
      AddAttribute(request, "WalletID", number % 2 == 0 ? "c" : "p");
      break;
    case 10:
      AddAttribute(request, "CallBackFunction", "told");
      if (number % 4 != 3) AddAttribute(request, "CallBackLanguageList", "en");
      break;
    case 11:
      exchange(other);
      break;
    case 12: {
      setcore::Octets bent = octets();
      if (bent.empty()) break;
      bent[bent.size() * number / 256] ^= 1;
      exchange(setcore::EncodeBase64(bent));
      break;
    }
    case 13: {
      setcore::Octets bent = octets();
      bent.resize(bent.size() * number / 256);
      exchange(setcore::EncodeBase64(bent));
      break;
    }
    case 14: {
      setcore::Octets bent = octets();
      bent.push_back(static_cast<std::uint8_t>(number));
      exchange(setcore::EncodeBase64(bent));
      break;
    }
    case 15:
      exchange("?=A");
      break;
    case 16:
      exchange({});
      break;
    case 17:
      SetAttribute(request, "OkTo", "2026-01-01T00:00:00Z");
      break;
    case 18:
      SetAttribute(request, "PaymentInstrumentId", number % 2 == 0 ? "plain" : "third");
      break;
    case 19:
      AddAttribute(request, "ProcessType", "Inquiry");
      break;
    case 20:
      SetAttribute(request, "Transform", "NONE");
      break;
    case 21:
      SetAttribute(request, "MerchantOrgId", "another.example");
      break;
    case 22:
      SetAttribute(request, "ProtocolId", "SETv2.0");
      break;
    case 23:
      request.resize(request.size() * number / 256);
      break;
    default:
      break;
  }
  return request;
}

}  // namespace call_sequence
