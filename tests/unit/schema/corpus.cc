#include "unit/schema/corpus.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace schema {

std::vector<CorpusFile> Corpus() {
  std::vector<CorpusFile> files;
  for (const auto& entry : std::filesystem::directory_iterator(OPB_SCHEMA_CORPUS)) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::string name = entry.path().stem();
    files.push_back(
        {name, std::move(text), !name.ends_with("Response") || name == "CheckAuthResponse"});
  }
  std::sort(files.begin(), files.end(),
            [](const CorpusFile& a, const CorpusFile& b) { return a.name < b.name; });
  return files;
}

std::string WithoutNamespace(std::string text) {
  constexpr std::string_view kDeclaration = " xmlns=\"http://www.iotp.org/2000/08/PaymentAPI\"";
  const auto at = text.find(kDeclaration);
  if (at != std::string::npos) text.erase(at, kDeclaration.size());
  return text;
}

std::string Request(std::string_view call) {
  return "<IotpPaymentApiRequest>" + std::string(call) + "</IotpPaymentApiRequest>";
}

}  // namespace schema
