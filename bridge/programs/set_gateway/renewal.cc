#include "bridge/programs/set_gateway/renewal.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "bridge/programs/set_gateway/config.h"

namespace bridge::gateway {

void Renewal::Run() {
  const std::lock_guard lock(mutex_);
  LoadedConfig loaded = Load(path_, SystemTime());
  for (const TomlProblem& warning : loaded.warnings) log_("warning: " + ToText(warning));
  for (const TomlProblem& problem : loaded.problems) log_("problem: " + ToText(problem));
  if (!loaded.config) {
    return log_("SIGHUP: the new configuration cannot be used, the old one stays");
  }
  const auto config = std::make_shared<const Config>(std::move(*loaded.config));
  processor_.Renew(config);
  log_(
      fmt::format("SIGHUP: certificates, CRLs and rules are read again: {} CRLs, {} [[brand]], "
                  "{} [[rule]]; other keys act after a restart",
                  config->trust->crls().size(), config->brands.size(), config->rules.size()));
}

}  // namespace bridge::gateway
