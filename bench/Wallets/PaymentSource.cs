using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Bench.Wallets;

/// <summary>
/// Makes the payments of a wallet one after the other, the same every time: money comes from outputs that anybody may spend,
/// goes to one fresh address after the other, and now and then two coins are spent to a stranger with change.
/// </summary>
internal sealed class PaymentSource(WalletSize size, TestKeys keys, IEnumerable<(OutPoint Place, Amount Value)> funds)
{
    /// <summary>What anybody may spend.</summary>
    public static Script Anybody { get; } = new ScriptBuilder().Op(Opcode.Op1).Build();

    private const int LeastFunds = 10_000_000; // duffs: more than a payment brings, so that something is left

    private static readonly Script Stranger = ScriptTemplates.PayToPubKeyHash(new Hash160(new byte[20]));

    private readonly Random _random = new(size.Transactions);
    private readonly Queue<(OutPoint Place, Amount Value)> _funds = new(funds);
    private readonly List<(OutPoint Place, Amount Value, bool IsChange, int Index)> _coins = [];
    private int _made;
    private int _sent;
    private int _received;

    /// <summary>DASH that the payments need in outputs anybody may spend.</summary>
    public static long FundsNeeded(WalletSize size) => (size.Receives / 50) + 1000;

    /// <summary>Are there more?</summary>
    public bool HasMore => _made < size.Transactions;

    /// <summary>The next one.</summary>
    public Transaction Next()
    {
        _made++;
        var due = (long)size.Sends * _made / size.Transactions;
        return (_sent < due && _coins.Count > 2) || _received == size.Receives ? Send() : Receive();
    }

    private Transaction Receive()
    {
        while (_funds.Peek().Value.Duffs < LeastFunds)
        {
            _funds.Dequeue();
        }

        var (place, value) = _funds.Dequeue();
        var amount = new Amount(1_000_000 + _random.Next(2_000_000));
        using var key = keys.KeyAt(isChange: false, _received);
        var script = ScriptTemplates.PayToPubKeyHash(key.PublicKey.Id);
        var tx = new Transaction([new TxIn(place, Script.Empty)], [new TxOut(amount, script), new TxOut(value - amount, Anybody)]);
        _funds.Enqueue((new OutPoint(tx.Txid, 1), value - amount));
        _coins.Add((new OutPoint(tx.Txid, 0), amount, false, _received++));
        return tx;
    }

    private Transaction Send()
    {
        (OutPoint Place, Amount Value, bool IsChange, int Index)[] spent = [TakeCoin(), TakeCoin()];
        var sum = spent[0].Value + spent[1].Value;
        var change = new Amount(sum.Duffs / 2);
        using var changeKey = keys.KeyAt(isChange: true, _sent);
        var tx = new Transaction(
            [.. spent.Select(coin => new TxIn(coin.Place, Script.Empty))],
            [new TxOut(sum - change - new Amount(1000), Stranger), new TxOut(change, ScriptTemplates.PayToPubKeyHash(changeKey.PublicKey.Id))]);
        var inputs = tx.Inputs.ToBuilder();
        for (var i = 0; i < spent.Length; i++)
        {
            using var key = keys.KeyAt(spent[i].IsChange, spent[i].Index);
            inputs[i] = inputs[i] with { ScriptSig = TestKeys.Sign(tx, i, ScriptTemplates.PayToPubKeyHash(key.PublicKey.Id), key) };
        }

        tx = tx with { Inputs = inputs.ToImmutable() };
        _coins.Add((new OutPoint(tx.Txid, 1), change, true, _sent++));
        return tx;
    }

    private (OutPoint Place, Amount Value, bool IsChange, int Index) TakeCoin()
    {
        var at = _random.Next(_coins.Count);
        var coin = _coins[at];
        _coins[at] = _coins[^1];
        _coins.RemoveAt(_coins.Count - 1);
        return coin;
    }
}
