#include "bench/floor.h"

#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <xercesc/framework/MemBufInputSource.hpp>
#include <xercesc/sax2/DefaultHandler.hpp>
#include <xercesc/sax2/SAX2XMLReader.hpp>
#include <xercesc/sax2/XMLReaderFactory.hpp>
#include <xercesc/util/XMLUni.hpp>

#include "schema/grammar.h"

namespace bench {
namespace {

constexpr std::size_t kSha1Octets = 20;

void Must(bool done) {
  if (!done) throw std::runtime_error("a library refuses the work of a floor");
}

}  // namespace

// --- cryptography -----------------------------------------------------------------------------

struct Crypto::State {
  OSSL_LIB_CTX* library = OSSL_LIB_CTX_new();
  EVP_PKEY* key = nullptr;
  EVP_PKEY_CTX* sign = nullptr;
  EVP_PKEY_CTX* verify = nullptr;
  EVP_PKEY_CTX* encrypt = nullptr;
  EVP_PKEY_CTX* decrypt = nullptr;
  EVP_MD* sha1 = nullptr;
  EVP_CIPHER* des = nullptr;
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  EVP_CIPHER_CTX* cipher = EVP_CIPHER_CTX_new();
  unsigned char hash[kSha1Octets] = {1};
  std::vector<unsigned char> signature, block, encrypted, out;
  std::vector<unsigned char> text, other;
};

Crypto::Crypto(std::size_t key_bits) : state_(std::make_unique<State>()) {
  State& s = *state_;
  Must(OSSL_PROVIDER_load(s.library, "default") != nullptr);
  Must(OSSL_PROVIDER_load(s.library, "legacy") != nullptr);
  s.sha1 = EVP_MD_fetch(s.library, "SHA1", nullptr);
  s.des = EVP_CIPHER_fetch(s.library, "DES-CBC", nullptr);
  s.key = EVP_PKEY_Q_keygen(s.library, nullptr, "RSA", key_bits);
  Must(s.sha1 != nullptr && s.des != nullptr && s.key != nullptr);
  for (EVP_PKEY_CTX** context : {&s.sign, &s.verify, &s.encrypt, &s.decrypt}) {
    *context = EVP_PKEY_CTX_new_from_pkey(s.library, s.key, nullptr);
  }
  Must(EVP_PKEY_sign_init(s.sign) == 1 && EVP_PKEY_verify_init(s.verify) == 1);
  for (EVP_PKEY_CTX* context : {s.sign, s.verify}) {
    Must(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context, s.sha1) == 1);
  }
  Must(EVP_PKEY_encrypt_init(s.encrypt) == 1 && EVP_PKEY_decrypt_init(s.decrypt) == 1);
  for (EVP_PKEY_CTX* context : {s.encrypt, s.decrypt}) {
    Must(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1);
  }
  s.block.assign(key_bits / 8, 0x5A);
  s.block.front() = 0x01;
  s.signature = s.encrypted = s.out = s.block;
  Sign();
  Encrypt();
}

Crypto::~Crypto() {
  State& s = *state_;
  for (EVP_PKEY_CTX* context : {s.sign, s.verify, s.encrypt, s.decrypt}) {
    EVP_PKEY_CTX_free(context);
  }
  EVP_PKEY_free(s.key);
  EVP_MD_CTX_free(s.digest);
  EVP_CIPHER_CTX_free(s.cipher);
  EVP_MD_free(s.sha1);
  EVP_CIPHER_free(s.des);
  OSSL_LIB_CTX_free(s.library);
}

void Crypto::Sign() {
  State& s = *state_;
  std::size_t size = s.signature.size();
  Must(EVP_PKEY_sign(s.sign, s.signature.data(), &size, s.hash, sizeof s.hash) == 1);
}

void Crypto::Verify() {
  State& s = *state_;
  Must(EVP_PKEY_verify(s.verify, s.signature.data(), s.signature.size(), s.hash, sizeof s.hash) ==
       1);
}

void Crypto::Encrypt() {
  State& s = *state_;
  std::size_t size = s.encrypted.size();
  Must(EVP_PKEY_encrypt(s.encrypt, s.encrypted.data(), &size, s.block.data(), s.block.size()) == 1);
}

void Crypto::Decrypt() {
  State& s = *state_;
  std::size_t size = s.out.size();
  Must(EVP_PKEY_decrypt(s.decrypt, s.out.data(), &size, s.encrypted.data(), s.encrypted.size()) ==
       1);
}

void Crypto::Des(std::size_t octets) {
  State& s = *state_;
  const unsigned char key[8] = {1, 2, 4, 7, 8, 11, 13, 14};
  const unsigned char iv[8] = {};
  s.text.resize(octets);
  s.other.resize(octets + 16);
  int size = 0;
  int last = 0;
  Must(EVP_CipherInit_ex2(s.cipher, s.des, key, iv, 1, nullptr) == 1 &&
       EVP_CipherUpdate(s.cipher, s.other.data(), &size, s.text.data(), static_cast<int>(octets)) ==
           1 &&
       EVP_CipherFinal_ex(s.cipher, s.other.data() + size, &last) == 1);
  const int whole = size + last;
  s.text.resize(octets + 16);
  Must(EVP_CipherInit_ex2(s.cipher, s.des, key, iv, 0, nullptr) == 1 &&
       EVP_CipherUpdate(s.cipher, s.text.data(), &size, s.other.data(), whole) == 1 &&
       EVP_CipherFinal_ex(s.cipher, s.text.data() + size, &last) == 1);
}

void Crypto::Sha1(std::size_t octets) {
  State& s = *state_;
  unsigned char out[kSha1Octets];
  s.text.resize(std::max(s.text.size(), octets));
  Must(EVP_DigestInit_ex2(s.digest, s.sha1, nullptr) == 1 &&
       EVP_DigestUpdate(s.digest, s.text.data(), octets) == 1 &&
       EVP_DigestFinal_ex(s.digest, out, nullptr) == 1);
}

void Crypto::Purchase(const std::vector<std::size_t>& des, const std::vector<std::size_t>& sha1) {
  for (int i = 0; i < kSigns; ++i) Sign();
  for (int i = 0; i < kDecrypts; ++i) Decrypt();
  for (int i = 0; i < kVerifies; ++i) Verify();
  for (int i = 0; i < kEncrypts; ++i) Encrypt();
  for (const std::size_t octets : des) Des(octets);
  for (const std::size_t octets : sha1) Sha1(octets);
}

// --- XML --------------------------------------------------------------------------------------

struct Parse::State {
  xercesc::DefaultHandler nothing;
  std::unique_ptr<xercesc::SAX2XMLReader> reader;
};

Parse::Parse() : state_(std::make_unique<State>()) {
  using xercesc::XMLUni;
  xercesc::XMLGrammarPool* grammar = schema::Grammar();
  auto& reader = state_->reader;
  reader.reset(xercesc::XMLReaderFactory::createXMLReader(
      xercesc::XMLPlatformUtils::fgMemoryManager, grammar));
  reader->setFeature(XMLUni::fgSAX2CoreValidation, true);
  reader->setFeature(XMLUni::fgXercesDynamic, false);
  reader->setFeature(XMLUni::fgXercesSchema, true);
  reader->setFeature(XMLUni::fgXercesSchemaFullChecking, false);
  reader->setFeature(XMLUni::fgXercesIdentityConstraintChecking, false);
  reader->setFeature(XMLUni::fgXercesUseCachedGrammarInParse, true);
  reader->setFeature(XMLUni::fgXercesDisableDefaultEntityResolution, true);
  reader->setContentHandler(&state_->nothing);
  reader->setErrorHandler(&state_->nothing);
}

Parse::~Parse() = default;

void Parse::Read(const std::string& document) {
  xercesc::MemBufInputSource source(reinterpret_cast<const XMLByte*>(document.data()),
                                    document.size(), u"request");
  source.setCopyBufToStream(false);
  state_->reader->parse(source);
  Must(state_->reader->getErrorCount() == 0);
}

// --- SQLite -----------------------------------------------------------------------------------

struct Commits::State {
  sqlite3* database = nullptr;
  sqlite3_stmt* begin = nullptr;
  sqlite3_stmt* insert = nullptr;
  sqlite3_stmt* commit = nullptr;
  std::string octets;
};

Commits::Commits(const std::string& file) : state_(std::make_unique<State>()) {
  State& s = *state_;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  Must(sqlite3_open_v2(file.c_str(), &s.database, flags, nullptr) == SQLITE_OK);
  Must(sqlite3_exec(s.database,
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                    "CREATE TABLE entry (id INTEGER PRIMARY KEY, octets BLOB NOT NULL) STRICT",
                    nullptr, nullptr, nullptr) == SQLITE_OK);
  for (const auto& [statement, text] :
       {std::pair(&s.begin, "BEGIN IMMEDIATE"),
        std::pair(&s.insert, "INSERT INTO entry (octets) VALUES (?)"),
        std::pair(&s.commit, "COMMIT")}) {
    Must(sqlite3_prepare_v3(s.database, text, -1, SQLITE_PREPARE_PERSISTENT, statement, nullptr) ==
         SQLITE_OK);
  }
}

Commits::~Commits() {
  State& s = *state_;
  for (sqlite3_stmt* statement : {s.begin, s.insert, s.commit}) sqlite3_finalize(statement);
  sqlite3_close(s.database);
}

void Commits::Write(int rows, std::size_t octets) {
  State& s = *state_;
  s.octets.resize(octets, 'x');
  const auto run = [](sqlite3_stmt* statement) {
    Must(sqlite3_step(statement) == SQLITE_DONE);
    sqlite3_reset(statement);
  };
  run(s.begin);
  for (int i = 0; i < rows; ++i) {
    sqlite3_bind_blob(s.insert, 1, s.octets.data(), static_cast<int>(octets), SQLITE_STATIC);
    run(s.insert);
  }
  run(s.commit);
}

}  // namespace bench
