#!/usr/bin/env bash
# exit_status.sh BUILD_DIR: opb-conform exits with 0 only if no must rule failed and nothing differs from
# the reference, by one rule that the module major breaks and the good module keeps.
set -euo pipefail
conform=$1/bin/opb-conform
good=$1/lib/set-bridge.so
bad=$1/lib/bad/major.so
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo '{"ABI-entry-major": "passed"}' >"$scratch/passed"
echo '{"ABI-entry-major": "failed"}' >"$scratch/failed"
echo '{"ABI-entry-major": "passed", "ABI-entry-nobody": "passed"}' >"$scratch/more"
echo '{}' >"$scratch/none"

wrong=0
expect() {  # expect STATUS MODULE REFERENCE|- REGEX
  local status=0 reference=()
  [ "$3" = - ] || reference=(--reference "$scratch/$3")
  "$conform" "$2" --provision true --include "$4" --jobs 1 "${reference[@]}" >"$scratch/out" 2>&1 || status=$?
  [ "$status" = "$1" ] || { echo "$(basename "$2"), reference $3, $4: exit $status instead of $1"; wrong=1; cat "$scratch/out"; }
}
expect 0 "$good" - '^ABI-entry-major$'
expect 1 "$bad" - '^ABI-entry-major$'
expect 0 "$good" passed '^ABI-entry-major$'
expect 1 "$good" failed '^ABI-entry-major$'
expect 1 "$bad" failed '^ABI-entry-major$'  # as the reference says, but a must rule failed
expect 1 "$good" none '^ABI-entry-major$'
expect 1 "$good" more '^ABI-entry-'  # a rule of the reference that does not exist, others that it lacks
expect 1 "$good" more '^ABI-entry-(major|nobody)$'
expect 0 "$good" more '^ABI-entry-major$'
exit "$wrong"
