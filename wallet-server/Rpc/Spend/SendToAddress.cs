using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Rpc.Spend;

internal static class SendToAddress
{
    private static readonly RpcArg<string> Address = Arg.Str("address", "Where to pay to.");
    private static readonly RpcArg<Amount> Amount = Arg.Amount("amount", "How much, in DASH.");
    private static readonly RpcArg<string?> Comment = Arg.OptionalStr("comment",
        "What the payment is for. A note of the wallet, not part of the transaction.");

    private static readonly RpcArg<string?> CommentTo = Arg.OptionalStr("comment_to",
        "Who is paid. A note of the wallet, not part of the transaction.");

    private static readonly RpcArg<bool> SubtractFee = Arg.Bool("subtractfeefromamount", fallback: false,
        "Take the fee from the amount, so that the recipient gets less.");

    private static readonly RpcArg<bool> UseInstantSend = Arg.Bool("use_is", fallback: false, "Deprecated and ignored");
    private static readonly RpcArg<bool> UseCoinJoin = Arg.Bool(
        "use_cj", fallback: false, "Pay with mixed coins only.");

    private static readonly RpcArg<bool?> AvoidReuse = Arg.OptionalBool("avoid_reuse",
        "Leave money on addresses that were spent from before alone. Only in wallets that keep track of that.", hint: "true");

    private static readonly RpcArg<bool> Verbose = Arg.Bool(
        "verbose", fallback: false, "Also say how the fee was chosen.");

    public static readonly WalletMethod Method = new("wallet", "sendtoaddress",
        "Pays an address." + WalletMethod.RequiresPassphrase)
    {
        Args =
        [
            Address, Amount, Comment, CommentTo, SubtractFee, UseInstantSend, UseCoinJoin,
            FeeArgs.ConfirmTarget, FeeArgs.EstimateMode, AvoidReuse, FeeArgs.Rate, Verbose,
        ],
        Results = Payments.Results,
        Examples =
        [
            Example.Cli("Pay 0.1 DASH", $"\"{Example.Address}\" 0.1"),
            Example.Cli("So that it is confirmed within 6 blocks, at an economical fee",
                $"\"{Example.Address}\" 0.1 \"donation\" \"sean's outpost\" false false false 6 economical"),
            Example.CliNamed($"address=\"{Example.Address}\" amount=0.5 fee_rate=25 comment=\"2 pizzas\" verbose=true"),
            Example.Rpc("The same over HTTP", $"\"{Example.Address}\", 0.1"),
        ],
        Spends = true,
        Signs = true,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var snapshot = wallet.Snapshot;
        var notes = Payments.Notes(("comment", call.Get(Comment)), ("to", call.Get(CommentTo)));
        var subtractFee = call.Get(SubtractFee);
        var kind = call.Get(UseCoinJoin) ? CoinType.OnlyFullyMixed : CoinType.All;
        var avoidReuse = call.GetAvoidReuse(AvoidReuse, snapshot);
        var control = FeeArgs.Read(call, new CoinControl
        {
            CoinType = kind,
            AvoidReuse = avoidReuse,
            AvoidPartialSpends = avoidReuse ? true : null,
        });
        call.RequireKeys(wallet);
        var payments = Payments.Read([(call.Get(Address), call.Raw(Amount))], _ => subtractFee, snapshot);
        await Payments.SendAsync(call, wallet, payments, control, notes, call.Get(Verbose), result, ct);
    }
}
