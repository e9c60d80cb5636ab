#!/usr/bin/env bash
# Every C and C++ file stands as clang-format would write it.  format.sh SOURCE_DIR
set -euo pipefail
cd "$1"
find bridge setcore schema db tests \( -name '*.cc' -o -name '*.h' -o -name '*.c' \) \
  -not -path bridge/include/opb.h -print0 | xargs -0 -P "$(nproc)" -n 16 clang-format --dry-run -Werror
