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

    /// <summary>Reads one.</summary>
    /// <exception cref="RpcError">Code -22.</exception>
    public static PartiallySignedTransaction Parse(string text) =>
        PartiallySignedTransaction.TryParse(text, out var psbt, out var error)
            ? psbt
            : throw new RpcError(RpcErrorCode.Deserialization, "TX decode failed " + error);
}
