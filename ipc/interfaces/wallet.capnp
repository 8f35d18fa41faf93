# What a wallet process offers that listens itself: its JSON-RPC methods, for a node that passes calls on, or a command line.
@0xe4b1b6d29f3c7a58;

using Proxy = import "/proxy.capnp";
using Init = import "init.capnp";
using Feed = import "feed.capnp";
using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Interfaces");

interface WalletInit extends(Init.Init) {
  # What a wallet process offers first.
  commands @0 (context :Proxy.Context) -> (result :List(Feed.Command));
  # The methods that the object of makeRpc answers and a node does not have itself.
}
