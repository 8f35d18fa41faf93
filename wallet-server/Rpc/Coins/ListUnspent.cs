using System.Globalization;
using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Rpc.Lists;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Coins;

internal static class ListUnspent
{
    private static readonly RpcArg<int> MinConf = Arg.Int("minconf", fallback: 1, "Least confirmations.");
    private static readonly RpcArg<int> MaxConf = Arg.Int("maxconf", fallback: 9999999, "Most confirmations.");

    private static readonly RpcArg<JsonElement> Addresses = Arg.OptionalAny("addresses", ArgKind.Array,
        "Only coins of these addresses.",
        Arg.OptionalStr("address", "An address.")) with { DefaultText = "[]" };

    private static readonly RpcArg<bool> IncludeUnsafe = Arg.Bool("include_unsafe", fallback: true,
        "Also coins that are not safe to spend, see \"safe\" below.");

    private static readonly RpcArg<Amount> MinimumAmount = Arg.Amount(
        "minimumAmount", Amount.Zero, "Least value of a coin in DASH.") with { DefaultText = "0" };
    private static readonly RpcArg<Amount?> MaximumAmount = Arg.OptionalAmount(
        "maximumAmount", "Greatest value of a coin in DASH.", hint: "unlimited");
    private static readonly RpcArg<long?> MaximumCount = Arg.OptionalLong(
        "maximumCount", "Most coins.", hint: "unlimited");
    private static readonly RpcArg<Amount?> MinimumSum = Arg.OptionalAmount(
        "minimumSumAmount", "Stop when the coins are worth so much, in DASH.", hint: "unlimited");
    private static readonly RpcArg<long> Kind = Arg.Long("coinType", fallback: 0,
        "Which coins: 0 all, 1 mixed as often as wanted, 2 ready to be mixed,\n" +
        "3 neither denominations nor collaterals of CoinJoin, 4 collaterals of masternodes, 5 collaterals of CoinJoin.");

    private static readonly RpcArg<JsonElement> Options = Arg.OptionalAny(
        "query_options", ArgKind.Object, "More conditions.",
        MinimumAmount, MaximumAmount, MaximumCount, MinimumSum, Kind) with { OneLine = "query_options" };

    public static readonly WalletMethod Method = new("wallet", "listunspent",
        "The coins of the wallet with confirmations between minconf and maxconf, all or those of some addresses.")
    {
        Args = [MinConf, MaxConf, Addresses, IncludeUnsafe, Options],
        Results =
        [
            Result.Arr("", "",
                Result.Obj("", "",
                    Result.Hex("txid", "The coin's transaction."),
                    Result.Num("vout", "Which of its outputs."),
                    Result.Str("address", "Its address, where it has one.", optional: true),
                    Result.Str("label", "The label of the address.", optional: true),
                    Result.Hex("redeemScript", "The script behind a script hash, where known.", optional: true),
                    Result.Hex("scriptPubKey", "The script that guards it."),
                    Result.Amount("amount", "Its value in DASH."),
                    Result.Num("confirmations", "Its confirmations."),
                    Result.Num("ancestorcount",
                        "Of a coin in the mempool: how many transactions must be confirmed for it, its own among them.",
                        optional: true),
                    Result.Num("ancestorsize", "Their bytes.", optional: true),
                    Result.Num("ancestorfees", "Their fees in duffs.", optional: true),
                    Result.Bool("spendable", "Whether it is the wallet's own."),
                    Result.Bool("solvable", "Whether the wallet knows how to spend it, apart from private keys."),
                    Result.Str("desc", "Its descriptor, where it is solvable.", optional: true),
                    Result.Bool("reused",
                        "Whether its address was spent from before; in wallets that avoid reuse.", optional: true),
                    Result.Bool("safe",
                        "Whether it can be counted on. Unconfirmed payments of others are not safe,\n" +
                        "and payments do not pick them by themselves."),
                    Result.Num("coinjoin_rounds",
                        "How often CoinJoin mixed it; negative for what is no denomination."))),
        ],
        Examples =
        [
            Example.Cli(),
            Example.Cli($"6 9999999 \"[\\\"{Example.Address}\\\",\\\"{Example.OtherAddress}\\\"]\""),
            Example.Rpc($"6, 9999999, [\"{Example.Address}\",\"{Example.OtherAddress}\"]"),
            Example.Cli("6 9999999 '[]' true '{ \"minimumAmount\": 0.005 }'"),
            Example.Rpc("6, 9999999, [], true, { \"minimumAmount\": 0.005 }"),
        ],
        Lane = RpcLane.Heavy,
        Reflects = StateAsync,
        Handler = HandleAsync,
    };

    // What a coin in the mempool hangs on is the node's to say.
    private static async ValueTask<AnswerState?> StateAsync(WalletCall call, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var state = WholeWallet.Of(call, wallet);
        if (KeptOf(call, wallet) is not null)
        {
            return null; // rows that are kept need no answer that is kept
        }

        if (ReadOptions(call).Kind is CoinType.OnlyFullyMixed or CoinType.OnlyReadyToMix)
        {
            return null; // how often a coin must be mixed is said at any time (setcoinjoinrounds), and is no change of the wallet
        }

        return state.Version is WalletSnapshot { Pending.Count: 0 } || call.Get(MinConf) > 0 ? state : null;
    }

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var chain = call.SnapshotOf(call.Wallet());
        var minConf = call.Get(MinConf);
        var maxConf = call.Get(MaxConf);
        var only = ReadAddresses(call, chain.Chain.Prefixes);
        var includeUnsafe = call.Get(IncludeUnsafe);
        var (limits, kind) = ReadOptions(call);
        var wallet = await call.SyncedWalletAsync(ct);
        if (KeptOf(call, wallet) is { } lists && await TryWriteKeptAsync(call, wallet, lists, ct))
        {
            return;
        }

        using var view = call.OpenView(wallet);
        var control = new CoinControl
        {
            CoinType = kind,
            MinDepth = minConf,
            MaxDepth = maxConf,
            IncludeUnsafe = includeUnsafe,
            AvoidReuse = false,
        };
        var rounds = new MixingRounds(view);
        var coins = AvailableCoins.Of(view.Snapshot, control, limits, new MixedCoins(view.Snapshot, rounds).Contains);
        var ancestors = await PendingAncestors.AskAsync(
            call.Context.Node.Session, view.Snapshot, coins.Where(static coin => coin.Depth == 0).Select(static coin => coin.Coin.OutPoint.Txid), ct);
        if (only is null)
        {
            await view.PrepareTextsAsync(coins.Select(static coin => coin.Coin.Script), ct);
        }

        var writer = new CoinWriter(view, rounds, ancestors);
        result.WriteStartArray();
        foreach (var coin in InOrder(coins))
        {
            if (only is null || only.Contains(Destination.FromScript(coin.Coin.Script)))
            {
                writer.Write(result, coin);
            }
        }

        result.WriteEndArray();
    }

    // The kept rows are those of all coins: only their depth can be asked for.
    private static WalletLists.OfWallet? KeptOf(WalletCall call, Wallet wallet)
    {
        call.Get(MinConf);
        call.Get(MaxConf);
        return call.Reply is not null && !call.Has(Addresses) && call.Get(IncludeUnsafe) && !call.Has(Options)
            ? call.ListsOf(wallet, call.SnapshotOf(wallet).Coins.Count)
            : null;
    }

    private static async ValueTask<bool> TryWriteKeptAsync(WalletCall call, Wallet wallet, WalletLists.OfWallet lists, CancellationToken ct)
    {
        if (call.Reply is not { } reply)
        {
            return false;
        }

        var (least, most) = (call.Get(MinConf), call.Get(MaxConf));
        PendingAncestors ancestors;
        using (var view = call.OpenView(wallet))
        {
            ancestors = await PendingAncestors.AskAsync(
                call.Context.Node.Session, view.Snapshot, least <= 0 ? PendingCoins(view.Snapshot) : [], ct);
            if (!lists.Coins.IsThere)
            {
                await view.PrepareTextsAsync(view.Snapshot.Coins.Values.Select(static coin => coin.Script), ct);
            }
        }

        return lists.TryWrite(call, lists.Coins, (list, view) => list.TryWrite(view, ancestors, least, most, reply, ct));
    }

    private static IEnumerable<Txid> PendingCoins(WalletSnapshot snapshot) => snapshot.Pending
        .Where(pending => pending.Value.Tx.State is TxState.InMempool).Select(static pending => pending.Key);

    // Oldest first, the unconfirmed ones last: Core's order is that of a hash table.
    private static IEnumerable<AvailableCoin> InOrder(IEnumerable<AvailableCoin> coins) =>
        coins.OrderByDescending(coin => coin.Depth)
            .ThenBy(coin => coin.Coin.OutPoint.Txid, TxidOrder.Instance)
            .ThenBy(coin => coin.Coin.OutPoint.Index);

    private static HashSet<Destination>? ReadAddresses(WalletCall call, AddressPrefixes prefixes)
    {
        if (!call.Has(Addresses))
        {
            return null;
        }

        HashSet<Destination> found = [];
        foreach (var item in call.Raw(Addresses).AsArray().EnumerateArray())
        {
            var text = item.AsStr();
            if (!AddressCodec.TryDecode(text, prefixes, out var destination, out _))
            {
                throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Invalid Dash address: " + text);
            }

            if (!found.Add(destination))
            {
                throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid parameter, duplicated address: " + text);
            }
        }

        return found.Count > 0 ? found : null;
    }

    private static (CoinLimits Limits, CoinType Kind) ReadOptions(WalletCall call)
    {
        if (!call.Has(Options))
        {
            return (CoinLimits.None, CoinType.All);
        }

        var options = call.Raw(Options).AsObject();
        foreach (var member in options.EnumerateObject())
        {
            if (!Options.Inner.Any(field => field.HasName(member.Name)))
            {
                throw new RpcError(
                    RpcErrorCode.InvalidParameter, "Invalid key used in query_options JSON object: " + member.Name);
            }
        }

        var limits = new CoinLimits
        {
            Minimum = Read(options, MinimumAmount) ?? Amount.Zero,
            Maximum = Read(options, MaximumAmount) ?? Amount.MaxMoney,
            MinimumSum = Read(options, MinimumSum) ?? Amount.MaxMoney,
            MaximumCount = options.TryGetProperty(MaximumCount.Names, out var count) ? count.AsLong() : 0,
        };
        var kind = options.TryGetProperty(Kind.Names, out var number) ? number.AsLong() : 0;
        return kind is >= (long)CoinType.All and <= (long)CoinType.OnlyCoinJoinCollateral
            ? (limits, (CoinType)kind)
            : throw new RpcError(
                RpcErrorCode.InvalidParameter,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Invalid coinType selected. Available range: {(int)CoinType.All} - {(int)CoinType.OnlyCoinJoinCollateral}"));
    }

    private static Amount? Read(JsonElement options, RpcArg field) =>
        options.TryGetProperty(field.Names, out var value) ? value.AsAmount() : null;
}
