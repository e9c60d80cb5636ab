#!/usr/bin/env bash
# clang-tidy over the product sources.  lint.sh BUILD_DIR SOURCE_DIR
set -euo pipefail
find "$2"/{setcore,schema,db,bridge} -name '*.cc' -print0 |
  xargs -0 -P "$(nproc)" -n 4 clang-tidy --quiet -p "$1" --extra-arg=-Wno-unknown-warning-option
