#include "bridge/calls/request_digest.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "setcore/base64.h"

namespace bridge {
namespace {

constexpr std::array<std::string_view, 5> kLeftOut = {
    "Passphrase", "CallBackFunction", "CallBackLanguageList", "xml:lang", "ContentSoftwareID"};

setcore::OctetView AsOctets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Every piece goes in behind its length, so that no two sequences of pieces give the same octets.
class Sink {
 public:
  void Number(std::uint64_t number) {
    for (int i = 0; i < 8; ++i) {
      octets_.push_back(static_cast<std::uint8_t>(number));
      number >>= 8;
    }
  }
  void Piece(setcore::OctetView octets) {
    Number(octets.size());
    octets_.insert(octets_.end(), octets.begin(), octets.end());
  }
  void Piece(std::string_view text) { Piece(AsOctets(text)); }
  setcore::crypto::Sha256Digest Finish() const { return setcore::crypto::Sha256(octets_); }

 private:
  setcore::Octets octets_;
};

void Add(Sink& sink, const schema::Element& element) {
  std::vector<schema::Attribute> attributes;
  for (const schema::Attribute& attribute : element.attributes) {
    if (std::find(kLeftOut.begin(), kLeftOut.end(), attribute.name) == kLeftOut.end()) {
      attributes.push_back(attribute);
    }
  }
  std::sort(attributes.begin(), attributes.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  sink.Piece(element.name);
  sink.Number(attributes.size());
  for (const schema::Attribute& attribute : attributes) {
    sink.Piece(attribute.name);
    sink.Piece(attribute.value);
  }
  const auto decoded =
      element.Value("Transform") == "BASE64" ? setcore::DecodeBase64(element.text) : std::nullopt;
  if (decoded) {
    sink.Piece(setcore::OctetView(*decoded));
  } else {
    sink.Piece(element.text);
  }
  sink.Number(element.children.size());
  for (const schema::Element* child : element.children) Add(sink, *child);
}

}  // namespace

setcore::crypto::Sha256Digest RequestDigest(const schema::Element& call) {
  Sink sink;
  Add(sink, call);
  return sink.Finish();
}

}  // namespace bridge
