#!/usr/bin/env bash
# opb-conform says it when there is nothing to judge, or nobody whom it can tell.
# usage.sh OPB_CONFORM MODULE
set -euo pipefail
conform=$1
module=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ends STATUS WORDS ARGUMENT...: the program ends with this status and says these words.
ends() {
  local status=0
  "$conform" "${@:3}" >"$work/out" 2>&1 || status=$?
  [ "$status" = "$1" ] && grep -qF -- "$2" "$work/out" ||
    { echo "opb-conform ${*:3}: status $status instead of $1:"; cat "$work/out"; exit 1; }
}
ends 2 '--include: no rule has such an id' "$module" --include zzzz
ends 2 '--include, --exclude: no rule has such an id' "$module" --exclude .
"$conform" --write-kit "$work/kit" --jobs 1
ends 1 'holds no wallet' "$module" --wallets "$work/kit"
ends 1 'exit status 3' "$module" --include '^XML' --provision 'exit 3; : {dir} {profile}' --jobs 1

status=0
"$conform" --list >/dev/full 2>"$work/out" || status=$?
[ "$status" = 1 ] && grep -q 'the output cannot be written' "$work/out" ||
  { echo "a full standard output is no failure: status $status"; exit 1; }
