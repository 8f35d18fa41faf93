using Dash.Cli.Connection;
using Dash.Cli.Output;

namespace Dash.Cli.Commands;

/// <summary>Calls the method that the words name and prints its result.</summary>
internal static class CallCommand
{
    public static async Task<Outcome> RunAsync(
        RpcServer server, ArgumentConverter convert, IReadOnlyList<string> words, bool named, CancellationToken ct)
    {
        if (words.Count == 0) throw new CliException("too few parameters (need at least command)");
        var method = words[0];
        var parameters = convert(method, [.. words.Skip(1)], named);
        var reply = await server.CallAsync(method, parameters, server.Wallet, ct).ConfigureAwait(false);
        var error = reply.At("error");
        return error.IsNull() ? Outcome.Result(reply.At("result")) : Outcome.Error(error);
    }
}
