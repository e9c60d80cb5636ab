#!/usr/bin/env bash
# Everything that has to hold before a change is taken: installs what is missing (Debian 12), builds
# the release and runs all tests, then the same under ASan and UBSan, then the threaded tests under
# TSan.  Ends with a table and with ctest's own closing lines; exit status 0 if all of it passed.
# Any user may run it once the packages are there.
set -euo pipefail
export LC_ALL=C
source_dir=$(cd "$(dirname "$0")/.." && pwd)
. "$source_dir/bridge/packages.sh"

test_packages=(
  binutils
  clang
  clang-format
  libbenchmark-dev
  libclang-rt-14-dev
  libgmock-dev
  libgtest-dev
  libxml2-dev
  pkg-config
  python3
  sqlite3
)
jobs=$(nproc)
failed=0
table=()
closing=()
ctest_prefix=()

say() { printf '[%3d:%02d] %s\n' $((SECONDS / 60)) $((SECONDS % 60)) "$*"; }

# names BUILD CTEST_ARGUMENT... lists the tests that the arguments select.
names() {
  local build=$1
  shift
  (cd "$build" && ctest -N "$@") | sed -nE 's/^ +Test +#[0-9]+: //p'
}

# run BUILD TITLE CTEST_ARGUMENT... runs tests; what ctest says is kept in BUILD/ctest.log, and the
# results of GoogleTest programs in BUILD/results.
run() {
  local build=$1 title=$2
  shift 2
  rm -rf "$build/results"
  mkdir -p "$build/results"
  (cd "$build" && GTEST_OUTPUT=xml:$build/results/ "${ctest_prefix[@]}" ctest -j "$jobs" --output-on-failure --timeout 600 "$@") |
    tee "$build/ctest.log" || failed=1
  closing+=("$title: $(grep -E 'tests passed|No tests were found' "$build/ctest.log" || echo 'ctest did not finish')")
}

# row TITLE BUILD TEST... adds a line to the table: programs, cases in them (a program without
# GoogleTest is one case), failures and seconds.
row() {
  local title=$1 build=$2 name line programs=0 cases=0 failures=0 seconds=0 xml
  shift 2
  for name in "$@"; do
    line=$(grep -E " Test +#[0-9]+: $name \.\.* *" "$build/ctest.log" || true)
    programs=$((programs + 1))
    xml=$build/results/$name.xml
    if [ -f "$xml" ]; then
      cases=$((cases + $(sed -nE 's/^<testsuites tests="([0-9]+)".*/\1/p' "$xml")))
    else
      cases=$((cases + 1))
    fi
    [[ $line == *' Passed '* ]] || failures=$((failures + 1))
    seconds=$(awk -v a="$seconds" -v b="$(sed -nE 's/.* ([0-9.]+) sec.*/\1/p' <<<"$line")" \
      'BEGIN { print a + b }')
  done
  [ "$programs" = 0 ] && return
  [ "$failures" = 0 ] || failed=1
  table+=("$(printf '%-24s %9d %7d %7d %9.1f' "$title" "$programs" "$cases" "$failures" "$seconds")")
}

# rows_by_label BUILD PREFIX adds one row per kind of test; a test with two labels counts once.
rows_by_label() {
  local build=$1 prefix=$2 kind label title list rest=() known=()
  for kind in 'vectors:vectors' 'end_to_end:end to end' 'fault:crash and fault' 'fuzz:fuzz replay' \
    'gate:gates' 'bench:benchmark smoke' 'conformance:conformance' 'unit:unit'; do
    label=${kind%%:*}
    title=${kind#*:}
    mapfile -t list < <(names "$build" -L "^$label\$" | grep -vxF -f <(printf '%s\n' lint "${known[@]}") || true)
    known+=("${list[@]}")
    row "$prefix$title" "$build" "${list[@]}"
  done
  mapfile -t rest < <(names "$build" -LE '^(lint|soak)$' | grep -vxF -f <(printf '%s\n' "${known[@]}") || true)
  row "${prefix}other" "$build" "${rest[@]}"
}

say 'packages'
install_missing "${build_packages[@]}" "${test_packages[@]}"

say 'release: build'
release=$source_dir/build
configure "$release" -DOPB_BUILD=release -DOPB_TESTS=ON
compile "$release"
say 'release: tests'
run "$release" release -LE '^(lint|soak)$'
rows_by_label "$release" ''
closing+=("opb-conform: $(sed -nE 's/^<testsuites tests="([0-9]+)" failures="([0-9]+)" errors="([0-9]+)" skipped="([0-9]+)">$/\1 rules, \2 failed, \3 crashed, \4 skipped/p' "$release/results/conform_module.xml")")

say 'ASan and UBSan: build'
asan=$source_dir/build-asan
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
configure "$asan" -DOPB_BUILD=asan -DOPB_TESTS=ON -DCMAKE_C_COMPILER=clang \
  -DCMAKE_CXX_COMPILER=clang++
compile "$asan"
say 'ASan and UBSan: tests'
run "$asan" 'ASan+UBSan' -LE '^(lint|gate|soak)$'
mapfile -t list < <(names "$asan" -LE '^(lint|gate|fuzz|soak)$')
row 'ASan+UBSan: tests' "$asan" "${list[@]}"
mapfile -t list < <(names "$asan" -L '^fuzz$')
row 'ASan+UBSan: fuzz replay' "$asan" "${list[@]}"

# A test with the label threads is named like the target that makes its program.
say 'TSan: build of the threaded tests'
tsan=$source_dir/build-tsan
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
configure "$tsan" -DOPB_BUILD=tsan -DOPB_TESTS=ON
mapfile -t list < <(names "$tsan" -L '^threads$')
compile "$tsan" --target "${list[@]}"
# The run time of gcc 12 knows fewer memory layouts than kernels make; where a container forbids
# this the layouts are usually the old ones.
if setarch --addr-no-randomize true 2>/dev/null; then ctest_prefix=(setarch --addr-no-randomize); fi
say 'TSan: tests'
run "$tsan" TSan -L '^threads$'
row 'TSan: threaded tests' "$tsan" "${list[@]}"

say 'done'
summary=$release/summary.txt
{
  printf '%-24s %9s %7s %7s %9s\n' 'kind' 'programs' 'cases' 'failed' 'seconds'
  printf '%s\n' "${table[@]}"
  printf '\n'
  printf '%s\n' "${closing[@]}"
} >"$summary"
# README.md shows this table; numbers are masked.
mask() { sed -E 's/[0-9.]+/N/g; s/ +/ /g'; }
awk '$0 == "$ tests/run.sh" { on = 1; next } on && /^```/ { exit } on' "$source_dir/README.md" |
  mask | diff -u --label README.md --label tests/run.sh - <(mask <"$summary") ||
  { echo 'README.md is not true: tests/run.sh'; failed=1; }
echo
cat "$summary"
exit "$failed"
