using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mining;

internal static class GenerateToDescriptor
{
    private static readonly RpcArg<int> Blocks = Arg.Int("num_blocks", "How many blocks.");
    private static readonly RpcArg<string> Text = Arg.Str("descriptor", "Who gets the new coins.");
    private static readonly RpcArg<int> MaxTries = GenerateArgs.MaxTries();

    public static readonly NodeMethod Method = new("hidden", "generatetodescriptor", "Mines blocks at once and pays a descriptor with them.")
    {
        Args = [Blocks, Text, MaxTries],
        Results = [Result.Arr("", "Hashes of the blocks.", Result.Hex("", "A block's hash."))],
        Examples = [Example.Cli("11 blocks", "11 \"mydesc\"")],
        Handler = HandleAsync,
    };

    private static ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var blocks = call.Get(Blocks);
        var maxTries = call.Get(MaxTries);
        var script = GenerateArgs.FromDescriptor(call, call.Get(Text), out var error)
            ?? throw new RpcError(RpcErrorCode.InvalidAddressOrKey, error);
        return GenerateArgs.MineAsync(call, result, script, blocks, maxTries, ct);
    }
}
