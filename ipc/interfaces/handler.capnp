# A subscription. The ids are upstream's.
@0xebd8f46e2f369076;

using Proxy = import "/proxy.capnp";
using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Interfaces");

interface Handler $Proxy.wrap("interfaces::Handler") {
  # Something that goes on until it is disconnected or disposed of.
  destroy @0 (context :Proxy.Context) -> ();
  disconnect @1 (context :Proxy.Context) -> ();
  # Ends it; nothing is delivered once this has returned. May be repeated.
}
