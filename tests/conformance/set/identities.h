// The hierarchy on disk (../pki.h), read again by the parties.
#ifndef TESTS_CONFORMANCE_SET_IDENTITIES_H_
#define TESTS_CONFORMANCE_SET_IDENTITIES_H_

#include <filesystem>
#include <string>
#include <string_view>

#include "set/certificate.h"
#include "set/party.h"

namespace conform::set {

// NAME.pem and NAME.key of the directory.
Identity ReadIdentity(const std::filesystem::path& directory, std::string_view name);
std::vector<Octets> ReadPemCertificates(const std::filesystem::path& file);

Market ReadMarket(const std::filesystem::path& directory);

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_IDENTITIES_H_
