# JSON-RPC over a connection between processes. The ids are upstream's.
@0x9c3505dc45e146ac;

using Proxy = import "/proxy.capnp";
using Answers = import "answers.capnp";
using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Interfaces");

interface Rpc extends(Answers.RpcAnswers) $Proxy.wrap("interfaces::Rpc") {
  # Answers JSON-RPC requests. An object of upstream's does not know what this extends.
  executeRpc @0 (context :Proxy.Context, request :Text $Cs.secret, uri :Text, user :Text) -> (result :Text $Cs.secret) $Cs.waits;
  # The reply's text to a request's text, both as they would be in HTTP bodies. The uri is the request's path
  # ("/wallet/name"), the user who was authenticated. An answer that a message does not hold is an error; `begin` has no such limit.
}
