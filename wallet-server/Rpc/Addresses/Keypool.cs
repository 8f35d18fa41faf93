using Dash.Primitives.Descriptors;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Addresses;

/// <summary>How many addresses a wallet can still give out.</summary>
internal static class Keypool
{
    /// <summary>Indexes of the active keychains that are watched and not given out.</summary>
    public static (int External, int Internal) SizeOf(WalletSnapshot snapshot) =>
        (Left(snapshot, snapshot.ActiveExternal), Left(snapshot, snapshot.ActiveInternal));

    /// <summary>Refuses for a wallet that could not give out an address of that kind whatever one did.</summary>
    /// <exception cref="RpcError">Code -4.</exception>
    public static void RequireAny(Wallet wallet, bool isInternal)
    {
        var snapshot = wallet.Snapshot;
        if (Active(snapshot, isInternal ? snapshot.ActiveInternal : snapshot.ActiveExternal) is not { } keychain
            || !keychain.IsRanged || keychain.Descriptor.Kind == DescriptorKind.Combo
            || (keychain.KeysLeft <= 0 && !wallet.Keys.Has(keychain.Id)))
        {
            throw new RpcError(RpcErrorCode.Wallet, "Error: This wallet has no available keys");
        }
    }

    private static int Left(WalletSnapshot snapshot, int place) => Active(snapshot, place)?.KeysLeft ?? 0;

    private static Keychain? Active(WalletSnapshot snapshot, int place) => place >= 0 ? snapshot.Keychains[place] : null;
}
