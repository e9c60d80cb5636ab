#include "setcore/pki/brand.h"

#include <algorithm>

namespace setcore::pki {
namespace {
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
}  // namespace

std::string_view BrandPart(std::string_view brand) { return brand.substr(0, brand.find(':')); }

// D-35
bool SameBrand(std::string_view a, std::string_view b) {
  return std::ranges::equal(BrandPart(a), BrandPart(b),
                            [](char x, char y) { return Lower(x) == Lower(y); });
}

}  // namespace setcore::pki
