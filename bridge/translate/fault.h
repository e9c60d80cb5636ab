// Fault: what is wrong with something that a request says, as the translators see it.
#ifndef BRIDGE_TRANSLATE_FAULT_H_
#define BRIDGE_TRANSLATE_FAULT_H_

#include <string>

#include "bridge/texts/detail.h"
#include "schema/fault.h"

namespace bridge {

struct Fault {
  schema::FaultCode code = schema::FaultCode::kUnknownError;
  std::string element_type;
  std::string att_name;  // empty if no attribute is to blame
  Detail detail;
};

}  // namespace bridge

#endif  // BRIDGE_TRANSLATE_FAULT_H_
