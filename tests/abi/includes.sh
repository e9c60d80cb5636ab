#!/usr/bin/env bash
# Who may know whom (docs/architecture.md).  includes.sh libraries SOURCE_DIR looks for headers of
# libraries in folders that may not use them; includes.sh folders COMPILER FOLDER DIRS compiles one
# #include of every other folder with the include roots DIRS (separated by ;) of FOLDER.
set -euo pipefail

libraries() {
  cd "$1"
  local bad=0 folder pattern hits
  while read -r folder pattern; do
    hits=$(grep -rnE "#include [<\"]($pattern)" "$folder" --include='*.cc' --include='*.h' || true)
    if [ -n "$hits" ]; then
      printf '%s may not know %s:\n%s\n' "$folder" "$pattern" "$hits"
      bad=1
    fi
  done <<'TABLE'
setcore xercesc|sqlite3|asio|unicode/|CLI|toml
schema openssl|sqlite3|asio|CLI|toml
db xercesc|openssl|asio|unicode/|CLI|toml
TABLE
  hits=$(grep -rnE '#include [<"](asio|CLI)' bridge --include='*.cc' --include='*.h' |
         grep -v '^bridge/programs/' || true)
  [ -z "$hits" ] || { printf 'only programs may know Asio and CLI11:\n%s\n' "$hits"; bad=1; }
  hits=$(grep -rnE '#include <iostream>' bridge setcore schema db --include='*.cc' --include='*.h' |
         grep -v '^bridge/programs/' || true)
  [ -z "$hits" ] || { printf '<iostream> brings a global constructor:\n%s\n' "$hits"; bad=1; }
  return $bad
}

folders() {
  local compiler=$1 folder=$2 flags=() other header
  for dir in ${3//;/ }; do flags+=("-I$dir"); done
  for other in setcore/error.h schema/fault.h db/error.h bridge/host.h; do
    header=$(printf '#include "%s"\n' "$other" |
             "$compiler" -std=c++20 -fsyntax-only -x c++ "${flags[@]}" - 2>&1) && found=1 || found=0
    if [ "${other%%/*}" = "$folder" ]; then expected=1; else expected=0; fi
    if [ "$found" != "$expected" ]; then
      printf '#include "%s" in %s: expected %s, found %s\n%s\n' "$other" "$folder" "$expected" "$found" "$header"
      exit 1
    fi
    if [ "$found" = 0 ] && ! grep -q "$other: No such file" <<<"$header"; then
      printf '%s\n' "$header"
      exit 1
    fi
  done
}

"$@"
