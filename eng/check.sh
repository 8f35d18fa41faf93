# ./run.sh --check: the journeys of a payment, by themselves. Sourced by run.sh.

datadir=$(mktemp -d "${TMPDIR:-/tmp}/dash-check.XXXXXX") || fail "no temporary directory"
chmod 700 "$datadir"
begun=$(now_ms)
poller=""
verdict=1

finish() {
    [ -n "$poller" ] && kill "$poller" 2>/dev/null
    [ -n "$wallet_pid" ] && kill -KILL "$wallet_pid" 2>/dev/null
    [ -n "$node_pid" ] && kill -KILL "$node_pid" 2>/dev/null
    if [ "$verdict" -eq 0 ]; then rm -rf "$datadir"; else say "the data and logs of the failed check stay in $datadir"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM

free_port() {
    local port
    for port in $(seq $((20000 + RANDOM % 20000)) 60000); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { printf '%d' "$port"; return; }
    done
}
node_port=$(free_port)
wallet_port=$((node_port + 1))
while (exec 3<>"/dev/tcp/127.0.0.1/$wallet_port") 2>/dev/null; do wallet_port=$((wallet_port + 1)); done

step_begun=$begun
step() { say "$(printf '  ok  %-78s %s' "$1" "$(since "$step_begun")")"; step_begun=$(now_ms); }
broken() {
    say "FAILED  $1"
    show_end "$datadir/regtest/debug.log"; show_end "$datadir/regtest/wallet-debug.log"
    exit 1
}
# must WHAT COMMAND…: the command's output, or the end of the check
must() { local what=$1; shift; "$@" 2>"$datadir/cli.err" || { cat "$datadir/cli.err" >&2; say "FAILED  $what" >&2; kill -TERM $$; exit 1; }; }

# Everything the wallets own, in duffs: $1 is the cli to ask.
owned() {
    local total=0 wallet answer part
    for wallet in demo shop; do
        answer=$("$1" "-rpcwallet=$wallet" getbalances) || return 1
        for part in trusted untrusted_pending immature; do total=$((total + $(duffs "$(member "$answer" $part)"))); done
    done
    printf '%d' "$total"
}
existing() { duffs "$(member "$(node_cli gettxoutsetinfo)" total_amount)"; }
# Every coin was mined to these wallets, fees included: the sums must meet to the duff (no payment may be pending).
adds_up() { [ "$(owned "$1")" = "$(existing)" ]; }
received() { [ "$(duffs "$("$1" -rpcwallet=shop getbalance)")" = "$2" ]; }
height() { member "$("$1" "-rpcwallet=$2" getwalletinfo | tr -d '\n' | grep -o '"lastprocessedblock".*')" height; }
caught_up() { [ "$(height wallet_cli demo)" = "$(node_cli getblockcount)" ]; }

say "checking in $datadir (node port $node_port, wallet port $wallet_port)"
start_node -disablewallet -ipcbind=unix -debug=ipc
start_wallet -debug=ipc
step "dash-node and dash-wallet started and attached over a unix socket"

open_wallet wallet_cli demo && open_wallet wallet_cli shop || broken "wallets demo and shop could not be created"
mining=$(must "an address of demo" wallet_cli -rpcwallet=demo getnewaddress)
shop=$(must "an address of shop" wallet_cli -rpcwallet=shop getnewaddress)
must "mining 110 blocks" node_cli generatetoaddress 110 "$mining" > /dev/null
until_true 20 caught_up || broken "the wallet did not follow the chain"
adds_up wallet_cli || broken "after mining, the balances do not add up"
step "110 blocks mined to the wallet: $(dash "$(owned wallet_cli)") DASH"

txid=$(must "paying over direct RPC" wallet_cli -rpcwallet=demo sendtoaddress "$shop" 12.34567891)
must "looking the payment up in the mempool" node_cli getmempoolentry "$txid" > /dev/null
must "mining the payment" node_cli generatetoaddress 1 "$mining" > /dev/null
until_true 20 received wallet_cli 1234567891 || broken "the shop did not receive 12.34567891"
adds_up wallet_cli || broken "after the direct payment, the balances do not add up"
step "payment over direct RPC, mined, received"

# Ask for the balance the whole time while the node is killed and comes back.
expected=$(wallet_cli -rpcwallet=shop getbalance)
: > "$datadir/poll"
( while :; do
      answer=$(wallet_cli -rpcwallet=shop getbalance 2>&1) && [ "$answer" = "$expected" ] && echo ok || echo "bad $answer"
  done >> "$datadir/poll" ) &
poller=$!
at_kill=$(node_cli getblockcount)
kill -KILL "$node_pid"; wait "$node_pid" 2>/dev/null; node_pid=""
asked_when_gone=$(wc -l < "$datadir/poll")
more_answers() { [ "$(wc -l < "$datadir/poll")" -ge $((asked_when_gone + 5)) ]; }
until_true 30 more_answers || broken "the wallet stopped answering while the node was gone"
step "node killed; the wallet goes on answering"
start_node -disablewallet -ipcbind=unix -debug=ipc
[ "$(node_cli getblockcount)" = "$at_kill" ] || broken "the node lost blocks: $(node_cli getblockcount) instead of $at_kill"
must "mining after the restart" node_cli generatetoaddress 3 "$mining" > /dev/null
until_true 30 caught_up || broken "the wallet did not catch up with the restarted node"
kill "$poller" 2>/dev/null; wait "$poller" 2>/dev/null; poller=""
if grep -v '^ok$' "$datadir/poll"; then broken "the wallet did not answer all along"; fi
adds_up wallet_cli || broken "after the node's restart, the balances do not add up"
step "node restarted, wallet caught up; $(wc -l < "$datadir/poll") balances asked meanwhile, all answered"

txid=$(must "paying after the reconnect" wallet_cli -rpcwallet=shop sendtoaddress "$mining" 2)
must "mining" node_cli generatetoaddress 1 "$mining" > /dev/null
until_true 20 caught_up && adds_up wallet_cli || broken "after the second payment, the balances do not add up"
[ "$(member "$(wallet_cli -rpcwallet=shop gettransaction "$txid")" confirmations)" = 1 ] || broken "the payment is not confirmed"
step "payment after the reconnect"

grep -q 'IPC ' "$datadir/regtest/debug.log" && grep -q 'IPC ' "$datadir/regtest/wallet-debug.log" || broken "-debug=ipc shows nothing"
stop_wallet || broken "dash-wallet did not end cleanly"
stop_node || broken "dash-node did not end cleanly"
step "both ended cleanly"

# Drop-in: one dash-node that starts its own dash-wallet, everything through the node's port.
start_node
open_wallet node_cli demo && open_wallet node_cli shop || broken "the node's wallet could not load the wallets"
adds_up node_cli || broken "drop-in: the balances do not add up"
step "drop-in: dash-node started its own dash-wallet, same wallets, same balances"
before=$(duffs "$(node_cli -rpcwallet=shop getbalance)")
txid=$(must "paying through the node" node_cli -rpcwallet=demo sendtoaddress "$shop" 0.00012345)
must "mining the payment" node_cli generatetoaddress 1 "$mining" > /dev/null
until_true 20 received node_cli $((before + 12345)) || broken "the shop did not receive 0.00012345"
adds_up node_cli || broken "drop-in: after the payment, the balances do not add up"
step "payment over RPC through the node, mined, received"
stop_node || broken "drop-in: dash-node did not end cleanly"
step "ended cleanly"

verdict=0
say "all held in $(since "$begun")"
exit 0
