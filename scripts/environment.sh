# Sourced by the other scripts: where things are, and how to say what is going on.
# shellcheck shell=sh

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
tools=$root/.tools
python=$tools/python/bin/python
export root tools python

# Node is in .tools only where the machine has none, or one too old: then it must come first.
PATH=$tools/bin:$PATH
export PATH
# pip and npm are asked to be quiet about themselves.
export PIP_DISABLE_PIP_VERSION_CHECK=1 npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false

say() { printf '%s\n' "== $*"; }

fail() {
    printf '%s\n' "!! $*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }
