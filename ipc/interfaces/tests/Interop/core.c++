// A process that offers what Core's node offers first, made with the C++ library:
//   core server <socket> [30]   serves whoever connects, one after another, until standard input ends; with 30, by that release's numbers
//   core -ipcfd <number>        the same over an inherited socket, until the parent is gone: Core's own convention for a child
#include <capnp/capability.h>
#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <kj/debug.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "core.capnp.h"
#include "echo.capnp.h"
#include "proxy.capnp.h"
#include "rpc.capnp.h"

namespace {

struct ThreadImpl final : Thread::Server {
  explicit ThreadImpl(kj::StringPtr name) : name(kj::str(name)) {}
  kj::Promise<void> getName(GetNameContext context) override {
    context.getResults().setResult(name);
    return kj::READY_NOW;
  }
  kj::String name;
};

using Threads = capnp::CapabilityServerSet<Thread>;

struct ThreadMapImpl final : ThreadMap::Server {
  explicit ThreadMapImpl(Threads& threads) : threads(threads) {}
  kj::Promise<void> makeThread(MakeThreadContext context) override {
    context.getResults().setResult(threads.add(kj::heap<ThreadImpl>(context.getParams().getName())));
    return kj::READY_NOW;
  }
  Threads& threads;
};

// Refuses calls that name no thread of ours, as libmultiprocess does.
kj::Promise<void> onThread(Threads& threads, Context::Reader context) {
  auto thread = context.getThread();
  return threads.getLocalServer(thread).then([](kj::Maybe<Thread::Server&> found) {
    KJ_REQUIRE(found != nullptr, "invalid thread handle");
  });
}

struct EchoImpl final : Echo::Server {
  explicit EchoImpl(Threads& threads) : threads(threads) {}
  kj::Promise<void> destroy(DestroyContext) override { return kj::READY_NOW; }
  kj::Promise<void> echo(EchoContext context) override {
    return onThread(threads, context.getParams().getContext()).then([context]() mutable {
      context.getResults().setResult(context.getParams().getEcho());
    });
  }
  Threads& threads;
};

struct RpcImpl final : Rpc::Server {
  kj::Promise<void> executeRpc(ExecuteRpcContext context) override {
    auto params = context.getParams();
    context.getResults().setResult(kj::str(params.getUser(), "@", params.getUri(), ": ", params.getRequest()));
    return kj::READY_NOW;
  }
};

// A chain of which a block is mined by whoever submits a solution.
struct Chain {
  int height = 5;
  kj::Vector<kj::Own<kj::PromiseFulfiller<void>>> waiting;
  kj::Array<kj::byte> tip() const {
    auto hash = kj::heapArray<kj::byte>(32);
    memset(hash.begin(), height, hash.size());
    return hash;
  }
  void grow() {
    ++height;
    auto woken = kj::mv(waiting);
    waiting = {};
    for (auto& one : woken) one->fulfill();
  }
  kj::Promise<void> growth() {
    auto pair = kj::newPromiseAndFulfiller<void>();
    waiting.add(kj::mv(pair.fulfiller));
    return kj::mv(pair.promise);
  }
};

struct TemplateImpl final : BlockTemplate::Server {
  TemplateImpl(Chain& chain, bool old) : chain(chain), old(old) {}
  kj::Promise<void> destroy(DestroyContext) override { return kj::READY_NOW; }
  kj::Promise<void> getBlockHeader(GetBlockHeaderContext context) override {
    auto header = context.getResults().initResult(80);
    memcpy(header.begin() + 4, chain.tip().begin(), 32);
    return kj::READY_NOW;
  }
  kj::Promise<void> submitSolutionOld7(SubmitSolutionOld7Context) override {
    return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__,
                         kj::str("std::exception: Old submitSolution (@7) not supported. Please update your client!"));
  }
  kj::Promise<void> waitNext(WaitNextContext context) override {
    return chain.growth().then([this, context]() mutable { context.getResults().setResult(kj::heap<TemplateImpl>(chain, old)); });
  }
  kj::Promise<void> submitOrInterrupt9(SubmitOrInterrupt9Context context) override {
    KJ_REQUIRE(old, "no solution is submitted here");
    context.getResults().setResult(take(context.getParams().getCoinbase()));
    return kj::READY_NOW;
  }
  kj::Promise<void> submitSolution(SubmitSolutionContext context) override {
    auto results = context.getResults();
    results.setResult(take(context.getParams().getCoinbase()));
    if (!results.getResult()) results.setReason("bad-cb-missing");
    return kj::READY_NOW;
  }
  bool take(capnp::Data::Reader coinbase) {
    if (coinbase.size() == 0) return false;
    chain.grow();
    return true;
  }
  Chain& chain;
  bool old;
};

struct MiningImpl final : Mining::Server {
  MiningImpl(Chain& chain, Threads& threads, bool old) : chain(chain), threads(threads), old(old) {}
  kj::Promise<void> isTestChain(IsTestChainContext context) override {
    context.getResults().setResult(true);
    return kj::READY_NOW;
  }
  kj::Promise<void> getTip(GetTipContext context) override {
    return onThread(threads, context.getParams().getContext()).then([this, context]() mutable {
      auto results = context.getResults();
      results.setHasResult(true);
      fill(results.initResult());
    });
  }
  kj::Promise<void> waitTipChanged(WaitTipChangedContext context) override {
    if (context.getParams().getCurrentTip() != chain.tip().asPtr()) {
      fill(context.getResults().initResult());
      return kj::READY_NOW;
    }
    return chain.growth().then([this, context]() mutable { fill(context.getResults().initResult()); });
  }
  kj::Promise<void> createNewBlock(CreateNewBlockContext context) override {
    context.getResults().setResult(kj::heap<TemplateImpl>(chain, old));
    return kj::READY_NOW;
  }
  void fill(BlockRef::Builder block) {
    block.setHash(chain.tip());
    block.setHeight(chain.height);
  }
  Chain& chain;
  Threads& threads;
  bool old;
};

struct InitImpl final : CoreInit::Server {
  explicit InitImpl(bool old) : old(old) {}
  kj::Promise<void> construct(ConstructContext context) override {
    context.getResults().setThreadMap(kj::heap<ThreadMapImpl>(threads));
    return kj::READY_NOW;
  }
  kj::Promise<void> makeEcho(MakeEchoContext context) override {
    return onThread(threads, context.getParams().getContext()).then([this, context]() mutable {
      context.getResults().setResult(kj::heap<EchoImpl>(threads));
    });
  }
  kj::Promise<void> makeMiningOld2(MakeMiningOld2Context context) override {
    if (old) {
      context.getResults().setResult(kj::heap<MiningImpl>(chain, threads, old));
      return kj::READY_NOW;
    }
    return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__,
                         kj::str("std::exception: Old mining interface (@2) not supported. Please update your client!"));
  }
  kj::Promise<void> makeMining(MakeMiningContext context) override {
    if (old) return CoreInit::Server::makeMining(context);
    context.getResults().setResult(kj::heap<MiningImpl>(chain, threads, old));
    return kj::READY_NOW;
  }
  kj::Promise<void> makeRpc(MakeRpcContext context) override {
    if (old) return CoreInit::Server::makeRpc(context);
    context.getResults().setResult(kj::heap<RpcImpl>());
    return kj::READY_NOW;
  }
  Threads threads;
  Chain chain;
  bool old;
};

struct Session {
  Session(kj::Own<kj::AsyncIoStream> given, bool old)
      : stream(kj::mv(given)),
        network(*stream, capnp::rpc::twoparty::Side::SERVER),
        system(capnp::makeRpcServer(network, capnp::Capability::Client(kj::heap<InitImpl>(old)))) {}
  kj::Own<kj::AsyncIoStream> stream;
  capnp::TwoPartyVatNetwork network;
  capnp::RpcSystem<capnp::rpc::twoparty::VatId> system;
};

}  // namespace

int main(int argc, char** argv) {
  auto io = kj::setupAsyncIo();
  if (argc == 3 && std::string(argv[1]) == "-ipcfd") {
    Session session(io.lowLevelProvider->wrapSocketFd(atoi(argv[2]), kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP), false);
    session.network.onDisconnect().wait(io.waitScope);
    return 0;
  }
  if (argc < 3 || std::string(argv[1]) != "server") return 2;
  bool old = argc > 3 && std::string(argv[3]) == "30";
  auto listener = io.provider->getNetwork().parseAddress(kj::str("unix:", argv[2])).wait(io.waitScope)->listen();
  std::cout << "listening" << std::endl;
  auto input = io.lowLevelProvider->wrapInputFd(0);
  kj::byte one[1];
  auto ended = input->tryRead(one, 1, 1).ignoreResult();
  auto serving = listener->accept().then([&](kj::Own<kj::AsyncIoStream> stream) {
    auto session = kj::heap<Session>(kj::mv(stream), old);
    auto gone = session->network.onDisconnect();
    return gone.attach(kj::mv(session));
  });
  ended.exclusiveJoin(serving.then([]() -> kj::Promise<void> { return kj::NEVER_DONE; })).wait(io.waitScope);
  return 0;
}
