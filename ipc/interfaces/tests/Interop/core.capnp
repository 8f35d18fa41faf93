# What Core's node offers first, as far as the tests ask for it, by upstream's ids and numbers. For a program of the C++ library only.
@0x9c783c7ac438f2fd;

using Proxy = import "/proxy.capnp";
using Echo = import "/echo.capnp";
using Rpc = import "/rpc.capnp";
using Common = import "/common.capnp";

interface CoreInit @0x8838c700ba5cba65 {
  construct @0 (threadMap :Proxy.ThreadMap) -> (threadMap :Proxy.ThreadMap);
  makeEcho @1 (context :Proxy.Context) -> (result :Echo.Echo);
  makeMiningOld2 @2 (context :Proxy.Context) -> (result :Mining);
  # Mining in release 30; refused later on.
  makeMining @3 (context :Proxy.Context) -> (result :Mining);
  makeRpc @4 (context :Proxy.Context) -> (result :Rpc.Rpc);
}

interface Mining @0xf9c68436df3af39e {
  isTestChain @0 (context :Proxy.Context) -> (result :Bool);
  isInitialBlockDownload @1 (context :Proxy.Context) -> (result :Bool);
  getTip @2 (context :Proxy.Context) -> (result :Common.BlockRef, hasResult :Bool);
  waitTipChanged @3 (context :Proxy.Context, currentTip :Data, timeout :Float64 = 1.7976931348623157e+308) -> (result :Common.BlockRef);
  createNewBlock @4 (context :Proxy.Context) -> (result :BlockTemplate);
}

interface BlockTemplate @0xf9671ad841b2f622 {
  destroy @0 (context :Proxy.Context) -> ();
  getBlockHeader @1 (context :Proxy.Context) -> (result :Data);
  unused2 @2 () -> ();
  unused3 @3 () -> ();
  unused4 @4 () -> ();
  unused5 @5 () -> ();
  unused6 @6 () -> ();
  submitSolutionOld7 @7 () -> ();
  waitNext @8 (context :Proxy.Context, timeout :Float64) -> (result :BlockTemplate);
  submitOrInterrupt9 @9 (context :Proxy.Context, version :UInt32, timestamp :UInt32, nonce :UInt32, coinbase :Data) -> (result :Bool);
  # submitSolution in release 30.
  submitSolution @10 (context :Proxy.Context, version :UInt32, timestamp :UInt32, nonce :UInt32, coinbase :Data)
      -> (reason :Text, debug :Text, result :Bool);
}
