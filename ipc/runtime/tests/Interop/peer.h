// The objects a peer of the C++ library serves, and a server of them on a unix socket.
#pragma once

#include <capnp/capability.h>
#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <kj/debug.h>
#include <kj/vector.h>
#include <unistd.h>

#include "interop.capnp.h"
#include "proxy.capnp.h"

// Notes numbers in the order they come.
class CounterImpl final : public Counter::Server {
 public:
  kj::Promise<void> tick(TickContext context) override {
    context.getResults().setOrder(seen.size());
    seen.add(context.getParams().getN());
    return kj::READY_NOW;
  }

  kj::Promise<void> numbers(NumbersContext context) override {
    auto list = context.getResults().initNumbers(seen.size());
    for (auto i : kj::indices(seen)) list.set(i, seen[i]);
    return kj::READY_NOW;
  }

 private:
  kj::Vector<uint32_t> seen;
};

class ListenerImpl final : public Listener::Server {
 public:
  kj::Promise<void> hear(HearContext context) override {
    context.getResults().setEcho(context.getParams().getN());
    return kj::READY_NOW;
  }
};

class ThreadImpl final : public Thread::Server {
 public:
  explicit ThreadImpl(kj::StringPtr name) : name(kj::str(name)) {}

  kj::Promise<void> getName(GetNameContext context) override {
    context.getResults().setResult(name);
    return kj::READY_NOW;
  }

 private:
  kj::String name;
};

// Threads of ours that the other side may name; who names another one is refused.
class ThreadMapImpl final : public ThreadMap::Server {
 public:
  explicit ThreadMapImpl(capnp::CapabilityServerSet<Thread>& known) : known(known) {}

  kj::Promise<void> makeThread(MakeThreadContext context) override {
    context.getResults().setResult(known.add(kj::heap<ThreadImpl>(context.getParams().getName())));
    return kj::READY_NOW;
  }

 private:
  capnp::CapabilityServerSet<Thread>& known;
};

class PeerImpl final : public Peer::Server {
 public:
#if CAPNP_VERSION >= 1000000
  // Since 1.0 it is for the dispatcher to say what may be cancelled: wait and waitWith.
  DispatchCallResult dispatchCall(uint64_t interfaceId, uint16_t methodId,
                                  capnp::CallContext<capnp::AnyPointer, capnp::AnyPointer> context) override {
    auto result = Peer::Server::dispatchCall(interfaceId, methodId, context);
    result.allowCancellation = interfaceId == capnp::typeId<Peer>() && (methodId == 6 || methodId == 7);
    return result;
  }

  template <typename Context>
  static void mayBeCancelled(Context&) {}
#else
  template <typename Context>
  static void mayBeCancelled(Context& context) {
    context.allowCancellation();
  }
#endif

  kj::Promise<void> construct(ConstructContext context) override {
    context.getResults().setThreadMap(kj::heap<ThreadMapImpl>(threads));
    return kj::READY_NOW;
  }

  kj::Promise<void> echo(EchoContext context) override {
    auto data = context.getParams().getData();
    auto results = context.getResults(capnp::MessageSize{data.size() / 8 + 8, 0});
    results.setData(data);
    return kj::READY_NOW;
  }

  kj::Promise<void> add(AddContext context) override {
    auto params = context.getParams();
    context.getResults().setSum(params.getA() + params.getB());
    return kj::READY_NOW;
  }

  kj::Promise<void> fail(FailContext context) override {
    auto params = context.getParams();
    return kj::Exception(static_cast<kj::Exception::Type>(params.getKind()), __FILE__, __LINE__,
                         kj::str(params.getText()));
  }

  kj::Promise<void> makeCounter(MakeCounterContext context) override {
    context.getResults().setCounter(kj::heap<CounterImpl>());
    return kj::READY_NOW;
  }

  kj::Promise<void> callBack(CallBackContext context) override {
    auto params = context.getParams();
    return callAgain(params.getListener(), params.getTimes(), 0)
        .then([context](uint32_t heard) mutable { context.getResults().setHeard(heard); });
  }

  kj::Promise<void> giveBack(GiveBackContext context) override {
    context.getResults().setCounter(context.getParams().getCounter());
    return kj::READY_NOW;
  }

  kj::Promise<void> wait(WaitContext context) override {
    mayBeCancelled(context);
    return untilCancelled();
  }

  kj::Promise<void> waitWith(WaitWithContext context) override {
    context.getResults().setCounter(context.getParams().getCounter());
    mayBeCancelled(context);
    return untilCancelled();
  }

  kj::Promise<void> waits(WaitsContext context) override {
    context.getResults().setRunning(running);
    context.getResults().setCancelled(cancelled);
    return kj::READY_NOW;
  }

  kj::Promise<void> promised(PromisedContext context) override {
    auto pair = kj::newPromiseAndFulfiller<Counter::Client>();
    promise = kj::mv(pair.fulfiller);
    context.getResults().setCounter(kj::mv(pair.promise));
    return kj::READY_NOW;
  }

  kj::Promise<void> keepPromise(KeepPromiseContext context) override {
    auto params = context.getParams();
    promise->fulfill(params.hasCounter() ? params.getCounter() : Counter::Client(kj::heap<CounterImpl>()));
    return kj::READY_NOW;
  }

  kj::Promise<void> breakPromise(BreakPromiseContext context) override {
    promise->reject(kj::Exception(kj::Exception::Type::OVERLOADED, __FILE__, __LINE__,
                                  kj::str(context.getParams().getText())));
    return kj::READY_NOW;
  }

  kj::Promise<void> tail(TailContext context) override {
    auto params = context.getParams();
    if (!params.hasNext()) {
      context.getResults().setN(params.getN());
      return kj::READY_NOW;
    }
    auto request = params.getNext().tailRequest();
    request.setN(params.getN() + 1);
    return context.tailCall(kj::mv(request));
  }

  kj::Promise<void> end(EndContext) override { _exit(9); }

  kj::Promise<void> nothing(NothingContext) override { return kj::READY_NOW; }

  kj::Promise<void> laneEcho(LaneEchoContext context) override {
    return known(context.getParams().getContext()).then([context]() mutable {
      context.getResults().setResult(context.getParams().getText());
    });
  }

  kj::Promise<void> laneCallBack(LaneCallBackContext context) override {
    return known(context.getParams().getContext()).then([this, context]() mutable {
      auto params = context.getParams();
      return laneCallAgain(params.getListener(), params.getContext().getCallbackThread(), params.getTimes(), 0)
          .then([context](uint32_t heard) mutable { context.getResults().setHeard(heard); });
    });
  }

  kj::Promise<void> noteWithoutAnswer(NoteWithoutAnswerContext) override {
    ++notes;
    return kj::READY_NOW;
  }

  kj::Promise<void> noted(NotedContext context) override {
    context.getResults().setCount(notes);
    return kj::READY_NOW;
  }

 private:
  struct Waiting {
    explicit Waiting(PeerImpl& peer) : peer(peer) { ++peer.running; }
    ~Waiting() noexcept(false) {
      --peer.running;
      ++peer.cancelled;
    }
    PeerImpl& peer;
  };

  kj::Promise<void> untilCancelled() {
    return kj::Promise<void>(kj::NEVER_DONE).attach(kj::heap<Waiting>(*this));
  }

  kj::Promise<void> known(Context::Reader context) {
    auto thread = context.getThread();
    return threads.getLocalServer(thread).then([](kj::Maybe<Thread::Server&> found) {
      KJ_REQUIRE(found != nullptr, "the call names a thread that is none of ours");
    });
  }

  kj::Promise<uint32_t> callAgain(Listener::Client listener, uint32_t times, uint32_t heard) {
    if (times == 0) return heard;
    auto request = listener.hearRequest();
    request.setN(times);
    return request.send().then([this, listener, times, heard](auto response) mutable {
      return callAgain(kj::mv(listener), times - 1, heard + response.getEcho());
    });
  }

  kj::Promise<uint32_t> laneCallAgain(LaneListener::Client listener, Thread::Client thread, uint32_t times, uint32_t heard) {
    if (times == 0) return heard;
    auto request = listener.hearRequest();
    auto context = request.initContext();
    context.setThread(thread);
    context.setCallbackThread(threads.add(kj::heap<ThreadImpl>("callbacks")));
    request.setN(times);
    return request.send().then([this, listener, thread, times, heard](auto response) mutable {
      return laneCallAgain(kj::mv(listener), kj::mv(thread), times - 1, heard + response.getEcho());
    });
  }

  capnp::CapabilityServerSet<Thread> threads;
  kj::Own<kj::PromiseFulfiller<Counter::Client>> promise;
  uint32_t running = 0;
  uint32_t cancelled = 0;
  uint32_t notes = 0;
};

// The wire of a socket, and what is served over it.
struct Session {
  Session(kj::Own<kj::AsyncIoStream> given, capnp::Capability::Client bootstrap, capnp::rpc::twoparty::Side side)
      : stream(kj::mv(given)), network(*stream, side), system(capnp::makeRpcServer(network, kj::mv(bootstrap))) {}

  Session(kj::Own<kj::AsyncIoStream> given)
      : stream(kj::mv(given)),
        network(*stream, capnp::rpc::twoparty::Side::CLIENT),
        system(capnp::makeRpcClient(network)) {}

  capnp::Capability::Client bootstrap() {
    capnp::MallocMessageBuilder message(4);
    auto id = message.initRoot<capnp::rpc::twoparty::VatId>();
    id.setSide(capnp::rpc::twoparty::Side::SERVER);
    return system.bootstrap(id);
  }

  kj::Own<kj::AsyncIoStream> stream;
  capnp::TwoPartyVatNetwork network;
  capnp::RpcSystem<capnp::rpc::twoparty::VatId> system;
};
