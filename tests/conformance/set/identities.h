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

// For parties that are to be refused: a leaf for `key` as `order` says, issued by the authority of
// that name...
Identity IssueUnder(const std::filesystem::path& directory, std::string_view authority, Order order,
                    const Key& key);
// ... or by authorities of another brand, whose chain goes up to the same root.  `authority` is
// what the last of them may issue for.
Identity IssueUnderBrand(const std::filesystem::path& directory, const std::string& brand,
                         Holder authority, Order order, const Key& key);

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_IDENTITIES_H_
