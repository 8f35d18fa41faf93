# Starting, stopping and asking the two daemons. Sourced by run.sh after lib.sh; needs $datadir.

node_port=19898
wallet_port=19897
node_pid=""
wallet_pid=""

duffs() { local n=${1//./}; case "$n" in -*) printf -- '-%d' "$((10#${n#-}))" ;; *) printf '%d' "$((10#$n))" ;; esac; }
dash()  { local d=$(( $1 < 0 ? -$1 : $1 )) sign=""; [ "$1" -lt 0 ] && sign=-; printf '%s%d.%08d' "$sign" $((d / 100000000)) $((d % 100000000)); }

# Member $2 (a plain value) of the JSON object in $1.
member() { printf '%s' "$1" | tr -d '\n' | grep -o "\"$2\": *[^,}]*" | head -n 1 | sed 's/^[^:]*: *//; s/^"//; s/"$//; s/ *$//'; }

node_cli()   { "$bin/dash-cli" -regtest "-datadir=$datadir" "-rpcport=$node_port" "$@"; }
wallet_cli() { "$bin/dash-cli" -regtest "-datadir=$datadir" "-rpcport=$wallet_port" -rpccookiefile=.cookie-wallet "$@"; }

# alive PID: still running (and not a zombie of ours)
alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

show_end() { say "--- last lines of $1"; tail -n 15 "$1" 2>/dev/null; }

# start_node OPTIONS…   the node alone (with -disablewallet) or with a wallet of its own
start_node() {
    "$bin/dash-node" -regtest "-datadir=$datadir" "-rpcport=$node_port" "$@" < /dev/null > "$datadir/node.out" 2>&1 &
    node_pid=$!
    node_cli -rpcwait -rpcwaittimeout=30 getblockcount > /dev/null 2>"$datadir/cli.err" && alive "$node_pid" ||
        { cat "$datadir/node.out" "$datadir/cli.err" >&2; show_end "$datadir/regtest/debug.log"; fail "dash-node did not start"; }
}

start_wallet() {
    "$bin/dash-wallet" -regtest "-datadir=$datadir" -server "-rpcport=$wallet_port" -ipcconnect=unix "$@" < /dev/null > "$datadir/wallet.out" 2>&1 &
    wallet_pid=$!
    wallet_cli -rpcwait -rpcwaittimeout=30 uptime > /dev/null 2>"$datadir/cli.err" && alive "$wallet_pid" ||
        { cat "$datadir/wallet.out" "$datadir/cli.err" >&2; show_end "$datadir/regtest/wallet-debug.log"; fail "dash-wallet did not start"; }
}

# Ask to stop, wait for the end, complain after 30 s.
end_process() {
    local pid=$1 name=$2 i
    alive "$pid" || return 0
    kill -TERM "$pid" 2>/dev/null
    for i in $(seq 1 300); do alive "$pid" || break; sleep 0.1; done
    if alive "$pid"; then kill -KILL "$pid"; say "$name did not end within 30 s and was killed"; return 1; fi
    wait "$pid" 2>/dev/null
}

stop_wallet() { local r=0; [ -n "$wallet_pid" ] && { end_process "$wallet_pid" dash-wallet; r=$?; wallet_pid=""; }; return $r; }
stop_node()   { local r=0; [ -n "$node_pid" ] && { end_process "$node_pid" dash-node; r=$?; node_pid=""; }; return $r; }

# open_wallet CLI NAME: load it if it is there, else create it
open_wallet() {
    "$1" listwallets | grep -q "\"$2\"" && return 0
    "$1" loadwallet "$2" > /dev/null 2>&1 || "$1" createwallet "$2" > /dev/null
}

# until_true SECONDS COMMAND…: poll until the command succeeds
until_true() {
    local deadline=$(( $(now_ms) + $1 * 1000 )); shift
    until "$@"; do [ "$(now_ms)" -lt "$deadline" ] || return 1; sleep 0.1; done
}
