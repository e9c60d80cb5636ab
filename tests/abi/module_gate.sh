#!/usr/bin/env bash
# Facts about the linked module that a host relies on.  module_gate.sh CHECK MODULE; exit 0 if the
# fact holds, else 1 with the difference on standard output.
set -euo pipefail
export LC_ALL=C
check=$1
module=$2
readelf --file-header "$module" >/dev/null

# same WHAT EXPECTED ACTUAL compares two lists, one item a line.
same() {
  if [ "$2" != "$3" ]; then
    printf '%s differ (< expected, > found):\n' "$1"
    diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") || true
    exit 1
  fi
}

dynamic_symbols() { readelf --wide --dyn-syms "$module" | awk '$1 ~ /^[0-9]+:$/ && $2 != "Num:"'; }
undefined() { dynamic_symbols | awk '$7 == "UND" && $8 != "" { sub(/@.*/, "", $8); print $8 }' | sort -u; }
section_octets() { readelf --wide --sections "$module" | sed 's/^ *\[ *[0-9]*\] //' |
  awk -v name="$1" '$1 == name { print $5 }'; }

case $check in
  exports)
    # One symbol, and nothing that the dynamic linker would make unique in the process.
    same 'exported symbols' 'OBJECT GLOBAL opb_entry' \
      "$(dynamic_symbols | awk '$7 != "UND" { sub(/@.*/, "", $8); print $4, $5, $8 }')"
    same 'unique symbols' '' "$(dynamic_symbols | awk '$5 == "UNIQUE" { print $8 }')"
    ;;
  needed)
    # Xerces-C, libcrypto, ICU, SQLite and the C and C++ run time, nothing else.
    same 'needed libraries' "$(printf '%s\n' crypto icu sqlite3 xerces-c)" \
      "$(readelf --wide --dynamic "$module" | sed -n 's/.*(NEEDED).*\[lib\(.*\)\]/\1/p' |
         grep -vE '^(c|m|gcc_s|stdc\+\+|pthread|dl)\.so' |
         sed -E 's/^(icu|sqlite3|crypto|xerces-c).*/\1/' | sort -u)"
    ;;
  arrays)
    # No code runs at load or unload but the compiler's own frame_dummy and its counterpart.
    same '.init_array octets' 000008 "$(section_octets .init_array)"
    same '.fini_array octets' 000008 "$(section_octets .fini_array)"
    same '.preinit_array octets' '' "$(section_octets .preinit_array)"
    ;;
  undefined)
    # Nothing is registered with the process.
    same 'registrations with the process' '' "$(undefined |
      grep -xE '__cxa_atexit|atexit|at_quick_exit|on_exit|__cxa_thread_atexit(_impl)?|pthread_key_create|(__)?(pthread|register)_atfork|signal|sigaction|__sysv_signal|bsd_signal' || true)"
    # Nothing ends, or changes for all threads, the process that is the host's.
    same 'calls that end or alter the host' '' "$(undefined |
      grep -xE 'exit|_exit|_Exit|quick_exit|setlocale|setenv|putenv|unsetenv|clearenv|umask|chdir|fchdir|setrlimit|fesetround|fesetenv|u_cleanup_[0-9]+' || true)"
    # None of the calls that use OpenSSL's default context.
    same 'calls that use the default OpenSSL context' '' "$(undefined |
      grep -xE 'SHA1|SHA256|MD5|HMAC|RAND_bytes|RAND_priv_bytes|EVP_(sha1|sha256|md5|des_cbc|des_ede3_cbc|aes_256_gcm)|EVP_PKEY_CTX_new|EVP_PKEY_CTX_new_id|EVP_set_default_properties|OPENSSL_atexit|CRYPTO_secure_malloc_init' || true)"
    ;;
  hardening)
    flags=$(readelf --wide --dynamic "$module" | sed -nE 's/.*\(FLAGS(_1)?\) +(Flags: )?//p' | tr ' ' '\n')
    for flag in NOW NODELETE; do
      grep -qx "$flag" <<<"$flags" || { echo "dynamic flag $flag is missing"; exit 1; }
    done
    headers=$(readelf --wide --program-headers "$module")
    grep -q GNU_RELRO <<<"$headers" || { echo 'no RELRO segment'; exit 1; }
    grep 'GNU_STACK' <<<"$headers" | grep -qv 'RWE' || { echo 'the stack is executable'; exit 1; }
    same 'run paths' '' "$(readelf --wide --dynamic "$module" | grep -E 'RPATH|RUNPATH|TEXTREL' || true)"
    ;;
  *)
    echo "unknown check $check"
    exit 2
    ;;
esac
