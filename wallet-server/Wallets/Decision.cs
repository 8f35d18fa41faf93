using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>What a decision changes and what its caller gets once that is stored.</summary>
internal readonly record struct Decision<T>(ChangeSet Changes, T Result)
{
    /// <summary>Changes nothing.</summary>
    public static Decision<T> Of(T result) => new(ChangeSet.Nothing, result);
}
