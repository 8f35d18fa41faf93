using System.Text.Json;
using Dash.Primitives.Scripts;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Coins;

/// <summary>Writes coins as <c>listunspent</c> shows them. One call's.</summary>
internal sealed class CoinWriter(WalletView view, MixingRounds rounds, PendingAncestors ancestors)
{
    private readonly bool _avoidsReuse = view.Snapshot.Flags.HasFlag(WalletFlags.AvoidReuse);

    /// <summary>Writes one coin; into a list that is kept, if one is given.</summary>
    public void Write(Utf8JsonWriter result, AvailableCoin available, RowWriter? row = null)
    {
        var (coin, snapshot) = (available.Coin, view.Snapshot);
        var text = view.TextOf(coin.Script);
        result.WriteStartObject();
        result.WriteHash("txid", coin.OutPoint.Txid);
        result.WriteNumber("vout", coin.OutPoint.Index);
        if (text.Address is { } address)
        {
            result.WriteString("address"u8, address);
            if (snapshot.AddressBook.FindNamed(coin.Script) is { Label: { } label })
            {
                result.WriteString("label", label);
            }

            if (text.RedeemScript is { } behind && ScriptTemplates.Solve(coin.Script).Kind == ScriptKind.ScriptHash)
            {
                result.WriteHex("redeemScript", behind.Span);
            }
        }

        result.WriteHex("scriptPubKey", coin.Script.Span);
        result.WriteAmount("amount", coin.Value);
        if (row is not null && coin.Height >= 0)
        {
            row.WriteCount("confirmations", coin.Height);
        }
        else
        {
            result.WriteNumber("confirmations", available.Depth);
        }

        if (available.Depth == 0 && ancestors.Of(coin.OutPoint.Txid) is { } before)
        {
            result.WriteNumber("ancestorcount", before.Count);
            result.WriteNumber("ancestorsize", before.Size);
            result.WriteNumber("ancestorfees", before.Fees.Duffs);
        }

        result.WriteBoolean("spendable", true);
        result.WriteBoolean("solvable", available.IsSolvable);
        if (available.IsSolvable && text.Descriptor is { } descriptor)
        {
            result.WriteString("desc"u8, descriptor);
        }

        if (_avoidsReuse)
        {
            result.WriteBoolean("reused", snapshot.IsUsed(coin.Script));
        }

        result.WriteBoolean("safe", available.IsSafe);
        result.WriteNumber("coinjoin_rounds", rounds.Of(coin));
        result.WriteEndObject();
    }
}
