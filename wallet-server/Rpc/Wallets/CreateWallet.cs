using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Wallets;

internal static class CreateWallet
{
    private static readonly RpcArg<string> Name = Arg.Str("wallet_name",
        "The wallet's name. A path puts it into that directory below the wallet directory.");

    private static readonly RpcArg<bool> DisablePrivateKeys = Arg.Bool("disable_private_keys", fallback: false,
        "It only watches: private keys are never accepted.");

    private static readonly RpcArg<bool> Blank = Arg.Bool("blank", fallback: false, "It has no keys to begin with.");
    private static readonly RpcArg<string?> Passphrase = Arg.OptionalStr("passphrase", "Encrypts it.");

    private static readonly RpcArg<bool> AvoidReuse = Arg.Bool("avoid_reuse", fallback: false,
        "It keeps track of addresses that were spent from, and leaves money on them alone.");

    private static readonly RpcArg<bool> Descriptors = Arg.Bool("descriptors", fallback: true,
        "It makes addresses by descriptors. There are no other wallets here.");

    private static readonly RpcArg<bool?> LoadOnStartup = WalletArgs.LoadOnStartup();

    private static readonly RpcArg<bool> ExternalSigner = Arg.Bool("external_signer", fallback: false,
        "Its signatures come from a device.");

    public static readonly WalletMethod Method = new("wallet", "createwallet", "Makes a wallet and loads it.")
    {
        Args = [Name, DisablePrivateKeys, Blank, Passphrase, AvoidReuse, Descriptors, LoadOnStartup, ExternalSigner],
        Results = OpenedWalletJson.Results,
        Examples =
        [
            Example.Cli("\"testwallet\""),
            Example.Rpc("\"testwallet\""),
            Example.CliNamed("wallet_name=descriptors avoid_reuse=true descriptors=true load_on_startup=true"),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var flags = WalletFlags.Descriptors;
        flags |= call.Get(DisablePrivateKeys) ? WalletFlags.DisablePrivateKeys : WalletFlags.None;
        flags |= call.Get(Blank) ? WalletFlags.Blank : WalletFlags.None;
        var passphrase = call.Get(Passphrase);
        flags |= call.Get(AvoidReuse) ? WalletFlags.AvoidReuse : WalletFlags.None;
        if (call.Has(Descriptors) && !call.Has(LoadOnStartup))
        {
            throw new RpcError(
                RpcErrorCode.InvalidParameter,
                "The createwallet RPC requires specifying the 'load_on_startup' flag when param 'descriptors' is specified. " +
                "Dash Core v21 introduced this requirement due to breaking changes in the createwallet RPC.");
        }

        var hasDescriptors = call.Get(Descriptors);
        var wantsSigner = call.Get(ExternalSigner);
        if (!hasDescriptors)
        {
            throw new RpcError(RpcErrorCode.Wallet, "Compiled without bdb support (required for legacy wallets)");
        }

        if (wantsSigner)
        {
            throw new RpcError(
                RpcErrorCode.Wallet, "Compiled without external signing support (required for external signing)");
        }

        var loadOnStartup = call.Get(LoadOnStartup);
        var options = new NewWalletOptions { Flags = flags, Passphrase = passphrase ?? "", StaysUnknown = true };
        var opened = call.Context.Wallets.Create(call.Get(Name), options, loadOnStartup);
        call.MarkEffect();
        try
        {
            await call.Context.Sync.JoinedAsync(opened.Wallet, ct);
        }
        finally
        {
            opened.Wallet.IsUnknown = false;
        }

        string[] warnings = passphrase is "" ? ["Empty string given as passphrase, wallet will not be encrypted."] : [];
        await OpenedWalletJson.WriteAsync(call, result, opened.Wallet.Name, [.. warnings, .. opened.Warnings], ct);
    }
}
