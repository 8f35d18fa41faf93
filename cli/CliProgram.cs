using Dash.Cli.Commands;
using Dash.Cli.Connection;
using Dash.Cli.Output;
using Dash.Cli.Settings;
using Dash.Common.Hosting;
using Dash.Common.Options;

namespace Dash.Cli;

/// <summary>One run of dash-cli: arguments in, a text and an exit code out.</summary>
internal sealed class CliProgram(CliTerminal terminal, ArgumentConverter convert, TimeProvider time)
{
    private const string Usage =
        """
        Usage:  dash-cli [options] <command> [params]                 Send command to Dash Core
        or:     dash-cli [options] -named <command> [name=value]...   Send command with named arguments
        or:     dash-cli [options] help                               List commands
        or:     dash-cli [options] help <command>                     Get help for a command

        """;

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken ct)
    {
        Options options;
        try
        {
            options = Options.Load(CliOptions.All, args, OptionFiles.Config);
        }
        catch (OptionException e)
        {
            // "Error parsing …" and "Error reading …" say so themselves.
            await terminal.Error.WriteLineAsync(e.Message.StartsWith("Error ", StringComparison.Ordinal) ? e.Message : "Error: " + e.Message).ConfigureAwait(false);
            return 1;
        }

        if (args.Count == 0 || options.AsksForHelp || options.AsksForVersion) return await HelpAsync(options, args.Count == 0).ConfigureAwait(false);

        var outcome = await CommandAsync(options, ct).ConfigureAwait(false);
        if (outcome.Text.Length > 0)
            await (outcome.ExitCode == 0 ? terminal.Output : terminal.Error).WriteLineAsync(outcome.Text).ConfigureAwait(false);
        return outcome.ExitCode;
    }

    private async Task<Outcome> CommandAsync(Options options, CancellationToken ct)
    {
        try
        {
            var password = options[CliOptions.StdinPassword]
                ? terminal.ReadSecret("RPC password> ") ?? throw new CliException("-stdinrpcpass specified but failed to read from standard input")
                : null;
            var words = Words(options);
            using var server = new RpcServer(options, password, time);
            if (options.IsSet(CliOptions.GetInfo)) return await GetInfoCommand.RunAsync(server, Colors(options), words, ct).ConfigureAwait(false);
            if (options[CliOptions.Generate]) return await GenerateCommand.RunAsync(server, convert, words, ct).ConfigureAwait(false);
            if (options[CliOptions.NetInfo]) return await NetInfoCommand.RunAsync(server, options.Chain, words, time, ct).ConfigureAwait(false);
            if (options[CliOptions.AddrInfo]) return await AddrInfoCommand.RunAsync(server, words, ct).ConfigureAwait(false);
            return await CallCommand.RunAsync(server, convert, words, options[CliOptions.Named], ct).ConfigureAwait(false);
        }
        catch (CliException e)
        {
            return Outcome.Failure(e.Message);
        }
        catch (FormatException e)
        {
            return Outcome.Failure(e.Message); // an argument that is not the JSON it should be
        }
    }

    /// <summary>The words of the command line and what -stdin options add to them.</summary>
    private List<string> Words(Options options)
    {
        List<string> words = [.. options.Words];
        if (options[CliOptions.StdinPassphrase])
        {
            if (words.Count < 1 || !words[0].StartsWith("walletpassphrase", StringComparison.Ordinal))
                throw new CliException("-stdinwalletpassphrase is only applicable for walletpassphrase(change)");
            var passphrase = terminal.ReadSecret("Wallet passphrase> ");
            words.Insert(1, passphrase ?? throw new CliException("-stdinwalletpassphrase specified but failed to read from standard input"));
        }

        if (!options[CliOptions.Stdin]) return words;
        while (terminal.ReadLine() is { } line) words.Add(line);
        return words;
    }

    private Colors Colors(Options options) => options[CliOptions.Color] switch
    {
        "always" => Output.Colors.Ansi,
        "never" => Output.Colors.None,
        "auto" => terminal.IsOutputTerminal ? Output.Colors.Ansi : Output.Colors.None,
        _ => throw new CliException("Invalid value for -color option. Valid values: always, auto, never."),
    };

    private async Task<int> HelpAsync(Options options, bool isMissing)
    {
        var title = $"{Product.Name} RPC client version {Product.VersionText}\n";
        var text = options.AsksForVersion ? title : $"{title}\n{Usage}\n{OptionHelp.Format(CliOptions.All, withDebug: false)}";
        await terminal.Output.WriteAsync(text).ConfigureAwait(false);
        if (!isMissing) return 0;
        await terminal.Error.WriteLineAsync("Error: too few parameters").ConfigureAwait(false);
        return 1;
    }
}
