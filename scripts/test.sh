#!/usr/bin/env bash
# Installs what the tests need, then runs every check of this project. One command on a fresh Debian machine.
#
#   scripts/test.sh                 everything
#   SMC_NO_POSTGRES=1 scripts/test.sh     without the tests on PostgreSQL (they say so)
#
# Ends non-zero if anything fails. The tests start their own PostgreSQL servers and stop them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\n== %s\n' "$*"; }
stop() { printf 'test.sh: %s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo DEBIAN_FRONTEND=noninteractive "$@"
    else stop "\"$*\" needs root: run it yourself, or run this script as root"
    fi
}

# --- what the machine must have ---------------------------------------------------------------

has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }

missing=()
need() { # need PACKAGE TEST...: the package is missing when the test fails
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

need gcc command -v cc
need libc6-dev test -e /usr/include/stdlib.h
need util-linux command -v setsid
# A shell whose completion is asked for real.
need fish command -v fish
# Programs that stand between a terminal and the console.
need tmux command -v tmux
need screen command -v screen
if [ -z "${SMC_NO_POSTGRES:-}" ]; then
    need postgresql has_postgres
    need postgresql-client command -v psql
fi

if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || stop "install these with your package manager first: ${missing[*]}"
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    install=(apt-get install -y -q --no-install-recommends)
    as_root apt-get update -q
    if [[ " ${missing[*]} " == *" postgresql "* ]]; then
        # Without this, Debian makes and starts a server of its own, which no test uses.
        as_root "${install[@]}" postgresql-common
        as_root sed -i 's/^#\? *create_main_cluster.*/create_main_cluster = false/' \
            /etc/postgresql-common/createcluster.conf
    fi
    as_root "${install[@]}" "${missing[@]}"
fi

PATH=$PATH:$HOME/.cargo/bin
rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
command -v cargo >/dev/null ||
    stop "Rust $rust or newer is needed: install it with rustup (Debian 13 has it as a package), with clippy and rustfmt"
have=$(rustc --version | cut -d' ' -f2)
[ "$(printf '%s\n%s\n' "$rust" "$have" | sort -V | head -n1)" = "$rust" ] ||
    stop "Rust $rust or newer is needed, this is $have: rustup toolchain install $rust && rustup default $rust"

# --- the checks -------------------------------------------------------------------------------

export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=()
check() { # check NAME COMMAND...
    local name=$1 start=$SECONDS
    shift
    say "$name"
    if "$@"; then printf '%s: passed in %d s\n' "$name" $((SECONDS - start))
    else failed+=("$name"); printf '%s: FAILED after %d s\n' "$name" $((SECONDS - start)); fi
}
tests() { cargo test --locked --no-fail-fast 2>&1 | tee "$log"; }

check format cargo fmt --check
check lints cargo clippy --locked --all-targets -- -D warnings
check tests tests
if cargo deny --version >/dev/null 2>&1; then
    # Advisories are not asked for here: their list is fetched, and a jump host has no way out.
    check dependencies cargo deny --locked check bans licenses sources
else
    say "dependencies: not checked, cargo-deny is not installed (cargo install cargo-deny)"
fi

# --- the totals -------------------------------------------------------------------------------

say totals
awk '/^test result:/ { passed += $4; bad += $6; ignored += $8 }
     END { printf "%d tests passed, %d failed, %d ignored\n", passed, bad, ignored
           if (passed == 0) exit 1 }' "$log" || failed+=("no test ran")
[ ${#failed[@]} = 0 ] || { printf 'FAILED: %s\n' "${failed[*]}"; exit 1; }
echo "all checks passed in $SECONDS s"
