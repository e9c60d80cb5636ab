#!/usr/bin/env bash
# No global constructor and no exit-time destructor in any product source of the module: each is
# parsed by clang with the flags of its own build.  no_global_state.sh BUILD_DIR SOURCE_DIR
set -euo pipefail
build=$1
source=$2
clang=$(command -v clang++ || command -v clang++-14) || { echo 'clang++ is not installed'; exit 1; }

# The command lines that CMake wrote, one a line, without compiler, warnings and outputs.
commands() {
  sed -nE 's/^ *"command": "(.*)",?$/\1/p' "$build/compile_commands.json" |
    sed -E 's/\\"/"/g; s/\\\\/\\/g' |
    grep -E -- " -c ($source|$build)/(setcore|schema|db|bridge)/[^ ]*\.cc$" |
    grep -vE -- " -c $source/bridge/programs/" |
    sed -E 's/^([^ ]*ccache )?[^ ]+ //; s/ -W[a-z][^ ]*//g; s/ -o [^ ]+//; s/ -f(sanitize|no-sanitize)[^ ]*//g; s/ -c / /'
}

count=$(commands | wc -l)
sources=$(find "$source"/{setcore,schema,db,bridge} -name '*.cc' -not -path '*/bridge/programs/*' | wc -l)
if [ "$count" -lt "$sources" ]; then
  echo "$sources sources of the module, but only $count are built"
  exit 1
fi
commands | xargs -P "$(nproc)" -I '{}' bash -c \
  "cd '$build' && $clang -fsyntax-only -Wglobal-constructors -Wexit-time-destructors -Werror {}"
echo "$count sources"
