#!/usr/bin/env bash
# Builds the programs and shows them at work.
#   ./run.sh                 a regtest node and a wallet daemon on data of their own, until Ctrl-C
#   ./run.sh --datadir DIR   the same on DIR (default: artifacts/demo)
#   ./run.sh --check         by itself, in a temporary directory on free ports: payments over every path,
#                            a node killed and restarted under load, balances to the duff; exit 0 only if all held
set -u
. "$(dirname "$0")/eng/lib.sh"

mode=demo
datadir="$root/artifacts/demo"
while [ $# -gt 0 ]; do
    case "$1" in
        --check) mode=check ;;
        --datadir) [ $# -ge 2 ] || fail "--datadir needs a directory"; datadir=$2; shift ;;
        -h|--help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) fail "unknown option '$1' (see ./run.sh --help)" ;;
    esac
    shift
done

need_sdk
need_native
build_programs
. "$root/eng/daemons.sh"
. "$root/eng/$mode.sh"
