// A peer made with the C++ library:
//   interop server <socket>          serves a Peer to whoever connects, until standard input ends
//   interop client <socket> <step>   calls a Peer; "ok", or what was wrong
//   interop -ipcfd=<number>          serves a Peer over an inherited socket, until the parent is gone
//   interop spawn <program>          starts a program with -peer and -ipcfd, and calls its Peer; "ok", or what was wrong
//   interop spawn2 <program>         the same with nothing but -ipcfd and the number, as two words
//   interop bench <socket> <bytes> <in flight> <calls>   calls echo; seconds it took
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include "peer.h"

namespace {

struct Client {
  kj::AsyncIoContext& io;
  Session& session;
  Peer::Client peer;
  kj::WaitScope& waitScope;

  uint64_t add(int64_t a, int64_t b) {
    auto request = peer.addRequest();
    request.setA(a);
    request.setB(b);
    return request.send().wait(waitScope).getSum();
  }

  auto sendTick(Counter::Client counter, uint32_t n) {
    auto request = counter.tickRequest();
    request.setN(n);
    return request.send();
  }

  // What a call fails with.
  template <typename T>
  kj::Exception failure(capnp::RemotePromise<T>&& call) {
    auto result = kj::runCatchingExceptions([&]() { kj::mv(call).wait(waitScope); });
    KJ_IF_MAYBE(exception, result) { return kj::mv(*exception); }
    KJ_FAIL_REQUIRE("the call did not fail");
  }

  void expectInOrder(Counter::Client counter, uint32_t count) {
    auto numbers = counter.numbersRequest().send().wait(waitScope);
    auto list = numbers.getNumbers();
    KJ_REQUIRE(list.size() == count, list.size(), count);
    for (uint32_t i = 0; i < count; ++i) KJ_REQUIRE(list[i] == i, i, list[i]);
  }

  void pump(int turns = 20) {
    // Lets what has arrived be handled.
    io.provider->getTimer().afterDelay(turns * kj::MILLISECONDS).wait(waitScope);
  }
};

using Step = void (*)(Client&);

void calls(Client& c) {
  KJ_REQUIRE(c.add(40, 2) == 42);
  auto many = c.peer.echoRequest();
  many.setData(kj::arrayPtr(reinterpret_cast<const kj::byte*>("bytes"), 5));
  KJ_REQUIRE(many.send().wait(c.waitScope).getData().size() == 5);
}

void thousands(Client& c) {
  for (int i = 0; i < 5000; ++i) KJ_REQUIRE(c.add(i, 1) == i + 1ull);
}

void large(Client& c) {
  auto bytes = kj::heapArray<kj::byte>(20 << 20);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<kj::byte>(i * 31 + (i >> 8));
  auto request = c.peer.echoRequest();
  request.setData(bytes);
  auto response = request.send().wait(c.waitScope);
  KJ_REQUIRE(response.getData() == bytes.asPtr());
}

void failures(Client& c) {
  for (int kind = 0; kind < 4; ++kind) {
    auto request = c.peer.failRequest();
    request.setKind(kind);
    request.setText("as asked");
    auto failure = c.failure(request.send());
    KJ_REQUIRE(static_cast<int>(failure.getType()) == kind, kind);
    KJ_REQUIRE(kj::StringPtr(failure.getDescription()).endsWith("as asked"), failure.getDescription());
  }
  KJ_REQUIRE(c.add(1, 1) == 2);
}

void unknown(Client& c) {
  auto failure = c.failure(c.peer.castAs<Stranger>().visitRequest().send());
  KJ_REQUIRE(failure.getType() == kj::Exception::Type::UNIMPLEMENTED);
#if CAPNP_VERSION >= 1000000
  auto method = c.peer.typelessRequest(capnp::typeId<Peer>(), 99, nullptr, {});
#else
  auto method = c.peer.typelessRequest(capnp::typeId<Peer>(), 99, nullptr);
#endif
  auto second = kj::runCatchingExceptions([&]() { method.send().wait(c.waitScope); });
  KJ_IF_MAYBE(exception, second) { KJ_REQUIRE(exception->getType() == kj::Exception::Type::UNIMPLEMENTED); }
  else KJ_FAIL_REQUIRE("an unknown method was answered");
  KJ_REQUIRE(c.add(1, 1) == 2);
}

void pipeline(Client& c) {
  auto counter = c.peer.makeCounterRequest().send().getCounter();
  kj::Vector<capnp::RemotePromise<Counter::TickResults>> ticks;
  for (uint32_t i = 0; i < 100; ++i) ticks.add(c.sendTick(counter, i));
  for (uint32_t i = 0; i < 100; ++i) KJ_REQUIRE(kj::mv(ticks[i]).wait(c.waitScope).getOrder() == i);
  c.expectInOrder(counter, 100);
}

void pipelineToNothing(Client& c) {
  auto failure = c.failure(c.sendTick(c.peer.nothingRequest().send().getCounter(), 1));
  KJ_REQUIRE(failure.getType() == kj::Exception::Type::FAILED);
  KJ_REQUIRE(c.add(1, 1) == 2);
}

void callback(Client& c) {
  auto request = c.peer.callBackRequest();
  request.setListener(kj::heap<ListenerImpl>());
  request.setTimes(50);
  KJ_REQUIRE(request.send().wait(c.waitScope).getHeard() == 50 * 51 / 2);
}

void cancel(Client& c) {
  {
    auto waiting = c.peer.waitRequest().send();
    auto request = c.peer.waitWithRequest();
    request.setCounter(kj::heap<CounterImpl>());
    auto withObjects = request.send();
    KJ_REQUIRE(c.peer.waitsRequest().send().wait(c.waitScope).getRunning() == 2);
    KJ_REQUIRE(c.add(2, 2) == 4);
  }
  for (int i = 0; i < 500; ++i) {
    auto waits = c.peer.waitsRequest().send().wait(c.waitScope);
    if (waits.getCancelled() == 2 && waits.getRunning() == 0) return;
    c.pump(2);
  }
  KJ_FAIL_REQUIRE("the calls were not cancelled");
}

void dropped(Client& c) {
  for (uint32_t i = 0; i < 100; ++i) {
    auto request = c.peer.noteWithoutAnswerRequest();
    request.setN(i);
    auto forgotten = request.send();
  }
  for (int i = 0; i < 500; ++i) {
    if (c.peer.notedRequest().send().wait(c.waitScope).getCount() == 100) return;
    c.pump(2);
  }
  KJ_FAIL_REQUIRE("calls whose answer nobody waits for were not made");
}

// Our own object comes back: what was sent by way of the peer arrives first.
void comesBack(Client& c) {
  Counter::Client ours = kj::heap<CounterImpl>();
  auto request = c.peer.giveBackRequest();
  request.setCounter(ours);
  auto back = request.send();
  auto counter = back.getCounter();
  kj::Vector<capnp::RemotePromise<Counter::TickResults>> ticks;
  uint32_t n = 0;
  while (n < 500) ticks.add(c.sendTick(counter, n++));
  auto response = back.wait(c.waitScope);
  while (n < 1000) ticks.add(c.sendTick(counter, n++));
  for (uint32_t i = 0; i < 1000; ++i) KJ_REQUIRE(kj::mv(ticks[i]).wait(c.waitScope).getOrder() == i);
  c.expectInOrder(ours, 1000);
}

void promiseKept(Client& c) {
  auto counter = c.peer.promisedRequest().send().wait(c.waitScope).getCounter();
  kj::Vector<capnp::RemotePromise<Counter::TickResults>> ticks;
  uint32_t n = 0;
  while (n < 100) ticks.add(c.sendTick(counter, n++));
  c.peer.keepPromiseRequest().send().wait(c.waitScope);
  while (n < 200) ticks.add(c.sendTick(counter, n++));
  for (uint32_t i = 0; i < 200; ++i) KJ_REQUIRE(kj::mv(ticks[i]).wait(c.waitScope).getOrder() == i);
}

void promiseBecomesOurs(Client& c) {
  Counter::Client ours = kj::heap<CounterImpl>();
  auto counter = c.peer.promisedRequest().send().wait(c.waitScope).getCounter();
  kj::Vector<capnp::RemotePromise<Counter::TickResults>> ticks;
  uint32_t n = 0;
  while (n < 500) ticks.add(c.sendTick(counter, n++));
  auto request = c.peer.keepPromiseRequest();
  request.setCounter(ours);
  auto kept = request.send();
  while (n < 700) ticks.add(c.sendTick(counter, n++));
  kept.wait(c.waitScope);
  while (n < 1000) ticks.add(c.sendTick(counter, n++));
  for (uint32_t i = 0; i < 1000; ++i) KJ_REQUIRE(kj::mv(ticks[i]).wait(c.waitScope).getOrder() == i);
  c.expectInOrder(ours, 1000);
}

void promiseBroken(Client& c) {
  auto counter = c.peer.promisedRequest().send().wait(c.waitScope).getCounter();
  auto early = c.sendTick(counter, 1);
  auto request = c.peer.breakPromiseRequest();
  request.setText("broken");
  request.send().wait(c.waitScope);
  KJ_REQUIRE(c.failure(kj::mv(early)).getType() == kj::Exception::Type::OVERLOADED);
  KJ_REQUIRE(c.failure(c.sendTick(counter, 1)).getType() == kj::Exception::Type::OVERLOADED);
}

// A promise of ours as a parameter, kept later.
void promiseGiven(Client& c) {
  auto pair = kj::newPromiseAndFulfiller<Counter::Client>();
  auto request = c.peer.giveBackRequest();
  request.setCounter(kj::mv(pair.promise));
  auto counter = request.send().getCounter();
  auto early = c.sendTick(counter, 0);
  Counter::Client ours = kj::heap<CounterImpl>();
  c.add(1, 1);
  pair.fulfiller->fulfill(kj::mv(ours));
  KJ_REQUIRE(early.wait(c.waitScope).getOrder() == 0);
  KJ_REQUIRE(c.sendTick(counter, 1).wait(c.waitScope).getOrder() == 1);
}

void tailCall(Client& c) {
  auto request = c.peer.tailRequest();
  request.setNext(kj::heap<PeerImpl>());
  request.setN(7);
  KJ_REQUIRE(request.send().wait(c.waitScope).getN() == 8);
}

void lanes(Client& c) {
  auto threadMap = c.peer.constructRequest().send().getThreadMap();
  auto make = threadMap.makeThreadRequest();
  make.setName("from C++");
  auto thread = make.send().getResult();
  auto request = c.peer.laneEchoRequest();
  request.initContext().setThread(thread);
  request.setText("on a lane");
  KJ_REQUIRE(request.send().wait(c.waitScope).getResult() == "on a lane");
  auto name = thread.getNameRequest().send().wait(c.waitScope);
  KJ_REQUIRE(kj::StringPtr(name.getResult()).endsWith("(from from C++)"), name.getResult());
  auto failure = c.failure(c.peer.laneEchoRequest().send());
  KJ_REQUIRE(strstr(failure.getDescription().cStr(), "no thread specified") != nullptr, failure.getDescription());
}

// Leaves in the middle of everything.
void leaves(Client& c) {
  auto waiting = c.peer.waitRequest().send();
  auto request = c.peer.waitWithRequest();
  request.setCounter(kj::heap<CounterImpl>());
  auto withObjects = request.send();
  c.peer.waitsRequest().send().wait(c.waitScope);
  std::cout << "ok" << std::endl;
  _exit(0);
}

const std::map<std::string, Step> Steps = {
    {"calls", calls},         {"thousands", thousands},     {"large", large},
    {"failures", failures},   {"unknown", unknown},         {"pipeline", pipeline},
    {"callback", callback},   {"cancel", cancel},           {"dropped", dropped},
    {"comesBack", comesBack}, {"promiseKept", promiseKept}, {"promiseBecomesOurs", promiseBecomesOurs},
    {"leaves", leaves},       {"promiseBroken", promiseBroken}, {"promiseGiven", promiseGiven},
    {"tailCall", tailCall},   {"lanes", lanes},             {"pipelineToNothing", pipelineToNothing},
};

int serve(kj::AsyncIoContext& io, kj::StringPtr path) {
  struct Sessions final : public kj::TaskSet::ErrorHandler {
    void taskFailed(kj::Exception&& exception) override { std::cerr << kj::str(exception).cStr() << std::endl; }
  } handler;
  kj::TaskSet tasks(handler);
  auto address = io.provider->getNetwork().parseAddress(kj::str("unix:", path)).wait(io.waitScope);
  auto listener = address->listen();
  std::function<kj::Promise<void>()> accept = [&]() {
    return listener->accept().then([&](kj::Own<kj::AsyncIoStream> stream) {
      auto session = kj::heap<Session>(kj::mv(stream), kj::heap<PeerImpl>(), capnp::rpc::twoparty::Side::SERVER);
      auto ended = session->network.onDisconnect();
      tasks.add(ended.attach(kj::mv(session)));
      return accept();
    });
  };
  tasks.add(accept());
  std::cout << "listening" << std::endl;
  auto input = io.lowLevelProvider->wrapInputFd(0);
  kj::byte one[1];
  input->tryRead(one, 1, 1).wait(io.waitScope);
  return 0;
}

int serveInherited(kj::AsyncIoContext& io, int descriptor) {
  Session session(io.lowLevelProvider->wrapSocketFd(descriptor, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP),
                  kj::heap<PeerImpl>(), capnp::rpc::twoparty::Side::SERVER);
  session.network.onDisconnect().wait(io.waitScope);
  return 0;
}

// The child has one end of a pair of sockets as its descriptor 3, and ends with status 0 when the other is closed.
int spawn(kj::AsyncIoContext& io, const char* program, bool twoWords) {
  int pair[2];
  KJ_SYSCALL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  pid_t child;
  KJ_SYSCALL(child = fork());
  if (child == 0) {
    dup2(pair[1], 3);
    for (int other = 4; other < 256; ++other) close(other);
    if (twoWords) execl(program, program, "-ipcfd", "3", nullptr);
    execl(program, program, "-peer", "-ipcfd=3", nullptr);
    _exit(99);
  }
  close(pair[1]);
  {
    Session session(io.lowLevelProvider->wrapSocketFd(pair[0], kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP));
    Client client{io, session, session.bootstrap().castAs<Peer>(), io.waitScope};
    for (auto step : {"calls", "callback", "comesBack", "lanes"}) Steps.at(step)(client);
  }
  int status = 0;
  KJ_SYSCALL(waitpid(child, &status, 0));
  KJ_REQUIRE(WIFEXITED(status) && WEXITSTATUS(status) == 0, status);
  std::cout << "ok" << std::endl;
  return 0;
}

int bench(Client& c, size_t bytes, size_t inFlight, size_t calls) {
  auto data = kj::heapArray<kj::byte>(bytes);
  memset(data.begin(), 7, data.size());
  size_t started = 0;
  std::function<kj::Promise<void>()> again = [&]() -> kj::Promise<void> {
    if (started >= calls) return kj::READY_NOW;
    ++started;
    auto request = c.peer.echoRequest(capnp::MessageSize{bytes / 8 + 16, 0});
    request.setData(data);
    return request.send().then([&](capnp::Response<Peer::EchoResults>&& response) {
      KJ_REQUIRE(response.getData().size() == bytes);
      return again();
    });
  };
  auto from = std::chrono::steady_clock::now();
  auto flying = kj::heapArrayBuilder<kj::Promise<void>>(inFlight);
  for (size_t i = 0; i < inFlight; ++i) flying.add(again());
  kj::joinPromises(flying.finish()).wait(c.waitScope);
  std::cout << std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count() << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string inherited = "-ipcfd=";
  auto io = kj::setupAsyncIo();
  try {
    for (int i = 1; i < argc; ++i) {
      if (inherited.compare(0, std::string::npos, argv[i], inherited.size()) == 0) {
        return serveInherited(io, atoi(argv[i] + inherited.size()));
      }
    }
    if (argc < 3) return 2;
    std::string role = argv[1];
    if (role == "spawn" || role == "spawn2") return spawn(io, argv[2], role == "spawn2");
    if (role == "server") return serve(io, argv[2]);
    auto address = io.provider->getNetwork().parseAddress(kj::str("unix:", argv[2])).wait(io.waitScope);
    Session session(address->connect().wait(io.waitScope));
    Client client{io, session, session.bootstrap().castAs<Peer>(), io.waitScope};
    if (role == "bench" && argc == 6) return bench(client, strtoul(argv[3], nullptr, 10), strtoul(argv[4], nullptr, 10), strtoul(argv[5], nullptr, 10));
    if (role != "client" || argc != 4 || Steps.count(argv[3]) == 0) return 2;
    Steps.at(argv[3])(client);
    std::cout << "ok" << std::endl;
    return 0;
  } catch (const kj::Exception& failure) {
    std::cout << kj::str(failure).cStr() << std::endl;
    return 1;
  }
}
