# The Debian 12 packages that the build needs, and how a script brings in what is missing.  Sourced
# by bridge/demo.sh and tests/run.sh.

build_packages=(
  cmake
  g++
  libasio-dev
  libcli11-dev
  libexpected-dev
  libfmt-dev
  libicu-dev
  libsqlite3-dev
  libssl-dev
  libtomlplusplus-dev
  libxerces-c-dev
  ninja-build
)

# install_missing PACKAGE... installs those that are not there.  Only root may; another user is told
# what to ask for.
install_missing() {
  local missing=() package
  for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' ||
      missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "missing packages; as root: apt-get install ${missing[*]}" >&2
    return 1
  fi
  echo "installing ${missing[*]}" >&2
  apt-get -q -q update
  DEBIAN_FRONTEND=noninteractive apt-get -q -q -y --no-install-recommends install "${missing[@]}" >/dev/null
}

# configure BUILD_DIR OPTION... runs cmake for the tree in source_dir: with Ninja if the build is new,
# through ccache if there is one.
configure() {
  local build=$1 first=()
  shift
  mkdir -p "$build"
  [ -f "$build/CMakeCache.txt" ] || first=(-G Ninja)
  if command -v ccache >/dev/null; then first+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  cmake -S "$source_dir" -B "$build" "${first[@]}" "$@" >"$build/configure.log" 2>&1 ||
    { cat "$build/configure.log" >&2; return 1; }
}

# compile BUILD_DIR ARGUMENT... builds; what the compiler says is shown if it fails.
compile() {
  local build=$1
  shift
  cmake --build "$build" --parallel "$(nproc)" "$@" >"$build/compile.log" 2>&1 ||
    { tail -n 60 "$build/compile.log" >&2; return 1; }
}
