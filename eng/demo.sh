# ./run.sh: a node, a wallet daemon attached to it, a wallet with coins to spend. Sourced by run.sh.

mkdir -p "$datadir" && chmod 700 "$datadir"
ended=""
finish() {
    [ -z "$ended" ] || return 0
    ended=yes
    say ""
    say "stopping …"
    stop_wallet; stop_node
    say "both daemons have ended; the data stays in $datadir"
}
trap 'finish; exit 0' INT TERM
trap finish EXIT

say "starting dash-node -regtest -disablewallet -ipcbind=unix …"
start_node -disablewallet -ipcbind=unix
say "starting dash-wallet -regtest -server -ipcconnect=unix …"
start_wallet
open_wallet wallet_cli demo || fail "could not open the wallet 'demo'"

balance() { member "$(wallet_cli -rpcwallet=demo getbalances)" "$1"; }
if [ "$(node_cli getblockcount)" -lt 101 ]; then
    address=$(wallet_cli -rpcwallet=demo getnewaddress) || fail "no address"
    for done_blocks in 20 40 60 80 101; do
        mined=$(node_cli getblockcount)
        [ "$mined" -lt "$done_blocks" ] && node_cli generatetoaddress $((done_blocks - mined)) "$address" > /dev/null
        printf '\rmining for the wallet: %d of 101 blocks ' "$done_blocks"
    done
    printf '\n'
fi
spendable=$(balance trusted)

cat <<TEXT

 dash-node    RPC  http://127.0.0.1:$node_port/     cookie $datadir/regtest/.cookie
              IPC  $datadir/regtest/node.sock
 dash-wallet  RPC  http://127.0.0.1:$wallet_port/     cookie $datadir/regtest/.cookie-wallet

 The wallet 'demo' can spend $spendable DASH at height $(node_cli getblockcount). Paste into another terminal:

   alias dw='$bin/dash-cli -regtest -datadir=$datadir -rpcport=$wallet_port -rpccookiefile=.cookie-wallet'
   dw getbalances
   dw sendtoaddress "\$(dw getnewaddress)" 1.5
   $bin/dash-cli -regtest -datadir=$datadir generatetoaddress 1 "\$(dw getnewaddress)"
   curl -s -u "\$(cat $datadir/regtest/.cookie-wallet)" -d '{"id":1,"method":"getbalances"}' http://127.0.0.1:$wallet_port/wallet/demo

 Ctrl-C ends both.
TEXT

while alive "$node_pid" && alive "$wallet_pid"; do sleep 1 & wait $!; done
alive "$node_pid"   || { show_end "$datadir/regtest/debug.log"; say "dash-node has ended by itself"; }
alive "$wallet_pid" || { show_end "$datadir/regtest/wallet-debug.log"; say "dash-wallet has ended by itself"; }
exit 1
