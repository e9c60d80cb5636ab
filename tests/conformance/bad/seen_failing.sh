#!/usr/bin/env bash
# seen_failing.sh BUILD_DIR [search [CHANGE]]: every must rule fails on what seen_failing.txt names for it: a
# change of the proxy, all found out in one run, or a bad module, which is the business of judge.sh if
# it is in expected.txt.  Exit 1 if a rule holds all the same, is not in the file, or is in it without
# being a rule.  search [CHANGE]: tries this change, or those of the file, the rarest first, on the
# rules that are not in the file, and adds what makes them fail.
set -euo pipefail
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
conform=$build/bin/opb-conform
matrix=$here/seen_failing.txt
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

must() { "$conform" --list | awk -F'\t' '$2 == "must" { print $1 }' | sort; }
unlisted() { cut -f1 "$matrix" | sort -u | comm -23 <(must) -; }
# The rules of standard input as an expression.
expression() { sed 's/\./\\./g' | paste -sd'|' | sed 's/.*/^(&)$/'; }
# The rules of a report that failed; one that crashed or did not end has not been seen to fail.
failed() { sed -nE 's/^failed +([^ ]+)$/\1/p'; }

if [ "${2:-}" = search ]; then
  cut -f2 "$matrix" | grep -v '^module ' | sort | uniq -c | sort -n | sed 's/^ *[0-9]* //' >"$scratch/changes"
  [ -z "${3:-}" ] || echo "$3" >"$scratch/changes"
  while read -r change; do
    [ -n "$(unlisted)" ] || break
    OPB_CONFORM_CHANGE=$change "$conform" "$build/lib/bad/proxy.so" --jobs 2 --deadline 10 \
      --only-failed --include "$(unlisted | expression)" </dev/null |
      failed >"$scratch/found" || true
    while read -r rule; do printf '%s\t%s\n' "$rule" "$change"; done <"$scratch/found" >>"$matrix"
    echo "$change: $(wc -l <"$scratch/found")"
  done <"$scratch/changes"
  LC_ALL=C sort -o "$matrix" "$matrix"
fi

{
  unlisted | sed 's/$/: not in seen_failing.txt/'
  cut -f1 "$matrix" | sort | comm -13 <(must) - | sed 's/$/: no must rule, or listed twice/'
  # Proxy: the rule's own change.
  grep -v $'\tmodule ' "$matrix" | cut -f1 | sort >"$scratch/proxied"
  OPB_CONFORM_MATRIX=$matrix "$conform" "$build/lib/bad/proxy.so" --jobs 4 --deadline 10 \
    --only-failed >"$scratch/report" || true  # which is what is expected
  failed <"$scratch/report" | sort | comm -23 "$scratch/proxied" - |
    sed 's/$/: does not fail on its change/'
  # Modules that break more than one rule.
  sed -nE 's/^([^\t]+)\tmodule (.+)$/\2 \1/p' "$matrix" | sort |
    comm -23 - <(sort "$here/expected.txt") | while read -r module rule; do
      "$conform" "$build/lib/bad/$module.so" --jobs 1 --only-failed \
        --include "$(echo "$rule" | expression)" </dev/null >"$scratch/report" || true
      [ -n "$(failed <"$scratch/report")" ] || echo "$rule: does not fail on the module $module"
    done
} >"$scratch/wrong"
cat "$scratch/wrong"
[ ! -s "$scratch/wrong" ]
