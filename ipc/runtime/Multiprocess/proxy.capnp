# What libmultiprocess adds to RPC: calls that name the thread they run on. Ids and numbers are upstream's.
@0xcc316e3f71a040fb;

using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Multiprocess.Generated");

annotation include @0xb899f3c154fdb458 (file) :Text;
annotation includeTypes @0xbcec15648e8a0cf1 (file) :Text;
annotation wrap @0xe6f46079b7b1405e (interface, struct) :Text;
annotation count @0xd02682b319f69b38 (param, struct, interface) :Int32;
annotation exception @0x996a183200992f88 (param) :Text;
# The result is set instead of the others when that was thrown.
annotation name @0xb594888f63f4dbb9 (field, method) :Text;
annotation skip @0x824c08b82695d8dd (field) :Void;

struct Context $count(0) {
  # First parameter of a method that may take its time.
  thread @0 :Thread;
  # Made by the receiver's ThreadMap: calls that name it run one after another.
  callbackThread @1 :Thread;
  # Of the caller: calls back, made while this call runs, name it.
}

interface Thread $Cs.skip {
  # Calls that run one after another.
  getName @0 () -> (result :Text);
}

interface ThreadMap $count(0) $Cs.skip {
  # Makes threads for a peer; exchanged when a connection begins.
  makeThread @0 (name :Text) -> (result :Thread);
  makePool @1 (count :UInt32) -> ();
  # Threads for calls that name none.
}
