# What the feed's interfaces do not have, for tests of the proxies.
@0xe4b7c91d0a52f638;

using Proxy = import "/proxy.capnp";
using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Interfaces.Tests.Schemas");
$Cs.usings(["Dash.Ipc.Interfaces.Types", "Dash.Primitives.Transactions"]);

interface Traveller {
  destroy @0 (context :Proxy.Context) -> ();
  greet @1 (context :Proxy.Context, name :Text) -> (result :Text);
}

interface Guide extends(Traveller) {
  # Everything in one place.
  pack @0 (context :Proxy.Context, items :List(Item), tags :List(Text), weights :List(Float64), kinds :List(Kind), grid :List(List(Int32)))
    -> (items :List(Item), tags :List(Text), weights :List(Float64), kinds :List(Kind), grid :List(List(Int32)));
  find @1 (context :Proxy.Context, name :Text, limit :Int32, hasLimit :Bool) -> (result :Item, hasResult :Bool);
  stamp @2 (context :Proxy.Context, txids :List(Data) $Cs.elementType("Txid"), kind :Kind = second) -> (result :List(Data) $Cs.elementType("Txid"), kind :Kind);
  risky @3 (context :Proxy.Context, reason :Text) -> (result :Text, failure :Text $Proxy.exception("JourneyException"));
  riskier @4 (context :Proxy.Context, reason :Text) -> (failure :Text $Proxy.exception("JourneyException"));
  visit @5 (context :Proxy.Context, host :Traveller, rounds :Int32) -> (result :Text);
  companion @6 (context :Proxy.Context, wanted :Bool) -> (result :Traveller $Cs.nullable);
  quick @7 (value :Int64) -> (result :Int64);
  lost @8 (context :Proxy.Context) -> () $Cs.skip;
  wait @9 (context :Proxy.Context) -> ();
  back @10 (context :Proxy.Context, who :Traveller) -> (result :Traveller);
}

enum Kind {
  first @0;
  second @1;
  third @2;
}

struct Item $Cs.value("record") {
  name @0 :Text;
  count @1 :Int32 = -1;
  note @2 :Text $Cs.nullable;
  data @3 :Data;
  kind @4 :Kind;
  txid @5 :Data $Cs.type("Txid");
  hasTxid @6 :Bool;
}
