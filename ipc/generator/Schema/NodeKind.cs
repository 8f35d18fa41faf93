namespace Dash.Ipc.Generator.Schema;

/// <summary>Kinds of declarations; the numbers are the union tags of Node in schema.capnp.</summary>
internal enum NodeKind
{
    File = 0,
    Struct = 1,
    Enum = 2,
    Interface = 3,
    Const = 4,
    Annotation = 5,
}
