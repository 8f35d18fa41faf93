using System.Text.Json;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc;

/// <summary>What a reply says of the state it reflects: what the call looked at, or the newest one where it changed something.</summary>
internal sealed class ReflectedState(Wallet wallet) : IReplyState
{
    /// <summary>What the call looked at; null if it has not looked.</summary>
    public WalletSnapshot? Seen { get; set; }

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter writer)
    {
        var snapshot = Seen ?? wallet.Snapshot;
        writer.WriteStartObject();
        writer.WriteLastProcessedBlock(snapshot);
        writer.WriteNumber("seq", snapshot.NextEvent - 1);
        writer.WriteEndObject();
    }
}
