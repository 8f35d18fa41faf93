namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Ids of proxy.capnp and of the one method every bootstrap object has, from libmultiprocess and Init.
/// </summary>
internal static class ProxySchema
{
    internal const ulong ThreadInterface = 0x81c1e2600d0b56c5;
    internal const ushort GetName = 0;

    internal const ulong ThreadMapInterface = 0xee5e37179ad9dc9d;
    internal const ushort MakeThread = 0;
    internal const ushort MakePool = 1;

    /// <summary>Init.construct(threadMap) -> (threadMap): both sides learn how to make lanes at the other.</summary>
    internal const ulong InitInterface = 0x8838c700ba5cba65;
    internal const ushort Construct = 0;
}
