using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;
using Dash.Ipc.Multiprocess;

namespace Dash.Ipc.Interfaces.Tests.Support;

/// <summary>Core's interface for miners, of which ours has no part, by upstream's numbers.</summary>
internal sealed class CoreMiningClient(Capability target, ProxyConnection connection) : ProxyClient(target, connection, null)
{
    private const ulong Init = 0x8838c700ba5cba65;
    private const ulong Mining = 0xf9c68436df3af39e;

    /// <summary>Asks the first object for it; under number 3, or 2 in release 30.</summary>
    internal static async ValueTask<CoreMiningClient> MakeAsync(ProxyClient init, ProxyConnection connection, ushort ordinal, CancellationToken ct)
    {
        await using Maker maker = new(init.Target.AddReference(), connection);
        return await maker.MakeAsync(new ProxyMethod(Init, ordinal, "Init", "makeMining", 0, 1, 0, 1, 0), ct);
    }

    internal ValueTask<(ReadOnlyMemory<byte> Hash, int Height)> GetTipAsync(CancellationToken ct) => CallAsync(
        new ProxyMethod(Mining, 2, "Mining", "getTip", 0, 1, 1, 1, 0), 0, static (_, _, _) => { },
        static (results, _) => results.GetBool(0) ? ReadBlock(results) : throw new IpcException("there is no tip"), ct);

    internal ValueTask<(ReadOnlyMemory<byte> Hash, int Height)> WaitTipChangedAsync(ReadOnlyMemory<byte> current, CancellationToken ct) => CallAsync(
        new ProxyMethod(Mining, 3, "Mining", "waitTipChanged", 1, 2, 0, 1, 0) { Waits = true }, current,
        static (fields, args, _) => fields.GetPointer(1).SetData(args.Span), static (results, _) => ReadBlock(results), ct);

    internal ValueTask<CoreTemplateClient> CreateNewBlockAsync(CancellationToken ct) => CallAsync(
        new ProxyMethod(Mining, 4, "Mining", "createNewBlock", 1, 2, 0, 1, 0), 0, static (_, _, _) => { },
        static (results, home) => CoreTemplateClient.Of(results, home), ct);

    private static (ReadOnlyMemory<byte> Hash, int Height) ReadBlock(StructReader results)
    {
        var block = results.GetPointer(0).GetStruct();
        return (block.GetPointer(0).GetData(), block.GetInt32(0));
    }

    // The first object once more, to be asked by a number.
    private sealed class Maker(Capability target, ProxyConnection connection) : ProxyClient(target, connection, null)
    {
        internal ValueTask<CoreMiningClient> MakeAsync(ProxyMethod method, CancellationToken ct) => CallAsync(
            method, 0, static (_, _, _) => { },
            static (results, home) => home.Import(results.GetPointer(0).GetCapability(), static (cap, own) => new CoreMiningClient(cap, own))
                ?? throw new IpcException("nothing was made"), ct);
    }
}
