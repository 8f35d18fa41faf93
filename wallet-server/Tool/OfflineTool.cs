using Dash.Common.Options;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Storage;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Tool;

/// <summary>
/// The offline tool: looks at wallet files, makes them, writes them as text and back. Output and errors are Dash Core's, of a
/// build without Berkeley DB.
/// </summary>
internal static class OfflineTool
{
    private static readonly string[] Commands = ["info", "create", "salvage", "wipetxes", "dump", "createfromdump"];

    /// <summary>Does a command line name one of the tool's commands, or something else that is no option?</summary>
    public static bool IsAskedFor(IReadOnlyList<string> args) => CommandOf(args) is not null;

    /// <summary>Does what the command line says.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter errors)
    {
        try
        {
            var options = Options.Load(ToolOptions.All, args, OptionFiles.None);
            var command = CommandOf(args) ?? "";
            if (!Commands.Contains(command))
            {
                throw new ToolException($"Error parsing command line arguments: Invalid command '{command}'");
            }

            if (options.Words.Count > 1)
            {
                throw new ToolException(
                    $"Error: Additional arguments provided ({string.Join(", ", options.Words.Skip(1))}). Methods do not take "
                    + "arguments. Please refer to `-help`.");
            }

            Execute(command, options, output, errors);
            return 0;
        }
        catch (ToolException refused)
        {
            errors.Write(refused.Message + (refused.EndsLine ? "\n" : ""));
            return refused.ExitCode;
        }
        catch (WalletException refused)
        {
            errors.Write(refused.Message + "\n");
            return 1;
        }
        catch (SqliteException)
        {
            errors.Write($"Error loading {NameOf(args)}. Is wallet being used by another process?\n");
            return 1;
        }
        catch (OptionException refused)
        {
            var caption = refused.Message.StartsWith("Error", StringComparison.Ordinal) ? "" : "Error: ";
            errors.Write(caption + refused.Message.TrimEnd('\n') + "\n");
            return 1;
        }
    }

    // The first word that is no option; a single dash ends the options, and nothing after it counts.
    private static string? CommandOf(IReadOnlyList<string> args) =>
        args.TakeWhile(static arg => arg != "-").FirstOrDefault(static arg => !arg.StartsWith('-'));

    private static string NameOf(IReadOnlyList<string> args) => Options.ParseCommandLine(ToolOptions.All, args)[ToolOptions.Wallet] ?? "";

    private static void Execute(string command, Options options, TextWriter output, TextWriter errors)
    {
        RequireFitting(command, options);
        var chain = ChainParams.ByName(options.Chain)
            ?? throw new ToolException($"Error: The network {options.Chain} is not supported yet");
        var name = options[ToolOptions.Wallet] ?? "";
        var usual = Path.Combine(options.NetworkDirectory, "wallets");
        var root = Directory.Exists(usual) ? usual : options.NetworkDirectory;
        var path = name.Length > 0 ? Path.Combine(root, name) : root;
        switch (command)
        {
            case "info":
                using (var file = OfflineFile.Open(path, chain))
                {
                    WalletInfoText.Write(output, errors, file, name, chain);
                }

                break;
            case "create":
                Create(options, path, name, chain, output, errors);
                break;
            case "dump":
                WalletDump.Write(options[ToolOptions.DumpFile], path, chain);
                output.Write("The dumpfile may contain private keys. To ensure the safety of your Bitcoin, do not share the dumpfile.\n");
                break;
            case "createfromdump":
                WalletDump.Read(options[ToolOptions.DumpFile], options[ToolOptions.Format], path, chain, output);
                break;
            case "wipetxes":
                using (var file = OfflineFile.Open(path, chain))
                {
                    file.DeleteAll(CoreRecords.Key(RecordName.Transaction));
                }

                break;
            default:
                throw new ToolException("Salvage command is not available as BDB support is not compiled") { EndsLine = false };
        }
    }

    private static void RequireFitting(string command, Options options)
    {
        if (options.IsSet(ToolOptions.Format) && command != "createfromdump")
        {
            throw new ToolException("The -format option can only be used with the \"createfromdump\" command.");
        }

        if (options.IsSet(ToolOptions.DumpFile) && command is not ("dump" or "createfromdump"))
        {
            throw new ToolException("The -dumpfile option can only be used with the \"dump\" and \"createfromdump\" commands.");
        }

        if (options.IsSet(ToolOptions.Descriptors) && command != "create")
        {
            throw new ToolException("The -descriptors option can only be used with the 'create' command.");
        }

        if (options.IsSet(ToolOptions.Legacy) && command != "create")
        {
            throw new ToolException("The -legacy option can only be used with the 'create' command.");
        }

        if (command == "create" && !options.IsSet(ToolOptions.Wallet))
        {
            throw new ToolException("Wallet name must be provided when creating a new wallet.");
        }
    }

    private static void Create(Options options, string path, string name, ChainParams chain, TextWriter output, TextWriter errors)
    {
        var isLegacy = options[ToolOptions.Legacy];
        var hasDescriptors = (!options.IsSet(ToolOptions.Descriptors) && !options.IsSet(ToolOptions.Legacy))
            || (options.IsSet(ToolOptions.Descriptors) && options[ToolOptions.Descriptors]);
        if (isLegacy == hasDescriptors)
        {
            throw new ToolException(isLegacy
                ? "Only one of -legacy or -descriptors can be set to true, not both"
                : "One of -legacy or -descriptors must be set to true (or omitted)");
        }

        try
        {
            if (isLegacy)
            {
                throw new WalletException(
                    WalletError.Wallet, $"Failed to open database path '{path}'. Build does not support Berkeley DB database format.");
            }

            WalletMaking.Make(path, name, chain);
        }
        catch (WalletException refused)
        {
            // Core says so and counts it as done.
            throw new ToolException(refused.Cause, exitCode: 0);
        }

        output.Write("Topping up keypool...\n");
        using var file = OfflineFile.Open(path, chain);
        WalletInfoText.Write(output, errors, file, name, chain);
    }
}
