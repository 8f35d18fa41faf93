namespace Dash.Common.Options;

/// <summary>The names of the networks: values of <c>-chain=</c> and sections of dash.conf.</summary>
public static class ChainNames
{
    /// <summary>The main network.</summary>
    public const string Main = "main";

    /// <summary>The public test network.</summary>
    public const string Test = "test";

    /// <summary>A named development network.</summary>
    public const string Devnet = "devnet";

    /// <summary>The local regression test network.</summary>
    public const string Regtest = "regtest";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Main, Test, Devnet, Regtest];

    /// <summary>The folder of a network inside the data directory; empty for main.</summary>
    /// <param name="chain">One of the names.</param>
    /// <param name="devnet">What follows "-devnet=", used for a devnet only.</param>
    /// <exception cref="OptionException">There is no such network.</exception>
    public static string Folder(string chain, string devnet) => chain switch
    {
        Main => "",
        Test => "testnet3",
        Regtest => "regtest",
        Devnet => devnet.Length == 0 ? "devnet" : "devnet-" + devnet,
        _ => throw new OptionException($"CreateBaseChainParams: Unknown chain {chain}."),
    };
}
