using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;
using Dash.Ipc.Multiprocess;

namespace Dash.Ipc.Interfaces.Tests.Support;

/// <summary>A block that Core's node has prepared for mining, by upstream's numbers.</summary>
internal sealed class CoreTemplateClient(Capability target, ProxyConnection connection)
    : ProxyClient(target, connection, new ProxyMethod(BlockTemplate, 0, "BlockTemplate", "destroy", 0, 1, 0, 0, 0))
{
    private const ulong BlockTemplate = 0xf9671ad841b2f622;

    internal static CoreTemplateClient Of(StructReader results, ProxyConnection home) =>
        home.Import(results.GetPointer(0).GetCapability(), static (cap, own) => new CoreTemplateClient(cap, own))
            ?? throw new IpcException("nothing was made");

    internal ValueTask<ReadOnlyMemory<byte>> GetBlockHeaderAsync(CancellationToken ct) => CallAsync(
        new ProxyMethod(BlockTemplate, 1, "BlockTemplate", "getBlockHeader", 0, 1, 0, 1, 0), 0, static (_, _, _) => { },
        static (results, _) => results.GetPointer(0).GetData(), ct);

    internal ValueTask<CoreTemplateClient> WaitNextAsync(CancellationToken ct) => CallAsync(
        new ProxyMethod(BlockTemplate, 8, "BlockTemplate", "waitNext", 1, 1, 0, 1, 0) { Waits = true }, 0, static (_, _, _) => { },
        static (results, home) => Of(results, home), ct);

    internal ValueTask<(bool Taken, string Reason)> SubmitSolutionAsync(ReadOnlyMemory<byte> coinbase, CancellationToken ct) => CallAsync(
        new ProxyMethod(BlockTemplate, 10, "BlockTemplate", "submitSolution", 2, 2, 1, 2, 0), coinbase,
        static (fields, args, _) => fields.GetPointer(1).SetData(args.Span),
        static (results, _) => (results.GetBool(0), results.GetPointer(0).GetText()), ct);

    /// <summary>As release 30 has it.</summary>
    internal ValueTask<bool> SubmitSolution30Async(ReadOnlyMemory<byte> coinbase, CancellationToken ct) => CallAsync(
        new ProxyMethod(BlockTemplate, 9, "BlockTemplate", "submitSolution", 2, 2, 1, 0, 0), coinbase,
        static (fields, args, _) => fields.GetPointer(1).SetData(args.Span), static (results, _) => results.GetBool(0), ct);

    internal async ValueTask SubmitOldAsync(CancellationToken ct) => await CallAsync(
        new ProxyMethod(BlockTemplate, 7, "BlockTemplate", "submitSolutionOld7", 2, 2, 1, 0, 0), 0, static (_, _, _) => { },
        static (_, _) => 0, ct);
}
