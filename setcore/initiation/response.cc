// Composing Initiation Responses (set-initiation.md, 5).

#include <algorithm>

#include "setcore/initiation/field_registry.h"
#include "setcore/initiation/header_block.h"
#include "setcore/initiation/initiation.h"

namespace setcore::initiation {
namespace {

std::vector<Field> Head() {
  return {{std::string(kMimeVersionField), "1.0"},
          {std::string(kTransferEncodingField), std::string(kBinary)},
          {std::string(kTypeField), std::string(kPaymentInitiationResponse)},
          {std::string(kVersionField), std::string(kVersion)}};
}

// CopyIfGood copies the field `name` of `request` if its value is legal and fits in one line.
void CopyIfGood(const std::vector<Field>& request, std::string_view name,
                std::vector<Field>& into) {
  const auto found = std::find_if(request.begin(), request.end(),
                                  [name](const Field& field) { return field.name == name; });
  if (found == request.end() || !CheckField(*found)) return;
  Initiation meaning;
  if (FindRule(name)->judge(found->value, meaning) == Verdict::kGood) into.push_back(*found);
}

Initiation FromOwnFields(std::vector<Field> fields) {
  Initiation response;
  for (const Field& field : fields) FindRule(field.name)->judge(field.value, response);
  response.fields = std::move(fields);
  return response;
}

}  // namespace

Initiation ComposeErrorResponse(const std::vector<Field>& request, const Fault& fault) {
  std::vector<Field> fields = Head();
  CopyIfGood(request, kLidMField, fields);
  CopyIfGood(request, kEchoInResponseField, fields);
  const FieldRule* rule = FindRule(fault.field);
  fields.push_back({std::string(kErrorFieldField), std::string(rule ? rule->name : kTypeField)});
  fields.push_back({std::string(kErrorReasonField), std::string(Name(fault.reason))});
  return FromOwnFields(std::move(fields));
}

}  // namespace setcore::initiation
