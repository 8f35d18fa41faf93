# What the tests and a program made with the C++ library ask of each other; both sides serve and call all of it.
@0xb8f04d27c1e5936a;

using Proxy = import "/proxy.capnp";
using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Tests.Interop");

interface Greeter @0x8838c700ba5cba65 {
  # Init, with upstream's id.
  construct @0 (threadMap :Proxy.ThreadMap) -> (threadMap :Proxy.ThreadMap);
}

interface Peer extends(Greeter) {
  # One method of each kind a connection must bear.
  echo @0 (data :Data) -> (data :Data);
  add @1 (a :Int64, b :Int64) -> (sum :Int64);
  fail @2 (kind :Int32, text :Text) -> ();
  # Fails as asked: 0 failed, 1 overloaded, 2 disconnected, 3 unimplemented.
  makeCounter @3 () -> (counter :Counter);
  callBack @4 (listener :Listener, times :UInt32) -> (heard :UInt32);
  # Calls the listener that often before it returns; what the listener answered, summed up.
  giveBack @5 (counter :Counter) -> (counter :Counter);
  wait @6 () -> ();
  # Returns when cancelled.
  waitWith @7 (counter :Counter) -> (counter :Counter);
  # The same, with objects both ways.
  waits @8 () -> (running :UInt32, cancelled :UInt32);
  promised @9 () -> (counter :Counter);
  # The promise of a counter.
  keepPromise @10 (counter :Counter $Cs.nullable) -> ();
  # What the promise becomes.
  breakPromise @11 (text :Text) -> ();
  tail @12 (next :Peer $Cs.nullable, n :UInt32) -> (n :UInt32);
  # Passes the call on with one more to the next, which answers in its place; without a next, the number.
  end @13 () -> ();
  # Ends the process on the spot.
  nothing @14 () -> (counter :Counter $Cs.nullable, data :Data);
  # No results at all.
  laneEcho @15 (context :Proxy.Context, text :Text) -> (result :Text);
  laneCallBack @16 (context :Proxy.Context, listener :LaneListener, times :UInt32) -> (heard :UInt32);
  noteWithoutAnswer @17 (n :UInt32) -> ();
  # Counted, for callers that do not wait.
  noted @18 () -> (count :UInt32);
}

interface Counter {
  # Notes numbers in the order they come.
  tick @0 (n :UInt32) -> (order :UInt32);
  # How many came before.
  numbers @1 () -> (numbers :List(UInt32));
}

interface Listener {
  hear @0 (n :UInt32) -> (echo :UInt32);
}

interface LaneListener {
  hear @0 (context :Proxy.Context, n :UInt32) -> (echo :UInt32);
}

interface Stranger {
  # Known to callers only.
  visit @0 () -> ();
}
