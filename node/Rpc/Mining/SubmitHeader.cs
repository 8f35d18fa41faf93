using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mining;

internal static class SubmitHeader
{
    private static readonly RpcArg<string> Text = Arg.HexText("hexdata", "The header's bytes in hex.");

    public static readonly NodeMethod Method = new("mining", "submitheader", "Hands a block's header to the node, if it is valid; an error tells why it is not.")
    {
        Args = [Text],
        Results = [Result.None()],
        Examples = [Example.Cli("\"aabbcc\""), Example.Rpc("\"aabbcc\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var header = Parse(call.Get(Text));
        if (call.Node.Index.Find(header.Previous) is null)
        {
            throw new RpcError(RpcErrorCode.Verify, $"Must submit previous header ({header.Previous}) first");
        }

        var state = await call.Node.Validation.SubmitHeaderAsync(header, ct);
        if (state.IsInvalid)
        {
            throw new RpcError(RpcErrorCode.Verify, state.RejectReason);
        }
    }

    private static BlockHeader Parse(string text)
    {
        try
        {
            // What follows the header is passed over, as in Core.
            if (Hex.TryDecode(text, out var bytes))
            {
                var reader = new SpanReader(bytes);
                return BlockHeader.Read(ref reader);
            }
        }
        catch (EncodingException)
        {
            // Too short; told below.
        }

        throw new RpcError(RpcErrorCode.Deserialization, "Block header decode failed");
    }
}
