# The smallest interface there is. The ids are upstream's.
@0x888b4f7f51e691f7;

using Proxy = import "/proxy.capnp";
using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Interfaces");

interface Echo $Proxy.wrap("interfaces::Echo") {
  # Says what it is told: whether the other process is there and speaks the same language.
  destroy @0 (context :Proxy.Context) -> ();
  echo @1 (context :Proxy.Context, echo :Text) -> (result :Text);
  # The text itself.
}
