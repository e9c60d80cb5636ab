#!/usr/bin/env bash
# judge.sh BUILD_DIR group|all: each bad module fails exactly the rule of expected.txt, among the rules
# of its group (of a large group: those with the same second word), or among all that the good module
# passes.
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
conform=$build/bin/opb-conform
kit=$(mktemp -d)
trap 'rm -rf "$kit"' EXIT
"$conform" --write-kit "$kit/kit" --jobs 2
for profile in "$kit"/kit/pki/*.toml; do
  name=$(basename "$profile" .toml)
  passphrase=()
  case $name in *-locked*) passphrase=(--passphrase-file "$kit/kit/passphrase") ;; esac
  "$build/bin/set-bridge" provision "$kit/kit/$name" "$profile" "${passphrase[@]}" >/dev/null
done
# What the good module fails itself is not held against a bad one.
known=$(sed -nE 's/^  "([^"]+)": "(failed|crashed|timeout)",?$/\1/p' "$here/../reference.json")
failed=0
while read -r module rule; do
  include=.
  if [ "$2" != all ]; then
    case $rule in
      ABI-* | XML-* | CALL-* | SET-* | STATE-* | REPLAY-*) include=$(cut -d- -f1-2 <<<"$rule") ;;
      *) include=${rule%%-*} ;;
    esac
    include="^${include//./\\.}(-|$)"
  fi
  broken=$("$conform" "$build/lib/bad/$module.so" --wallets "$kit/kit" --jobs 2 --only-failed \
    --include "$include" | sed -nE 's/^(failed|crashed|timeout) +//p' | grep -vxF "$known" || true)
  if [ "$broken" != "$rule" ]; then
    echo "$module: fails" ${broken:-nothing} "instead of $rule"
    failed=1
  fi
done <"$here/expected.txt"
exit "$failed"
