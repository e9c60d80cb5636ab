#!/usr/bin/env bash
# record.sh BUILD_DIR: judges the module of this build and writes what came out: reference.json and
# docs/conformance.md.  After a change of rules, or of what the module does.
set -euo pipefail
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
"$build/bin/opb-conform" "$build/lib/set-bridge.so" --only-failed --write-reference "$here/reference.json" || true
"$build/bin/opb-conform" --markdown --reference "$here/reference.json" >"$here/../../docs/conformance.md"
