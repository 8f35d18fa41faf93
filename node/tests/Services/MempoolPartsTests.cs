using Dash.Ipc.Capabilities;
using Dash.Node.Services;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Services;

/// <summary>The mempool as it was at one moment, whatever happens until its last part is read.</summary>
public sealed class MempoolPartsTests
{
    private static readonly Amount Fee = new(10_000);

    [Theory]
    [InlineData(0u, 6)]
    [InlineData(300u, 3)]
    [InlineData(uint.MaxValue, 1)]
    public async Task All_parts_are_of_the_moment_the_first_was_asked_for(uint maxBytes, int parts)
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(104);
        MempoolParts source = new(node.Mempool);
        Transaction[] chain = [node.Wallet.Spend(node.Coinbase(1), Fee), .. new Transaction[2]];
        for (var i = 1; i < chain.Length; i++) chain[i] = node.Wallet.Spend(TestWallet.Output(chain[i - 1]), Fee);
        Transaction[] sent = [.. chain, .. Enumerable.Range(2, 3).Select(height => node.Wallet.Spend(node.Coinbase(height), Fee))];
        foreach (var tx in sent) Assert.True((await node.Send(tx)).IsAccepted);
        var sequence = node.Chainstate.Events.Position.Sequence;

        var (first, moment, next) = await source.NextAsync(0, maxBytes, TestNode.Ct);
        List<Transaction> got = [.. first.Select(static bytes => Transaction.Parse(bytes.Span))];
        Assert.True((await node.Send(node.Wallet.Spend(node.Coinbase(5), Fee))).IsAccepted); // one more comes,
        await node.Mine(1); // and all go
        var count = 1;
        for (; next != 0; count++)
        {
            (var part, var again, next) = await source.NextAsync(next, maxBytes, TestNode.Ct);
            Assert.Equal(sequence, again);
            got.AddRange(part.Select(static bytes => Transaction.Parse(bytes.Span)));
        }

        Assert.Equal((sequence, parts), (moment, count));
        Assert.Equal(sent.Select(static tx => tx.Txid).ToHashSet(), got.Select(static tx => tx.Txid).ToHashSet());
        Assert.Equal(sent.Length, got.Count);
        Assert.Equal(chain, got.Where(chain.Contains)); // parents before children
        Assert.Equal((0, 0UL), await CountAsync(source));
    }

    [Fact]
    public async Task A_cursor_is_good_once_and_until_it_is_begun_again()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(103);
        MempoolParts source = new(node.Mempool);
        foreach (var height in (int[])[1, 2, 3]) Assert.True((await node.Send(node.Wallet.Spend(node.Coinbase(height), Fee))).IsAccepted);

        var (_, _, old) = await source.NextAsync(0, 1, TestNode.Ct);
        var (_, _, second) = await source.NextAsync(0, 1, TestNode.Ct);
        await RefusedAsync(source, old);
        var (_, _, third) = await source.NextAsync(second, 1, TestNode.Ct);
        await RefusedAsync(source, second);
        Assert.Equal(0UL, (await source.NextAsync(third, 1, TestNode.Ct)).Next);
        await RefusedAsync(source, third);
        await RefusedAsync(source, ulong.MaxValue);
        Assert.Equal((3, 0UL), await CountAsync(source));
    }

    private static async Task<(int Count, ulong Next)> CountAsync(MempoolParts source)
    {
        var (part, _, next) = await source.NextAsync(0, uint.MaxValue, TestNode.Ct);
        return (part.Count, next);
    }

    private static async Task RefusedAsync(MempoolParts source, ulong cursor)
    {
        var refused = await Assert.ThrowsAsync<IpcException>(async () => await source.NextAsync(cursor, 1, TestNode.Ct));
        Assert.Equal("The mempool is not read from there any more", refused.Message);
    }
}
