using System.Buffers;
using System.Text;
using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Networks;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Rpc;
using Dash.WalletServer.Rpc.Lists;
using Dash.WalletServer.Rpc.Spend;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.WalletServer.Tests;

/// <summary>Lists whose rows are kept are, byte for byte, those that are made anew.</summary>
public sealed class KeptListsTests
{
    private static readonly (string Method, string Parameters)[] Lists =
    [
        ("listunspent", ""), ("listunspent", "0"), ("listunspent", "3,20"), ("listunspent", "0,0"),
        ("listsinceblock", ""), ("listsinceblock", "\"\",1,false,false"), ("listreceivedbyaddress", ""), ("listreceivedbyaddress", "1,false,false,true"),
        ("listaddressgroupings", ""),
    ];

    [Theory]
    [InlineData(1, 600)]
    [InlineData(2, 600)]
    [InlineData(3, 3_000)]
    [InlineData(4, 3_000)]
    [InlineData(5, 20_000)]
    [InlineData(6, 100_000)]
    public async Task After_each_change_of_a_random_life_they_are_those_made_anew(int seed, int chunkSize)
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = 50 });
        RandomLife life = new(wallets, seed);
        Random random = new(seed);
        using KnownAnswers answers = new(10_000_000, TimeProvider.System);
        WalletLists kept = new(answers) { LeastRows = 0, ChunkSize = chunkSize };
        var (anew, fromRows) = (Make(wallets, null), Make(wallets, kept));
        var made = 0;
        for (var step = 0; step < 150; step++)
        {
            await life.Step();
            if (random.Next(4) == 0)
            {
                await NoteAsync(anew, life, random);
            }

            if (random.Next(3) == 0)
            {
                await life.PayTogether();
            }

            if (step is 60 or 100)
            {
                await life.Mine(60); // coinbases become mature
            }

            // Not all of them each time, so that several changes come together.
            foreach (var (method, parameters) in Lists.Where(_ => random.Next(3) > 0))
            {
                var expected = await AskAsync(anew, method, parameters);
                var actual = await AskAsync(fromRows, method, parameters);
                Assert.True(expected == actual, $"step {step}: {method}({parameters})\nanew: {expected}\nkept: {actual}");
            }

            var of = kept.Of(life.Alice);
            made = Math.Max(made, of.Coins.Made + of.Transactions.Made + of.Received.Made + of.Groups.Made);
        }

        Assert.True(answers.Bytes > 0);
        Assert.InRange(made, 3, 100); // not each time
    }

    [Fact]
    public async Task What_is_being_sent_does_not_change_with_the_list()
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = 50 });
        RandomLife life = new(wallets, 7);
        using KnownAnswers answers = new(10_000_000, TimeProvider.System);
        var dispatcher = Make(wallets, new WalletLists(answers) { LeastRows = 0, ChunkSize = 600 });
        for (var step = 0; step < 30; step++)
        {
            await life.Step();
        }

        using var sending = ReplyBuffer.Rent();
        await dispatcher.ExecuteAsync(Request("listsinceblock", ""), "/wallet/w", "test", CallOptions.None, sending, TestWallets.Ct);
        var before = sending.ToArray();
        await life.Mine(3);
        var after = await AskAsync(dispatcher, "listsinceblock", "");
        Assert.NotEqual(Encoding.UTF8.GetString(before), after);
        Assert.Equal(before, sending.ToArray());
    }

    [Fact]
    public async Task Who_needs_more_room_than_there_is_keeps_nothing()
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = 50 });
        RandomLife life = new(wallets, 8);
        using KnownAnswers answers = new(2_000, TimeProvider.System);
        WalletLists kept = new(answers) { LeastRows = 0 };
        for (var step = 0; step < 30; step++)
        {
            await life.Step();
        }

        var (anew, fromRows) = (Make(wallets, null), Make(wallets, kept));
        Assert.Equal(await AskAsync(anew, "listsinceblock", ""), await AskAsync(fromRows, "listsinceblock", ""));
        Assert.False(kept.Of(life.Alice).Transactions.IsThere);
        Assert.Equal(0, answers.Bytes);
    }

    [Fact]
    public async Task An_unloaded_wallet_keeps_nothing()
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = 50 });
        RandomLife life = new(wallets, 9);
        using KnownAnswers answers = new(10_000_000, TimeProvider.System);
        WalletLists kept = new(answers) { LeastRows = 0 };
        for (var step = 0; step < 30; step++)
        {
            await life.Step();
        }

        var dispatcher = Make(wallets, kept);
        await AskAsync(dispatcher, "listunspent", "0");
        await AskAsync(dispatcher, "listsinceblock", "");
        Assert.True(answers.Bytes > 0);
        kept.Drop(life.Alice);
        Assert.Equal(0, answers.Bytes);
        Assert.False(kept.Of(life.Alice).Coins.IsThere);
    }

    // What a user notes: labels of own, foreign and change addresses, coins set aside.
    private static async Task NoteAsync(RpcDispatcher dispatcher, RandomLife life, Random random)
    {
        var coins = life.Alice.Snapshot.Coins.Values.ToList();
        switch (random.Next(4))
        {
            case 0 when coins.Find(coin => !life.Alice.Snapshot.LockedCoins.ContainsKey(coin.OutPoint)) is { OutPoint: var coin }:
                await AskAsync(dispatcher, "lockunspent", $"false,[{{\"txid\":\"{coin.Txid}\",\"vout\":{coin.Index}}}]");
                break;
            case 1:
                await AskAsync(dispatcher, "lockunspent", "true");
                break;
            case 2:
                await AskAsync(dispatcher, "getrawchangeaddress", "");
                break;
            default:
                if (life.Ever.Count > 0)
                {
                    var paid = life.Ever[random.Next(life.Ever.Count)].Outputs[0].ScriptPubKey;
                    var address = AddressCodec.Encode(Destination.FromScript(paid), ChainParams.Regtest.Prefixes);
                    await AskAsync(dispatcher, "setlabel", $"\"{address}\",\"label \\u00e4 {random.Next(5)}\"");
                }

                break;
        }
    }

    private static RpcDispatcher Make(TestWallets wallets, WalletLists? lists)
    {
        var log = NullLogger.Instance;
        AttachedNode node = new();
        WalletContext context = new()
        {
            Wallets = wallets.Directory,
            Loads = new WalletLoads(wallets.Directory, wallets.Clock, CancellationToken.None),
            Sync = new ChainSync(wallets.Directory, node, new Rebroadcast(node, wallets.Directory, wallets.Clock, log), ChainParams.Regtest, wallets.Clock, log),
            Node = node,
            Spender = new Spender(node, log),
            Clock = wallets.Clock,
            Lists = lists,
        };
        RpcTable table = new();
        table.Add(WalletMethods.All, call => WalletCall.Of(call, context), OnceOnly.Around);
        RpcDispatcher dispatcher = new(table, NullLoggerFactory.Instance) { Translate = WalletErrors.Translate, ChecksResults = true };
        dispatcher.Warmup.Finish();
        return dispatcher;
    }

    private static byte[] Request(string method, string parameters) =>
        Encoding.UTF8.GetBytes($$"""{"method":"{{method}}","params":[{{parameters}}],"id":0}""");

    private static async Task<string> AskAsync(RpcDispatcher dispatcher, string method, string parameters)
    {
        ArrayBufferWriter<byte> reply = new();
        await dispatcher.ExecuteAsync(Request(method, parameters), "/wallet/w", "test", reply, TestWallets.Ct);
        var text = Encoding.UTF8.GetString(reply.WrittenSpan);
        using var parsed = JsonDocument.Parse(text);
        Assert.True(parsed.RootElement.GetProperty("error").ValueKind == JsonValueKind.Null, $"{method}({parameters}): {text}");
        return text;
    }
}
