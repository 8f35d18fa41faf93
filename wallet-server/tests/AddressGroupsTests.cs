using System.Buffers;
using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Rpc;
using Dash.WalletServer.Rpc.Addresses;
using Dash.WalletServer.Rpc.Lists;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>What the tables say of groups of addresses and what these hold is what the transactions say.</summary>
public sealed class AddressGroupsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Groups_and_balances_are_those_of_a_plain_model_all_through_a_random_life(int seed)
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = 50 });
        RandomLife life = new(wallets, seed);
        var largest = 0;
        for (var step = 0; step < 120; step++)
        {
            await life.Step();
            await life.PayTogether();
            if (step % 40 == 39)
            {
                await life.Mine(60); // coinbases become mature
            }

            using var view = life.Alice.OpenView();
            var balances = BalancesOf(view);
            var groups = GroupsOf(view);
            largest = Math.Max(largest, groups.Select(static group => group.Count).DefaultIfEmpty().Max());
            Assert.Equal(
                balances.Select(static held => (AddressKey.Of(held.Key.ToScript())!.Value, held.Value)), // an address has one
                AddressBalances.Of(view, TestWallets.Ct).Select(static held => (held.Key, held.Value)));
            var expected = groups.Select(group => string.Join(' ', group.Select(member => Describe(view, member, balances.GetValueOrDefault(member)))));
            Assert.Equal(expected, Written(view));
        }

        Assert.True(largest > 3, $"no group had more than {largest} addresses");
    }

    private static string Describe(WalletView view, Destination member, Amount held)
    {
        var address = AddressCodec.Encode(member, ChainParams.Regtest.Prefixes);
        return $"{address} {held} {view.Snapshot.AddressBook.FindNamed(address)?.Label ?? "-"}";
    }

    private static IEnumerable<string> Written(WalletView view)
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter json = new(text))
        {
            GroupList.WriteAnew(view, json, TestWallets.Ct);
        }

        using var parsed = JsonDocument.Parse(text.WrittenMemory);
        return
        [
            .. parsed.RootElement.EnumerateArray().Select(static group => string.Join(' ', group.EnumerateArray().Select(static member =>
                $"{member[0].GetString()} {member[1].GetRawText()} {(member.GetArrayLength() > 2 ? member[2].GetString() : "-")}"))),
        ];
    }

    private static List<List<Destination>> GroupsOf(WalletView view)
    {
        Dictionary<Destination, List<Destination>> groups = [];
        foreach (var tx in view.Since(-1))
        {
            List<Destination> together = [];
            foreach (var input in tx.Tx.IsCoinBase ? [] : tx.Tx.Inputs)
            {
                if (view.FindOutput(input.PreviousOutput) is { } spent && OwnPayee(view, spent) is { } payer)
                {
                    together.Add(payer);
                }
            }

            var pays = together.Count > 0;
            foreach (var output in tx.Tx.Outputs)
            {
                if (OwnPayee(view, output) is { } payee)
                {
                    groups.TryAdd(payee, [payee]);
                    if (pays && view.Snapshot.IsChange(output.ScriptPubKey))
                    {
                        together.Add(payee);
                    }
                }
            }

            foreach (var other in together)
            {
                var (one, joined) = (GroupOf(together[0]), GroupOf(other));
                if (one != joined)
                {
                    one.AddRange(joined);
                    joined.ForEach(member => groups[member] = one);
                }
            }
        }

        return
        [
            .. groups.Values.Distinct().Select(static group => group.Order(DestinationOrder.Instance).ToList())
                .OrderBy(static group => group[0], DestinationOrder.Instance),
        ];

        List<Destination> GroupOf(Destination member)
        {
            groups.TryAdd(member, [member]);
            return groups[member];
        }
    }

    private static SortedDictionary<Destination, Amount> BalancesOf(WalletView view)
    {
        var balances = new SortedDictionary<Destination, Amount>(DestinationOrder.Instance);
        var tip = view.Snapshot.Tip.Height;
        foreach (var tx in view.Since(-1))
        {
            if (!view.Trust.Of(tx) || tx.IsImmatureAt(tip)
                || (tx.State.DepthAt(tip) < 1 && !view.Snapshot.IsInstantLocked(tx) && view.DebitOf(tx.Tx) == Amount.Zero))
            {
                continue;
            }

            for (var i = 0; i < tx.Tx.Outputs.Length; i++)
            {
                if (OwnPayee(view, tx.Tx.Outputs[i]) is { } payee)
                {
                    var isThere = view.Snapshot.Coins.ContainsKey(new OutPoint(tx.Txid, (uint)i));
                    balances[payee] = balances.GetValueOrDefault(payee) + (isThere ? tx.Tx.Outputs[i].Value : Amount.Zero);
                }
            }
        }

        return balances;
    }

    private static Destination? OwnPayee(WalletView view, TxOut output) =>
        view.Snapshot.IsMine(output.ScriptPubKey) && Destination.FromScript(output.ScriptPubKey) is not Destination.None and var payee ? payee : null;
}
