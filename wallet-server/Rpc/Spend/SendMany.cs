using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Rpc.Spend;

internal static class SendMany
{
    private const string ExampleAmounts = $"{{\"{Example.Address}\":0.01,\"{Example.OtherAddress}\":0.02}}";

    private static readonly RpcArg<string> Dummy = Arg.Str(
        "dummy", "Kept for old callers: the empty text, or null.") with
    {
        OneLine = "\"\"",
    };

    private static readonly RpcArg<JsonElement> Amounts = Arg.ObjectUserKeys("amounts", "Who is paid how much.",
        Arg.Amount("address", "An address, and the amount in DASH it gets."));

    private static readonly RpcArg<int?> MinConf = Arg.OptionalInt("minconf", "Ignored.");
    private static readonly RpcArg<bool?> AddLocked = Arg.OptionalBool("addlocked", "Ignored.");
    private static readonly RpcArg<string?> Comment = Arg.OptionalStr("comment", "What the payment is for.");

    private static readonly RpcArg<IReadOnlyList<string>?> SubtractFeeFrom = Arg.OptionalArray("subtractfeefrom",
        "Take the fee from what these addresses get, in equal shares. Without any the wallet pays it.",
        Arg.Str("address", "An address.") with { IsOptional = true });

    private static readonly RpcArg<bool> UseInstantSend = Arg.Bool("use_is", fallback: false, "Deprecated and ignored");
    private static readonly RpcArg<bool> UseCoinJoin = Arg.Bool(
        "use_cj", fallback: false, "Pay with mixed coins only.");
    private static readonly RpcArg<bool> Verbose = Arg.Bool(
        "verbose", fallback: false, "Also say how the fee was chosen.");

    public static readonly WalletMethod Method = new("wallet", "sendmany",
        "Pays several addresses in one transaction." + WalletMethod.RequiresPassphrase)
    {
        Args =
        [
            Dummy, Amounts, MinConf, AddLocked, Comment, SubtractFeeFrom, UseInstantSend, UseCoinJoin,
            FeeArgs.ConfirmTarget, FeeArgs.EstimateMode, FeeArgs.Rate, Verbose,
        ],
        Results = Payments.Results,
        Examples =
        [
            Example.Cli("Pay two addresses", $"\"\" '{ExampleAmounts}'"),
            Example.Cli("With a note", $"\"\" '{ExampleAmounts}' 6 false \"testing\""),
            Example.Rpc("The same over HTTP", $"\"\", {ExampleAmounts}, 6, false, \"testing\""),
        ],
        Spends = true,
        Signs = true,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        if (call.Has(Dummy) && call.Get(Dummy).Length > 0)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Dummy value must be set to \"\"");
        }

        var amounts = call.Get(Amounts);
        var notes = Payments.Notes(("comment", call.Get(Comment)));
        var bearers = call.Get(SubtractFeeFrom)?.ToHashSet(StringComparer.Ordinal) ?? [];
        var control = FeeArgs.Read(call, new CoinControl
        {
            CoinType = call.Get(UseCoinJoin) ? CoinType.OnlyFullyMixed : CoinType.All,
            AvoidReuse = false,
        });
        var payments = Payments.Read(
            amounts.EnumerateObject().Select(member => (member.Name, member.Value)), bearers.Contains, wallet.Snapshot);
        await Payments.SendAsync(call, wallet, payments, control, notes, call.Get(Verbose), result, ct);
    }
}
