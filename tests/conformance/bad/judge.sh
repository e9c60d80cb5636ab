#!/usr/bin/env bash
# judge.sh BUILD_DIR group [MODULE...]: each bad module, or those named, fails exactly the rule of
# expected.txt.  A module is judged by the whole group of its rule, so that what it breaks besides is
# seen.  Where a group takes more than ten seconds (CALL, SET, STATE) it is the part of the group that
# the change can touch: the same chapter, the same messages, the same party; never a rule alone.
# judge.sh BUILD_DIR all [OUT [MODULE...]]: the same with every rule, and what each module fails is as
# matrix.txt says.  OUT gets the lines of the matrix, "MODULE RULE...", in the order of expected.txt,
# and is not compared: a module that has a line there is left as it is, so that a run may be broken
# off and go on, unless it is named.
# What the good module fails itself is not held against a bad one.
set -euo pipefail
build=$1 kind=$2
shift 2
out=
if [ "$kind" = all ] && [ $# -gt 0 ]; then
  out=$1
  shift
fi
here=$(cd "$(dirname "$0")" && pwd)
conform=$build/bin/opb-conform
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ "$kind" = all ] && [ -z "$out" ] && [ ! -f "$here/matrix.txt" ]; then
  echo "no matrix.txt to compare with"
  exit 2
fi
for module in "$@"; do
  grep -q "^$module " "$here/expected.txt" || { echo "$module: not in expected.txt"; exit 2; }
done

"$conform" --write-kit "$scratch/kit" --jobs 2
for profile in "$scratch"/kit/pki/*.toml; do
  name=$(basename "$profile" .toml)
  passphrase=()
  case $name in *-locked*) passphrase=(--passphrase-file "$scratch/kit/passphrase") ;; esac
  "$build/bin/set-bridge" provision "$scratch/kit/$name" "$profile" "${passphrase[@]}" >/dev/null
done
known=$(sed -nE 's/^  "([^"]+)": "(failed|crashed|timeout)",?$/\1/p' "$here/../reference.json")

# The rules by which the module of this rule is judged, as an expression.
Share() {
  case $1 in
    CALL-*) sed -E 's/^(CALL-[0-9]+).*/^\1\\./' <<<"$1" ;;
    SET-*) echo '^SET-[458]\.' ;;
    STATE-*) echo "^$(cut -d- -f1-2 <<<"$1")-(?!open-intent|wish)" ;;
    *) echo "^${1%%-*}-" ;;
  esac
}

# What the module fails among the rules that the expression finds, on one line.
Failed() {
  "$conform" "$build/lib/bad/$1.so" --wallets "$scratch/kit" --jobs 2 --only-failed --include "$2" \
    </dev/null | sed -nE 's/^(failed|crashed|timeout) +//p' | grep -vxF "$known" | paste -sd' ' || true
}

Chosen() { [ $# = 1 ] || [[ " ${*:2} " == *" $1 "* ]]; }

# Puts the line of a module into a matrix, in the order of expected.txt.
Record() {
  touch "$out"
  { grep -v "^$1\( \|$\)" "$out" || true; echo "$1${2:+ $2}"; } >"$scratch/lines"
  while read -r module _; do grep "^$module\( \|$\)" "$scratch/lines" || true; done \
    <"$here/expected.txt" >"$scratch/ordered"
  cp "$scratch/ordered" "$out"
}

wrong=0
while read -r module rule; do
  Chosen "$module" "$@" || continue
  if [ "$kind" = group ]; then
    broken=$(Failed "$module" "$(Share "$rule")")
  elif [ -n "$out" ]; then
    if [ $# = 0 ] && grep -q "^$module\( \|$\)" "$out" 2>/dev/null; then continue; fi
    Record "$module" "$(Failed "$module" .)"
    continue
  else
    broken=$(Failed "$module" .)
    rule=$(sed -nE "s/^$module( |$)//p" "$here/matrix.txt")
  fi
  if [ "$broken" != "$rule" ]; then
    echo "$module: fails ${broken:-nothing} instead of ${rule:-nothing}"
    wrong=1
  fi
done <"$here/expected.txt"
if [ "$kind" = group ] && [ -f "$here/matrix.txt" ]; then
  while read -r module rule; do
    grep -qE "^$module (.* )?${rule//./\\.}( |\$)" "$here/matrix.txt" ||
      { echo "$module: does not fail $rule in matrix.txt"; wrong=1; }
  done <"$here/expected.txt"
fi
exit "$wrong"
