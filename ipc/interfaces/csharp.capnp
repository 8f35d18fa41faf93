# How capnpc-csharp writes a schema in C#. None of this is on the wire.
@0xb5f3a0c1d2e40000;

annotation namespace @0xb5f3a0c1d2e40001 (file) :Text;
# The namespace of everything in the file.

annotation usings @0xb5f3a0c1d2e40002 (file) :List(Text);
# Namespaces of the types that $Cs.type names, and of their converters.

annotation name @0xb5f3a0c1d2e40003 (struct, interface, enum, field, group, union, param, method, enumerant, const) :Text;
# Another name in C#, where the schema's own would be in the way.

annotation type @0xb5f3a0c1d2e40004 (field, param) :Text;
# The C# type of a parameter, result or record member. For "T" there is a class TConverter with
# T Read(PointerReader) and void Write(PointerBuilder, T), or, over a number, T Read(number) and number Write(T).

annotation elementType @0xb5f3a0c1d2e40005 (field, param) :Text;
# The same for the elements of a list.

annotation value @0xb5f3a0c1d2e40006 (struct) :Text;
# The struct is a "record" or "record struct" in C#.

annotation nullable @0xb5f3a0c1d2e40007 (field, param) :Void;
# The null pointer is null in C#.

annotation skip @0xb5f3a0c1d2e40008 (method, interface) :Void;
# Declared to keep its number, not offered and not called: callers are told that it is not implemented.

annotation secret @0xb5f3a0c1d2e40009 (field, param) :Void;
# May hold a passphrase or a key: no log shows it, and received messages with it are wiped after the call.

annotation waits @0xb5f3a0c1d2e4000a (method) :Void;
# Takes as long as it takes: no deadline of ours ends a call of it.
