// Brands in SET: "brand", "brand:product" or "brand:product:PCN".
#ifndef SETCORE_PKI_BRAND_H_
#define SETCORE_PKI_BRAND_H_

#include <string_view>

namespace setcore::pki {

// The part before the first ':'.
std::string_view BrandPart(std::string_view brand);

// SameBrand compares the brand parts only, ASCII letters without regard to case.
bool SameBrand(std::string_view a, std::string_view b);

}  // namespace setcore::pki

#endif  // SETCORE_PKI_BRAND_H_
