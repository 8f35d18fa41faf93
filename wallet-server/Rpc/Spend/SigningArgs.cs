using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.WalletServer.Rpc.Spend;

/// <summary>Arguments of the methods that sign.</summary>
internal static class SigningArgs
{
    /// <summary>What signatures cover.</summary>
    public static RpcArg<JsonElement> HashType() => Arg.OptionalAny("sighashtype", ArgKind.Str,
        "What signatures cover: \"ALL\", \"NONE\", \"SINGLE\",\n\"ALL|ANYONECANPAY\", \"NONE|ANYONECANPAY\" or \"SINGLE|ANYONECANPAY\".")
        with { DefaultText = "\"ALL\"" };
}
