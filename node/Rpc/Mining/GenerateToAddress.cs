using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mining;

internal static class GenerateToAddress
{
    private static readonly RpcArg<int> Blocks = Arg.Int("nblocks", "How many blocks.");
    private static readonly RpcArg<string> Address = Arg.Str("address", "Who gets the new coins.");
    private static readonly RpcArg<int> MaxTries = GenerateArgs.MaxTries();

    public static readonly NodeMethod Method = new("hidden", "generatetoaddress", "Mines blocks at once and pays an address with them.")
    {
        Args = [Blocks, Address, MaxTries],
        Results = [Result.Arr("", "Hashes of the blocks.", Result.Hex("", "A block's hash."))],
        Examples = [Example.Cli("11 blocks", "11 \"myaddress\""), Example.Rpc("11, \"myaddress\"")],
        Handler = HandleAsync,
    };

    private static ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var blocks = call.Get(Blocks);
        var maxTries = call.Get(MaxTries);
        var script = GenerateArgs.FromAddress(call, call.Get(Address))
            ?? throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Error: Invalid address");
        return GenerateArgs.MineAsync(call, result, script, blocks, maxTries, ct);
    }
}
