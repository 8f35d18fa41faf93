# The two-party RPC protocol: the messages that connections exchange. Ids, numbers and defaults are the protocol's;
# what they mean for us stands with the code that handles them.
@0xb312981b2552a250;

using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Connections.Generated");

struct Message {
  # One frame on the connection. Whoever receives a kind that it does not know sends it back as `unimplemented`.
  union {
    unimplemented @0 :Message;
    # A message of ours that the peer did not understand.
    abort @1 :Exception;
    # The peer ends the connection, and why.
    call @2 :Call;
    return @3 :Return;
    finish @4 :Finish;
    resolve @5 :Resolve;
    release @6 :Release;
    obsoleteSave @7 :AnyPointer;
    bootstrap @8 :Bootstrap;
    obsoleteDelete @9 :AnyPointer;
    provide @10 :Provide;
    accept @11 :Accept;
    join @12 :Join;
    disembargo @13 :Disembargo;
  }
}

struct Bootstrap {
  # Asks for the peer's first capability.
  questionId @0 :UInt32;
  deprecatedObjectId @1 :AnyPointer;
}

struct Call {
  # Asks for a method of a capability to be called.
  questionId @0 :UInt32;
  # Chosen by the caller, free until both Finish was sent and Return received.
  target @1 :MessageTarget;
  interfaceId @2 :UInt64;
  methodId @3 :UInt16;
  params @4 :Payload;
  sendResultsTo :union {
    caller @5 :Void;
    # The usual: the Return holds the results.
    yourself @6 :Void;
    # The callee keeps the results, for a Return that will say takeFromOtherQuestion.
    thirdParty @7 :AnyPointer;
  }
  allowThirdPartyTailCall @8 :Bool = false;
  noPromisePipelining @9 :Bool = false;
  # The caller will not call on results that are not there yet.
  onlyPromisePipeline @10 :Bool = false;
  # The caller will call on the results only, and wants no Return.
}

struct Return {
  # Answers a Call or Bootstrap.
  answerId @0 :UInt32;
  releaseParamCaps @1 :Bool = true;
  # The caller may count all capabilities of the parameters as released.
  union {
    results @2 :Payload;
    exception @3 :Exception;
    canceled @4 :Void;
    # Only after a Finish.
    resultsSentElsewhere @5 :Void;
    takeFromOtherQuestion @6 :UInt32;
    acceptFromThirdParty @7 :AnyPointer;
  }
  noFinishNeeded @8 :Bool = false;
  # The answer holds no capabilities and is forgotten already.
}

struct Finish {
  # The caller is done with a question; before its Return: it does not want the answer any more.
  questionId @0 :UInt32;
  releaseResultCaps @1 :Bool = true;
  # The callee may count all capabilities of the results as released.
  requireEarlyCancellationWorkaround @2 :Bool = true;
  # A call that was not delivered yet is to be delivered before it is cancelled.
}

struct Resolve {
  # Tells what a promise became.
  promiseId @0 :UInt32;
  union {
    cap @1 :CapDescriptor;
    exception @2 :Exception;
  }
}

struct Release {
  # Gives back references to an export.
  id @0 :UInt32;
  referenceCount @1 :UInt32;
}

struct Disembargo {
  # Goes round to the peer and back behind all calls made through a promise, before calls take a shorter way.
  target @0 :MessageTarget;
  context :union {
    senderLoopback @1 :UInt32;
    receiverLoopback @2 :UInt32;
    accept @3 :Void;
    provide @4 :UInt32;
  }
}

struct Provide {
  questionId @0 :UInt32;
  target @1 :MessageTarget;
  recipient @2 :AnyPointer;
}

struct Accept {
  questionId @0 :UInt32;
  provision @1 :AnyPointer;
  embargo @2 :Bool;
}

struct Join {
  questionId @0 :UInt32;
  target @1 :MessageTarget;
  keyPart @2 :AnyPointer;
}

struct MessageTarget {
  # What a call goes to.
  union {
    importedCap @0 :UInt32;
    # An export of the receiver.
    promisedAnswer @1 :PromisedAnswer;
    # A capability in the results of an earlier call.
  }
}

struct Payload {
  # Parameters or results, and the capabilities that they point to by index.
  content @0 :AnyPointer;
  capTable @1 :List(CapDescriptor);
}

struct CapDescriptor {
  # How the receiver finds a capability.
  union {
    none @0 :Void;
    senderHosted @1 :UInt32;
    senderPromise @2 :UInt32;
    # As senderHosted, and a Resolve will follow.
    receiverHosted @3 :UInt32;
    receiverAnswer @4 :PromisedAnswer;
    thirdPartyHosted @5 :ThirdPartyCapDescriptor;
  }
  attachedFd @6 :UInt8 = 0xff;
}

struct PromisedAnswer {
  # A capability in the results of a question of the sender, found by walking pointers.
  questionId @0 :UInt32;
  transform @1 :List(Op);

  struct Op {
    # A step on the way.
    union {
      noop @0 :Void;
      getPointerField @1 :UInt16;
    }
  }
}

struct ThirdPartyCapDescriptor {
  id @0 :AnyPointer;
  vineId @1 :UInt32;
}

struct Exception $Cs.name("RpcException") {
  # Why a call failed or a connection ended.
  reason @0 :Text;
  obsoleteIsCallersFault @1 :Bool;
  obsoleteDurability @2 :UInt16;
  type @3 :Type;
  trace @4 :Text;

  enum Type {
    failed @0;
    overloaded @1;
    disconnected @2;
    unimplemented @3;
  }
}
