# What a process offers first. The ids and numbers are upstream's.
@0xf2c5cfa319406aa6;

using Proxy = import "/proxy.capnp";
using Echo = import "echo.capnp";
using Rpc = import "rpc.capnp";
using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Interfaces");

interface Init $Proxy.wrap("interfaces::Init") {
  # The object a connection begins with; the others come from it.
  construct @0 (threadMap :Proxy.ThreadMap) -> (threadMap :Proxy.ThreadMap);
  makeEcho @1 (context :Proxy.Context) -> (result :Echo.Echo);
  # An object that says what it is told.
  makeMiningOld2 @2 () -> () $Cs.skip;
  makeMining @3 (context :Proxy.Context) -> (result :Capability) $Cs.skip;
  makeRpc @4 (context :Proxy.Context) -> (result :Rpc.Rpc);
  # The process' JSON-RPC methods.
}
