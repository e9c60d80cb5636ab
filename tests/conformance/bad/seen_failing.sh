#!/usr/bin/env bash
# seen_failing.sh BUILD_DIR [RULES]: judges the proxy with each change of proxy.txt and prints the must
# rules, among those whose id the expression RULES finds, that nothing made fail.  Rules that an own
# bad module breaks (expected.txt) count as seen.  Exit 1 if one is left.
set -euo pipefail
build=$1
rules=${2:-.}
here=$(cd "$(dirname "$0")" && pwd)
conform=$build/bin/opb-conform
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$conform" --write-kit "$scratch/kit" --jobs 2
for profile in "$scratch"/kit/pki/*.toml; do
  name=$(basename "$profile" .toml)
  passphrase=()
  case $name in *-locked*) passphrase=(--passphrase-file "$scratch/kit/passphrase") ;; esac
  "$build/bin/set-bridge" provision "$scratch/kit/$name" "$profile" "${passphrase[@]}" >/dev/null
done
cut -d' ' -f2 "$here/expected.txt" >"$scratch/seen"
while read -r change; do
  OPB_CONFORM_CHANGE=$change "$conform" "$build/lib/bad/proxy.so" --wallets "$scratch/kit" --jobs 2 \
    --only-failed --include "$rules" --deadline 10 </dev/null |
    sed -nE 's/^(failed|crashed|timeout) +//p' >>"$scratch/seen" || true
done <"$here/proxy.txt"
"$conform" --list --include "$rules" | awk -F'\t' '$2 == "must" { print $1 }' | sort -u >"$scratch/all"
sort -u "$scratch/seen" | comm -23 "$scratch/all" - | tee "$scratch/left"
[ ! -s "$scratch/left" ]
