using System.Text.Json;
using Dash.Cli.Connection;
using Dash.Cli.Output;
using Dash.Rpc.Protocol;

namespace Dash.Cli.Commands;

/// <summary>-generate [nblocks] [maxtries]: mines to a new address of the wallet.</summary>
internal static class GenerateCommand
{
    public static async Task<Outcome> RunAsync(
        RpcServer server, ArgumentConverter convert, IReadOnlyList<string> words, CancellationToken ct)
    {
        var fresh = await server.CallAsync("getnewaddress", "[]", server.Wallet, ct).ConfigureAwait(false);
        if (!fresh.At("error").IsNull()) return Outcome.Error(fresh.At("error"));
        var address = fresh.At("result").Text();
        var arguments = Arguments(words, address);

        var parameters = convert("generatetoaddress", arguments, false);
        var reply = await server.CallAsync("generatetoaddress", parameters, server.Wallet, ct).ConfigureAwait(false);
        if (!reply.At("error").IsNull()) return Outcome.Error(reply.At("error"));
        using var shown = JsonDocument.Parse($"{{\"address\":{JsonText.Quote(address)},\"blocks\":{reply.At("result").GetRawText()}}}");
        return Outcome.Result(shown.RootElement);
    }

    private static List<string> Arguments(IReadOnlyList<string> words, string address)
    {
        if (words.Count > 2) throw new CliException("too many arguments (maximum 2 for nblocks and maxtries)");
        if (words is ["0", ..])
        {
            throw new CliException(
                "the first argument (number of blocks to generate, default: 1) must be an integer value greater than zero");
        }

        var count = words.Count > 0 ? words[0] : "1";
        return [count, address, .. words.Skip(1)];
    }
}
