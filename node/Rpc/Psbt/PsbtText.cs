using Dash.Primitives.Psbt;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Psbt;

/// <summary>PSBTs as callers give them: base64.</summary>
internal static class PsbtText
{
    /// <summary>The argument of one.</summary>
    public static RpcArg<string> Arg() => Dash.Rpc.Methods.Arg.Str("psbt", "A PSBT in base64.");

    /// <summary>The argument of several.</summary>
    public static RpcArg<IReadOnlyList<string>> List() =>
        Dash.Rpc.Methods.Arg.Array("txs", "PSBTs in base64.", Dash.Rpc.Methods.Arg.Str("psbt", "A PSBT."));

    /// <summary>Reads several.</summary>
    /// <param name="call">The call.</param>
    /// <param name="texts">Its argument with the PSBTs.</param>
    /// <param name="least">As many there must be.</param>
    /// <param name="tooFew">What is said if there are not.</param>
    /// <exception cref="RpcError">Code -8 for too few, -22 for one that is none.</exception>
    public static List<PartiallySignedTransaction> Parse(
        NodeCall call, RpcArg<IReadOnlyList<string>> texts, int least, string tooFew) =>
        call.Raw(texts).AsArray().GetArrayLength() < least
            ? throw new RpcError(RpcErrorCode.InvalidParameter, tooFew)
            : [.. call.Get(texts).Select(Parse)];

    /// <summary>Reads one.</summary>
    /// <exception cref="RpcError">Code -22.</exception>
    public static PartiallySignedTransaction Parse(string text) =>
        PartiallySignedTransaction.TryParse(text, out var psbt, out var error)
            ? psbt
            : throw new RpcError(RpcErrorCode.Deserialization, "TX decode failed " + error);
}
