#!/usr/bin/env bash
# documented.sh OPB_CONFORM SOURCE_DIR: docs/conformance.md is what the rules and the reference say,
# and every parameter and row of RFC 3538, 7 and 8 has a rule.
set -euo pipefail
"$1" --uncovered
"$1" --markdown --reference "$2/tests/conformance/reference.json" | diff - "$2/docs/conformance.md"
