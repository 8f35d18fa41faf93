# JSON-RPC answers of any size: what a message should not hold comes in pieces. The ids are ours, so that upstream may go on
# counting the methods of its Rpc.
@0xa1c6be8f30d24e71;

using Proxy = import "/proxy.capnp";
using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Interfaces");

interface RpcAnswers {
  # Answers JSON-RPC requests, however long the answers are.
  begin @0 (context :Proxy.Context, request :Data $Cs.secret, uri :Text, user :Text, maxBytes :UInt32) -> (status :Int32, length :UInt64, piece :Data $Cs.secret, more :RpcAnswer $Cs.nullable) $Cs.waits;
  # Has a request answered. Request and answer are HTTP bodies, the status is HTTP's, the length is the whole answer's, in bytes; uri
  # and user are those of executeRpc. The piece is the answer's beginning, of maxBytes at most, and `more` has what comes after
  # it: nothing for an answer that is no longer. Whoever lets it go, or goes, wants no more of it.
}

interface RpcAnswer {
  # What of an answer was not read yet. The one who answered keeps it for so long, within bounds of his.
  read @0 (context :Proxy.Context, maxBytes :UInt32) -> (piece :Data $Cs.secret);
  # The next bytes, of maxBytes at most; a character may be cut. Nothing after the last. One call at a time.
}
