// SET Initiation messages of every profile: what is parsed can be written, and reads the same
// again. The first octet chooses the profile.
#include <iterator>
#include <string_view>

#include "fuzz/target.h"
#include "setcore/initiation/initiation.h"

namespace {

using namespace setcore::initiation;

constexpr Profile kProfiles[] = {Profile::kPayProtocol, Profile::kMerchantData,
                                 Profile::kInitiation, Profile::kFollowing, Profile::kResponse};
constexpr std::string_view kKnown[] = {"1.2.3"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const Profile profile = kProfiles[input.Octet() % std::size(kProfiles)];
  const setcore::OctetView octets = input.rest();
  const bool header_only = profile == Profile::kPayProtocol || profile == Profile::kMerchantData;

  const Classified classified = Classify(octets);
  fuzz::Require(classified.message.size() <= octets.size(), "what is classified was there");
  const std::vector<Field> fields = ReadFields(octets);

  const auto message = Parse(octets, profile, kKnown);
  if (!message) {
    fuzz::Require(message.error().field.size() <= kMaxLine, "a fault names a field of a line");
    const Initiation refusal = ComposeErrorResponse(fields, message.error());
    fuzz::Require(Parse(Write(refusal, false), Profile::kResponse).has_value(),
                  "a refusal is a Response");
    return 0;
  }
  if (message->fields.empty()) return 0;  // nothing but optional URLs that were dropped
  const setcore::Octets written = Write(*message, header_only);
  const auto again = Parse(written, profile, kKnown);
  fuzz::Require(again.has_value(), "what is written can be read");
  fuzz::Require(again->fields == message->fields && again->body == message->body,
                "write, parse: the same");
  fuzz::Require(again->purch_amt == message->purch_amt && again->lid_m == message->lid_m &&
                    again->brands == message->brands && again->extensions == message->extensions &&
                    again->recurring == message->recurring &&
                    again->install_total_trans == message->install_total_trans,
                "write, parse: the same meaning");
  fuzz::Require(Write(*again, header_only) == written, "written twice: the same");
  return 0;
}
