// The proxy: a good module that changes one thing.  OPB_CONFORM_CHANGE names the thing, or
// OPB_CONFORM_MATRIX a file (seen_failing.txt) that names one for each rule.  A change that cannot
// be read aborts, and so does a rule that the file does not have.
//   drop CALL ATTRIBUTE          the attribute is left out of the answer
//   set CALL ATTRIBUTE VALUE     the attribute, where it is, has another value
//   add ELEMENT ATTRIBUTE VALUE  the element has one attribute more
//   swap CALL WORD WORD          one word stands for another
//   strip CALL ELEMENT           the elements of that name are left out
//   flip CALL PERMILLE [BIT]     one bit of the SET message or PayProtocol data, that far into it
//   waver CALL PERMILLE          the same every second time
//     …-in  the same in the request, …-told in a CallBack, …-heard in what the host answers to it
//   count CALL                   no two answers are alike
//   lie TYPE FIELD VALUE         one field of the SET messages is wrong (lies.h)
//   accept CALL CONTSTATUS       what is refused with a hard error is taken instead
//   refuse CALL CODE             the answer is an error with this code
//   stale CALL                   every answer is the first one
//   status FUNCTION FROM TO      a function of the table has another status
//   table MEMBER                 the member is 8, or null
//   clock SECONDS                the module's clock goes ahead
//   deaf SERVICE                 the module does not find the service
//   call-back CALL               the host is called back once more
//   forget all                   what was written is gone at the next open
//   sticky all                   what ends without close stays open
//   queue all                    one call waits for another
//   busy all                     one call fails beside another
//   note TEXT, hold TEXT         the text is kept in the wallet, in memory
// CALL is the element of the request, or * for all.
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>

#include "edits.h"
#include "lies.h"
#include "shim.h"
#include "surroundings.h"

namespace bad {
namespace {

// Made at the first use: SetBadness runs while the module is being loaded.
Change& TheChange() {
  static Change change;
  return change;
}

bool Speaks(std::string_view request) {
  const Change& change = TheChange();
  return change.call == "*" || Contains(request, "<" + change.call + " ") ||
         Contains(request, "<" + change.call + ">") || Contains(request, "<" + change.call + "/");
}

void Count(std::string& text) {
  static std::atomic<int> answers = 0;
  const std::size_t at = FindValue(text, "ContentSoftwareID", 0);
  if (at != std::string::npos) text.insert(at, std::to_string(++answers) + " ");
}

// What a rule's process was started with (runner.h): --rule-process, the rule, the module, the kit.
std::string WordOfCommand(int index) {
  std::ifstream command("/proc/self/cmdline", std::ios::binary);
  std::string word;
  for (int i = 0; i <= index; ++i) std::getline(command, word, '\0');
  return word;
}

// The name of the call: the element below the root.
std::string NameOf(std::string_view request) {
  const auto root = request.find("<IotpPaymentApiRequest");
  const auto at = root == std::string_view::npos ? root : request.find('<', root + 1);
  if (at == std::string_view::npos) return "";
  return std::string(request.substr(at + 1, request.find_first_of(" />", at) - at - 1));
}

// The answer's element, behind the root's start tag and before its end tag, becomes another one.
void PutElement(std::string& answer, const std::string& element) {
  const std::size_t root = answer.find("<IotpPaymentApiResponse");
  const std::size_t begin = root == std::string::npos ? root : answer.find('>', root);
  const std::size_t end = answer.rfind("</IotpPaymentApiResponse");
  if (begin == std::string::npos || end == std::string::npos) return;
  answer.replace(begin + 1, end - begin - 1, element);
}

void Accept(std::string_view request, std::string& answer) {
  const Change& change = TheChange();
  if (!Contains(answer, "\"HardError\"")) return;
  std::string element = "<" + NameOf(request) + "Response";
  if (!change.first.empty()) element += " ContStatus=\"" + change.first + "\"";
  PutElement(answer, element + "/>");
}

void Refuse(std::string_view request, std::string& answer) {
  PutElement(answer, "<ErrorResponse ErrorCode=\"" + TheChange().first +
                         "\" ErrorDesc=\"no\" Severity=\"HardError\" SwVendorErrorRef=\"1\">"
                         "<ErrorLocation ElementType=\"" +
                         NameOf(request) + "\"/></ErrorResponse>");
}

void RepeatFirst(std::string_view request, std::string& answer) {
  static std::mutex mutex;
  static std::map<std::string, std::string> first;
  const std::lock_guard lock(mutex);
  answer = first.emplace(NameOf(request), answer).first->second;
}

void OnAnswer(std::string_view request, std::string& answer) {
  const Change& change = TheChange();
  if (change.kind != "add" && !Speaks(request)) return;
  if (Edit(change.kind, change, answer)) return;
  if (change.kind == "count") Count(answer);
  if (change.kind == "accept") Accept(request, answer);
  if (change.kind == "refuse") Refuse(request, answer);
  if (change.kind == "stale") RepeatFirst(request, answer);
}

void Lie(std::string_view request, std::string& answer) {
  static Liar liar(TheChange(), WordOfCommand(4) + "/pki");
  const std::string message = liar.Message(request);
  if (message.empty()) return;
  PutElement(answer, "<" + NameOf(request) +
                         "Response ContStatus=\"Continue\"><PaySchemePackagedContent "
                         "Content=\"PCDATA\" Transform=\"BASE64\">" +
                         message + "</PaySchemePackagedContent></" + NameOf(request) + "Response>");
}

void OnRequest(std::string& request) {
  const Change& change = TheChange();
  if (change.kind == "add-in" || (change.kind.ends_with("-in") && Speaks(request))) {
    Edit(change.kind.substr(0, change.kind.size() - 3), change, request);
  }
}

// The line of the matrix for the rule that this process is about.  A process that is about none
// gets no change.
std::string FromMatrix(const char* matrix) {
  if (WordOfCommand(1) != "--rule-process") return "none none";
  const std::string rule = WordOfCommand(2);
  std::ifstream lines(matrix);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(rule + "\t")) return line.substr(rule.size() + 1);
  }
  return "";
}

}  // namespace

void SetBadness(opb_entry_table& table, Hooks& hooks) {
  const char* matrix = std::getenv("OPB_CONFORM_MATRIX");
  const char* line = std::getenv("OPB_CONFORM_CHANGE");
  std::istringstream words(matrix != nullptr ? FromMatrix(matrix) : line != nullptr ? line : "");
  Change& change = TheChange();
  words >> change.kind >> change.call >> change.first >> change.second;
  if (change.call.empty()) std::abort();
  hooks.request = OnRequest;
  hooks.answer = change.kind == "lie" ? Lie : OnAnswer;
  ChangeSurroundings(change, table);
}

}  // namespace bad
