# What a wallet needs of a node: few questions, each answered whole, and what happened since.
@0xd73110a189310d51;

using Proxy = import "/proxy.capnp";
using Common = import "common.capnp";
using Handler = import "handler.capnp";
using Init = import "init.capnp";
using Rpc = import "rpc.capnp";
using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Interfaces");
$Cs.usings(["Dash.Ipc.Interfaces.Types", "Dash.Primitives.Blocks", "Dash.Primitives.Transactions", "Dash.Primitives.Units"]);

interface NodeInit extends(Init.Init) {
  # What a node offers first.
  makeChainFeed @0 (context :Proxy.Context) -> (result :ChainFeed);
  # The chain, for one subscriber.
  makeWalletHost @1 (context :Proxy.Context) -> (result :WalletHost);
  # What the node has for the wallet process it started; any other is refused.
}

interface ChainFeed {
  # The node's active chain and mempool.
  destroy @0 (context :Proxy.Context) -> ();
  identity @1 (context :Proxy.Context) -> (network :Text, genesis :Data $Cs.type("BlockHash"), protocolVersion :Int32, nodeVersion :Text);
  # Which network ("main", "test", "regtest") and chain this is, and which node.
  position @2 (context :Proxy.Context) -> (sequence :UInt64, tip :Common.BlockRef);
  # The tip, and the number of the last event that led to it.
  findFork @3 (context :Proxy.Context, locator :List(Data) $Cs.type("BlockLocator")) -> (result :Common.BlockRef, hasResult :Bool);
  # The first block of the locator that is on the active chain; nothing if none is.
  getBlocks @4 (context :Proxy.Context, after :Common.BlockRef, maxBytes :UInt32, knowsPruned :Bool) -> (result :List(FeedBlock), isCurrent :Bool, isPruned :Bool);
  # Blocks behind `after` on the active chain, in order, at least one, up to about that many bytes. Empty when `after` is
  # the tip or has left the active chain; isCurrent is true if it has not. They end before a block that is not stored any
  # more. If that is the first, isPruned is true for a caller who says to know of that; for another one the call fails.
  getMempool @5 (context :Proxy.Context) -> (result :List(Data), sequence :UInt64);
  # The mempool's transactions, serialized, parents before children, and the number of the last event in it. Fails when they
  # are more than a message holds: getMempoolPart is for any number.
  feeQuote @6 (context :Proxy.Context, targets :List(Int32)) -> (result :FeeQuote);
  # All that deciding on a fee needs; estimates for these targets, in blocks.
  broadcast @7 (context :Proxy.Context, tx :Data, maxFee :Int64 $Cs.type("Amount"), relay :Bool) -> (error :Text, result :Bool);
  # Puts a serialized transaction into the mempool and, if asked, tells peers. False with the reason if it was refused;
  # a transaction that is there already is fine. A maxFee of zero is no limit.
  getBlockHeaderInfo @8 (context :Proxy.Context, hash :Data $Cs.type("BlockHash")) -> (result :HeaderInfo, hasResult :Bool);
  # What the node knows of a block; nothing if it does not know it.
  subscribe @9 (context :Proxy.Context, listener :ChainListener) -> (result :Handler.Handler, sequence :UInt64);
  # Delivers every event after `sequence` to the listener, in order, until the handler is disconnected.
  getBlock @10 (context :Proxy.Context, hash :Data $Cs.type("BlockHash")) -> (result :FeedBlock, hasResult :Bool);
  # A block the node has on disk, on the active chain or not; nothing if it does not have it.
  getBlockHash @11 (context :Proxy.Context, height :Int32) -> (result :Data $Cs.type("BlockHash"), hasResult :Bool);
  # The block of the active chain at that height; nothing if the chain does not reach there.
  findCoins @12 (context :Proxy.Context, outPoints :List(Data)) -> (result :List(FoundCoin));
  # Outputs by txid and index (36 bytes, as in a transaction): those of the chain nobody has spent, and those of the
  # mempool's transactions. One answer each, in their order.
  relatives @13 (context :Proxy.Context, txids :List(Data)) -> (result :List(Relatives));
  # How transactions hang together in the mempool. One answer each, in their order.
  finality @14 (context :Proxy.Context, txids :List(Data)) -> (locked :List(Bool), chainLock :Common.BlockRef, hasChainLock :Bool);
  # Which transactions are locked by InstantSend, and the highest block of the active chain with a ChainLock.
  sequenceFile @15 (context :Proxy.Context) -> (path :Text, word :Data);
  # A file in which a process on the node's machine reads the sequence of `position` without asking, and the word it begins
  # with: 16 bytes of that word, 8 of nothing, the sequence, its complement; little-endian. No path: there is none.
  getFilters @16 (context :Proxy.Context, after :Common.BlockRef, maxBytes :UInt32) -> (result :List(FeedFilter), hasIndex :Bool);
  # Basic filters (BIP158) of blocks behind `after` on the active chain, in order, up to about that many bytes, as far as
  # the index reaches. Empty when `after` is the tip or has left the active chain; hasIndex is false when there is no index.
  prunedBlock @17 (context :Proxy.Context, first :Int32, last :Int32) -> (result :Common.BlockRef, hasResult :Bool, maxTime :Int64);
  # The highest block of the active chain between these heights, both inclusive, that is not stored any more, and the
  # latest time in a header up to it, in seconds; nothing if all are stored.
  getMempoolPart @18 (context :Proxy.Context, cursor :UInt64, maxBytes :UInt32) -> (result :List(Data), sequence :UInt64, next :UInt64);
  # What getMempool says, in parts of about that many bytes, at least one transaction each. Cursor 0 begins: all parts are of the
  # mempool at that moment, and of that sequence. `next` is the cursor of the next part, 0 after the last one. To begin again
  # ends what was begun before over the same feed; a cursor of that fails.
  collaterals @19 (context :Proxy.Context, outPoints :List(Data)) -> (result :List(Bool));
  # Which outputs (36 bytes each, as in a transaction) the masternodes that are registered at the tip have locked. One answer each,
  # in their order.
  hasRoomFor @20 (context :Proxy.Context, tx :Data) -> (result :Bool);
  # Whether a serialized transaction, signed or not, would keep within the mempool's limits of chains of unconfirmed ones.
}

interface ChainListener {
  # Told by the node what happens, in order, one event at a time. Answer at once: queue the event and return.
  destroy @0 (context :Proxy.Context) -> ();
  blockConnected @1 (context :Proxy.Context, sequence :UInt64, block :FeedBlock) -> ();
  # The block is the new tip.
  blockDisconnected @2 (context :Proxy.Context, sequence :UInt64, block :FeedBlock) -> ();
  # The block was the tip and left the active chain.
  transactionAdded @3 (context :Proxy.Context, sequence :UInt64, tx :Data) -> ();
  # The serialized transaction entered the mempool.
  transactionRemoved @4 (context :Proxy.Context, sequence :UInt64, txid :Data $Cs.type("Txid"), reason :Text) -> ();
  # The transaction left the mempool otherwise than in a block.
  behind @5 (context :Proxy.Context, sequence :UInt64) -> ();
  # Events up to that number were dropped, because this listener was too slow: catch up by getBlocks and getMempoolPart.
  mockTimeChanged @6 (context :Proxy.Context, time :Int64) -> ();
  # The node's mock time, in seconds; 0 when it ends.
  transactionLocked @7 (context :Proxy.Context, sequence :UInt64, txid :Data $Cs.type("Txid")) -> ();
  # InstantSend has locked the transaction.
  chainLocked @8 (context :Proxy.Context, sequence :UInt64, block :Common.BlockRef) -> ();
  # A block of the active chain, and with it all before, has a ChainLock.
  schedulerAdvanced @9 (context :Proxy.Context, seconds :Int64) -> ();
  # What is scheduled comes nearer by so many seconds; on test networks.
}

interface WalletHost {
  # What a node does for the wallet process it started.
  destroy @0 (context :Proxy.Context) -> ();
  register @1 (context :Proxy.Context, commands :List(Command), rpc :Rpc.Rpc) -> (result :Handler.Handler);
  # From now on the node passes these methods to `rpc`; until the handler is disconnected.
  ready @2 (context :Proxy.Context, error :Text) -> ();
  # Wallets are loaded; or the process cannot start, and why.
}

struct FeedBlock $Cs.value("record") {
  # A block of the active chain, or one that just left it.
  ref @0 :Common.BlockRef;
  # Which block.
  previous @1 :Data $Cs.type("BlockHash");
  # The block before it.
  medianTime @2 :Int64;
  # Its median time past, in seconds.
  data @3 :Data;
  # The block, serialized.
}

struct FeedFilter $Cs.value("record") {
  # What tells whether a block can concern a script, without the block.
  ref @0 :Common.BlockRef;
  # Which block.
  medianTime @1 :Int64;
  # Its median time past, in seconds.
  header @2 :Data;
  # Its header, serialized.
  filter @3 :Data;
  # Its basic filter.
}

struct FeeQuote $Cs.value("record") {
  # What a transaction must and should pay.
  minRelay @0 :Int64 $Cs.type("FeeRate");
  # Below this the node relays nothing.
  mempoolMin @1 :Int64 $Cs.type("FeeRate");
  # Below this the mempool, as full as it is, takes nothing.
  incrementalRelay @2 :Int64 $Cs.type("FeeRate");
  # What a replacement or a newcomer to a full mempool pays on top.
  dustRelay @3 :Int64 $Cs.type("FeeRate");
  # An output worth less than its spending at this rate is dust.
  estimates @4 :List(FeeEstimate);
  # One for each target that was asked for.
  maxAncestors @5 :Int32;
  # Most transactions of a chain in the mempool, itself included.
  maxDescendants @6 :Int32;
  # Most that may build on one, itself included.
  isInitialDownload @7 :Bool;
  # The node is still catching up with the network.
}

struct FeeEstimate $Cs.value("record struct") {
  # What gets a transaction confirmed soon enough.
  target @0 :Int32;
  # Within how many blocks.
  feeRate @1 :Int64 $Cs.type("FeeRate");
  # The rate, with a look back at what longer times needed; nothing while the node has not seen enough blocks.
  hasFeeRate @2 :Bool;
  actualTarget @3 :Int32;
  # The target that the rate is for.
  economical @4 :Int64 $Cs.type("FeeRate");
  # The rate without that look, which follows a falling market at once; nothing from a node that does not tell it.
  hasEconomical @5 :Bool;
  reason @6 :Text;
  # Which of the estimates the rate is, in Core's words; empty from a node that does not tell it.
  economicalReason @7 :Text;
  # The same of the rate without that look.
}

struct FoundCoin $Cs.value("record") {
  # An output that can be spent.
  isFound @0 :Bool;
  # Whether there is one; the rest is empty if not.
  value @1 :Int64 $Cs.type("Amount");
  # Its amount.
  script @2 :Data;
  # Its script.
}

struct Relatives $Cs.value("record struct") {
  # A transaction's relatives in the mempool; all zero when it is not there.
  ancestors @0 :Int64;
  # Transactions it builds on, itself included.
  ancestorSize @1 :Int64;
  # Their size, in bytes.
  ancestorFees @2 :Int64 $Cs.type("Amount");
  # Their fees, as prioritised.
  descendants @3 :Int64;
  # The most that any of its ancestors or itself has building on it, itself included.
}

struct HeaderInfo $Cs.value("record") {
  # What the node knows of a block.
  hash @0 :Data $Cs.type("BlockHash");
  # Which block.
  height @1 :Int32;
  # Its height.
  time @2 :Int64;
  # Its own time, in seconds.
  medianTime @3 :Int64;
  # Its median time past, in seconds.
  onActiveChain @4 :Bool;
  # Whether it is on the active chain.
}

struct Command $Cs.value("record") {
  # A JSON-RPC method that the wallet process answers.
  category @0 :Text;
  # The heading of `help` it stands under.
  name @1 :Text;
  # The method's name.
  argNames @2 :List(Text);
  # Its arguments' names, in order.
}
