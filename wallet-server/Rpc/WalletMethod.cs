using Dash.Rpc.Methods;

namespace Dash.WalletServer.Rpc;

/// <summary>A method that the wallet serves.</summary>
internal sealed class WalletMethod(string category, string name, string description)
    : RpcMethod<WalletCall>(category, name, description)
{
    /// <summary>It pays, or sets coins aside for a payment: a caller may give it a key, and then it is done once.</summary>
    public bool Spends { get; init; }

    /// <summary>It signs: a caller may open the secrets for this call alone.</summary>
    public bool Signs { get; init; }

    /// <summary>What help says of methods that need secrets.</summary>
    public const string RequiresPassphrase =
        "\nAn encrypted wallet must be unlocked with walletpassphrase before, or the request has a member \"passphrase\".";
}
