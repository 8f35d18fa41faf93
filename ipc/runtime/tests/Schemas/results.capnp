# How Core hands over what may fail: a value or a text in two languages. The layouts are upstream's.
@0xcd2c6232cb484a29;

using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Tests.Schemas");

struct BilingualStr {
  original @0 :Text;
  # In English.
  translated @1 :Text;
  # In the user's language.
}

struct Result(Value) {
  value @0 :Value;
  # There if it succeeded.
  error @1 :BilingualStr;
  # There if it failed.
}

struct ResultVoid {
  error @0 :BilingualStr;
}

struct Outcomes {
  # One of each.
  named @0 :Result(Text);
  failed @1 :Result(Text);
  done @2 :ResultVoid;
  refused @3 :ResultVoid;
}
