#!/usr/bin/env bash
# What README.md shows is what happens: the output of the demonstration, its trace and page, the
# question to a ledger, and the example host.  Numbers and ids are masked.  readme.sh SOURCE_DIR SET_BRIDGE
set -euo pipefail
source_dir=$1
set_bridge=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mask() { sed -E 's/[0-9A-F]{40}/REF/g; s/[0-9]+/N/g; s/ +/ /g'; }

# shown COMMAND prints what README.md shows under "$ COMMAND", up to the next command or the end of
# the block.
shown() {
  awk -v command="\$ $1" '
    $0 == command { on = 1; next }
    on && (/^```/ || /^\$ /) { exit }
    on { print }' "$source_dir/README.md"
}

# same WHAT EXPECTED ACTUAL
same() {
  diff -u --label "README.md, $1" --label "$1" "$2" "$3" || { echo "README.md is not true: $1"; exit 1; }
}

shown bridge/demo.sh | mask >"$work/shown"
"$set_bridge" demo | mask >"$work/printed"
same 'bridge/demo.sh' "$work/shown" "$work/printed"

"$set_bridge" demo --dir "$work/purchase" --html "$work/purchase.html" >/dev/null
for message in PInitReq PInitRes PReq AuthReq AuthRes PRes; do
  grep -q '^MessageWrapper$' "$work"/purchase/trace/*-"$message".txt
  grep -q "$message, [0-9]* octets" "$work/purchase.html"
done
"$set_bridge" decode "$work"/purchase/trace/*-AuthReq.der | diff - "$work"/purchase/trace/*-AuthReq.txt
question="sqlite3 -cmd '.timeout 5000' 'file:/tmp/purchase/consumer/wallet.db?mode=ro' 'select PayId, ProcessState, PercentComplete from payments'"
shown "$question" >"$work/shown"
eval "${question//\/tmp\/purchase/$work\/purchase}" >"$work/printed"
same 'the question to a ledger' "$work/shown" "$work/printed"

awk '/^```c$/ { on = 1; next } on && /^```/ { exit } on' "$source_dir/README.md" >"$work/shown"
same 'tests/host/example.c' "$work/shown" "$source_dir/tests/host/example.c"
