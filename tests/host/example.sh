#!/usr/bin/env bash
# The example host of the README gets an answer: built here, and built against an installed tree by
# pkg-config and by CMake.  example.sh PROGRAM MODULE SET_BRIDGE SOURCE_DIR BUILD_DIR
set -euo pipefail
program=$1
module=$2
set_bridge=$3
source=$4
build=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/alice.toml" <<PROFILE
wallet_id = "alice"
roles = ["consumer"]
language = "en"

[[trust]]
certificate = "$source/tests/vectors/set-1024/pki/root.pem"

[[instrument]]
id = "visa"
name = "A card"
brand_id = "VISA"
protocol_brand_id = "VISA"
pan = "4000000000000002"
expiry = "203012"
PROFILE
chmod 600 "$work/alice.toml"
"$set_bridge" provision "$work/alice" "$work/alice.toml" >/dev/null
cat >"$work/request.xml" <<'REQUEST'
<IotpPaymentApiRequest xml:lang="en" ContentSoftwareID="example">
  <InquireProcessState WalletID="alice" PayId="no-such-payment"/>
</IotpPaymentApiRequest>
REQUEST

# ask PROGRAM MODULE: the answer is a document, and one about the payment that was asked for.
ask() {
  "$1" "$2" "$work/alice" "$work/request.xml" >"$work/answer.xml"
  grep -q '<IotpPaymentApiResponse.*AttName="PayId"' "$work/answer.xml" ||
    { echo "$1 was answered:"; cat "$work/answer.xml"; exit 1; }
}
ask "$program" "$module"

cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/prefix" # an installed tree may be moved
prefix=$work/prefix
for file in bin/set-bridge bin/set-gateway share/man/man1/set-{bridge,gateway}.1 lib/set-bridge.so include/opb.h \
  share/set-bridge/schema/iotp_payment_api.{dtd,xsd} share/set-bridge/schema/deviations.md; do
  [ -f "$prefix/$file" ] || { echo "$file is not installed"; exit 1; }
done

export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
read -ra flags <<<"$(pkg-config --cflags set-bridge)"
cc -std=c11 -Wall -Wextra -pedantic -Werror "${flags[@]}" "$source/tests/host/example.c" \
  -o "$work/by-pkg-config"
ask "$work/by-pkg-config" "$(pkg-config --variable=module set-bridge)"

mkdir "$work/host"
cp "$source/tests/host/example.c" "$work/host"
cat >"$work/host/CMakeLists.txt" <<'LISTS'
cmake_minimum_required(VERSION 3.25)
project(host C)
find_package(SetBridge 1.0 REQUIRED)
add_executable(by-cmake example.c)
target_link_libraries(by-cmake PRIVATE SetBridge::opb)
file(WRITE ${CMAKE_BINARY_DIR}/module "${SetBridge_MODULE}")
LISTS
cmake -S "$work/host" -B "$work/host/build" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$work/host/build" >/dev/null
ask "$work/host/build/by-cmake" "$(cat "$work/host/build/module")"
