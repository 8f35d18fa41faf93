namespace Dash.Ipc.Generator.Emit;

/// <summary>Types of libmultiprocess' proxy.capnp that mean something to the proxies.</summary>
internal static class WellKnown
{
    /// <summary>The struct that names the thread a call runs on; no parameter in C#.</summary>
    public const ulong Context = 0x9c44e6645d0b22c6;

    /// <summary>The interface of the set-up call, which the connection makes by itself.</summary>
    public const ulong ThreadMap = 0xee5e37179ad9dc9d;

    /// <summary>C# types of data that everybody may see: logs show them whole.</summary>
    public static readonly IReadOnlySet<string> Hashes = new HashSet<string>(StringComparer.Ordinal) { "BlockHash", "Txid" };
}
