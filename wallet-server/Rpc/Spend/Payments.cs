using System.Collections.Immutable;
using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Spend;

/// <summary>What <c>sendtoaddress</c> and <c>sendmany</c> share.</summary>
internal static class Payments
{
    private const string Txid = "The transaction's id. There is one transaction, however many are paid.";

    /// <summary>Both forms of their answer.</summary>
    public static IReadOnlyList<RpcResult> Results { get; } =
    [
        Result.Hex("txid", Txid, when: "if verbose is not set or set to false"),
        Result.Obj("if verbose is set to true",
            Result.Hex("txid", Txid),
            Result.Str("fee_reason", "Why the fee rate is what it is.")),
    ];

    /// <summary>Reads who is paid how much.</summary>
    /// <param name="amounts">Addresses and amounts; an address that comes twice is refused.</param>
    /// <param name="bearsFee">Whether the fee is taken from what that address gets.</param>
    /// <param name="snapshot">The wallet.</param>
    /// <exception cref="RpcError">Code -5, -8 or -3.</exception>
    public static List<Payment> Read(
        IEnumerable<(string Address, JsonElement Amount)> amounts, Func<string, bool> bearsFee, WalletSnapshot snapshot)
    {
        List<Payment> payments = [];
        HashSet<Destination> payees = [];
        foreach (var (address, amount) in amounts)
        {
            var payee = WalletCall.RequireDestination(address, snapshot, "Invalid Dash address: " + address);
            if (!payees.Add(payee))
            {
                throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid parameter, duplicated address: " + address);
            }

            payments.Add(new Payment(payee.ToScript(), amount.AsAmount(), bearsFee(address)));
        }

        return payments;
    }

    /// <summary>Notes of a transaction; empty texts are none.</summary>
    public static ImmutableSortedDictionary<string, string> Notes(params ReadOnlySpan<(string Name, string? Text)> texts)
    {
        var notes = WalletTx.NoNotes;
        foreach (var (name, text) in texts)
        {
            if (!string.IsNullOrEmpty(text))
            {
                notes = notes.SetItem(name, text);
            }
        }

        return notes;
    }

    /// <summary>Pays, and writes the answer.</summary>
    public static async ValueTask SendAsync(
        WalletCall call,
        Wallet wallet,
        IReadOnlyList<Payment> payments,
        CoinControl control,
        ImmutableSortedDictionary<string, string> notes,
        bool verbose,
        Utf8JsonWriter result,
        CancellationToken ct)
    {
        var sent = await call.Context.Spender.SendAsync(wallet, payments, control, notes, ct);
        if (!verbose)
        {
            result.WriteStringValue(sent.Txid.ToString());
            return;
        }

        result.WriteStartObject();
        result.WriteHash("txid", sent.Txid);
        result.WriteString("fee_reason", sent.FeeReason);
        result.WriteEndObject();
    }
}
