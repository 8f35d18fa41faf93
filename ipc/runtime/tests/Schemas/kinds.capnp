# Every kind of field, for tests of what the generator makes of them.
@0xd3a1f0b7c2e94865;

using Cs = import "/csharp.capnp";
$Cs.namespace("Dash.Ipc.Tests.Schemas");

struct Kinds {
  void @0 :Void;
  bool @1 :Bool;
  int8 @2 :Int8;
  int16 @3 :Int16;
  int32 @4 :Int32;
  int64 @5 :Int64;
  uint8 @6 :UInt8;
  uint16 @7 :UInt16;
  uint32 @8 :UInt32;
  uint64 @9 :UInt64;
  float32 @10 :Float32;
  float64 @11 :Float64;
  text @12 :Text;
  data @13 :Data;
  color @14 :Color;
  inner @15 :Inner;
  bools @16 :List(Bool);
  numbers @17 :List(Int32);
  texts @18 :List(Text);
  inners @19 :List(Inner);
  colors @20 :List(Color);
  matrix @21 :List(List(UInt16));
  anything @22 :AnyPointer;
  self @23 :Kinds;

  struct Inner {
    id @0 :UInt32;
    label @1 :Text;
  }
}

enum Color {
  # Of the rainbow.
  red @0;
  green @1;
  blue @2;
}

struct Defaults {
  yes @0 :Bool = true;
  int8 @1 :Int8 = -8;
  int16 @2 :Int16 = -1600;
  int32 @3 :Int32 = -320000;
  int64 @4 :Int64 = -9223372036854775808;
  uint8 @5 :UInt8 = 255;
  uint16 @6 :UInt16 = 65535;
  uint32 @7 :UInt32 = 4294967295;
  uint64 @8 :UInt64 = 18446744073709551615;
  float32 @9 :Float32 = 1.5;
  float64 @10 :Float64 = 1.7976931348623157e308;
  color @11 :Color = blue;
  text @12 :Text = "Dash \"quoted\"";
  data @13 :Data = 0x"01 02 ff";
  numbers @14 :List(Int32) = [1, -2, 3];
  inner @15 :Kinds.Inner = (id = 7, label = "seven");
}

struct Unions {
  before @0 :UInt16;
  union {
    nothing @1 :Void;
    number @2 :UInt64;
    small @3 :UInt8;
    text @4 :Text;
    inner @5 :Kinds.Inner;
    both :group {
      left @6 :UInt32;
      right @7 :Text;
    }
  }
  named :union {
    flag @8 :Bool;
    words @9 :List(Text);
  }
  plain :group {
    x @10 :Int32 = 5;
    y @11 :Int32;
  }

  const answer :Int32 = 42;
  const ratio :Float64 = 0.5;
  const greeting :Text = "hello";
}

struct Older {
  id @0 :UInt32;
  label @1 :Text;
}

struct Newer {
  id @0 :UInt32;
  label @1 :Text;
  extra @2 :UInt64 = 99;
  more @3 :Text = "none";
}
