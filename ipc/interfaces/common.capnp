# Values that several interfaces share. The ids are upstream's.
@0xcd2c6232cb484a28;

using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Interfaces");
$Cs.usings(["Dash.Ipc.Interfaces.Types", "Dash.Primitives.Blocks"]);

struct BlockRef $Cs.value("record struct") {
  # A block by its hash and height.
  hash @0 :Data $Cs.type("BlockHash");
  # The block's hash.
  height @1 :Int32;
  # Its height; 0 is genesis.
}
