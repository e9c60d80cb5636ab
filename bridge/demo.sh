#!/usr/bin/env bash
# Buys something by SET, from nothing: installs what is missing (Debian 12), builds, and runs
# `set-bridge demo` with the arguments given, for example --decline or --unsigned.
set -euo pipefail
source_dir=$(cd "$(dirname "$0")/.." && pwd)
. "$source_dir/bridge/packages.sh"

install_missing "${build_packages[@]}"
build=$source_dir/build
# A tree that has been configured keeps its choices; a new one is built without tests.
[ -f "$build/CMakeCache.txt" ] || configure "$build" -DOPB_TESTS=OFF
echo 'building (the first time takes minutes)' >&2
compile "$build" --target set-bridge-module set-bridge set-gateway
exec "$build/bin/set-bridge" demo "$@"
