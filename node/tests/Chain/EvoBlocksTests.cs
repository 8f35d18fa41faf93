using Dash.Node.Consensus;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Chain;

/// <summary>Regtest past height 432: coinbase payloads, the platform's share, quorum commitments.</summary>
public class EvoBlocksTests
{
    [Fact]
    public async Task The_chain_goes_through_the_activation_of_dip3_and_v20()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(470);

        Assert.Equal(470, node.View.Height);
        var before = node.ReadBlock(431);
        Assert.Equal(TransactionType.Normal, before.Transactions[0].Type);

        var balance = 0L;
        for (var height = 432; height <= 470; height++)
        {
            var coinbase = node.ReadBlock(height).Transactions[0];
            Assert.True(CbTx.TryParse(coinbase.ExtraPayload.Span, out var payload));
            Assert.Equal(height, payload.Height);
            Assert.Equal(CbTx.VersionChainLock, payload.Version);
            Assert.Equal(Uint256.Zero, payload.MerkleRootMasternodeList);
            Assert.Equal(Uint256.Zero, payload.MerkleRootQuorums);
            balance += coinbase.Outputs[1].Value.Duffs;
            Assert.Equal("6a", coinbase.Outputs[1].ScriptPubKey.ToHex());
            Assert.Equal(balance, payload.CreditPoolBalance.Duffs);
        }

        // Cycles of 24 blocks: one commitment of each kind from the 10th to the 18th, two of the rotated kind from the
        // 12th to the 20th.
        Assert.Single(node.ReadBlock(441).Transactions);
        Assert.Equal([100, 102, 106], KindsIn(442));
        Assert.Equal([100, 102, 103, 103, 106], KindsIn(444));
        Assert.Equal([103, 103], KindsIn(451));
        Assert.Single(node.ReadBlock(453).Transactions);

        int[] KindsIn(int height) =>
        [
            .. node.ReadBlock(height).Transactions.Skip(1).Select(transaction =>
            {
                Assert.True(FinalCommitment.TryParse(transaction.ExtraPayload.Span, out var commitment));
                Assert.True(commitment.IsNull);
                return (int)commitment.LlmqType;
            }),
        ];
    }

    [Fact]
    public async Task Payloads_and_commitments_are_checked()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(443);

        await Refuses("bad-cbtx-height", payload => payload with { Height = 1 });
        await Refuses("bad-cbtx-version", static payload => payload with { Version = 2 });
        await Refuses("bad-cbtx-assetlocked-amount", static payload => payload with
        {
            CreditPoolBalance = payload.CreditPoolBalance + new Amount(1),
        });
        await Refuses("bad-cbtx-mnmerkleroot", static payload => payload with
        {
            MerkleRootMasternodeList = Hashes.Sha256d([1]),
        });
        await Refuses("bad-cbtx-quorummerkleroot", static payload => payload with
        {
            MerkleRootQuorums = Hashes.Sha256d([1]),
        });
        await Refuses("bad-cbtx-cldiff", static payload => payload with { BestChainLockHeightDifference = 1 });

        var good = await node.Build();
        var without = await Rebuild(good.Transactions.Take(good.Transactions.Count - 1));
        Assert.Equal("bad-qc-missing", (await node.Submit(without)).State!.Value.RejectReason);
        var twice = await Rebuild([.. good.Transactions, good.Transactions[1] with { LockTime = 1 }]);
        Assert.Equal("bad-qc-dup", (await node.Submit(twice)).State!.Value.RejectReason);
        var normal = await node.Build(coinbase: static coinbase =>
            new Transaction(
                [coinbase.Inputs[0] with { ScriptSig = Dash.Primitives.Scripts.Script.FromHex("0102") }],
                coinbase.Outputs));
        Assert.Equal("bad-cb-type", (await node.Submit(normal)).State!.Value.RejectReason);
        Assert.True((await node.Submit(good)).State!.Value.IsValid);

        async Task Refuses(string reason, Func<CbTx, CbTx> change)
        {
            var block = await node.Build(coinbase: coinbase =>
            {
                Assert.True(CbTx.TryParse(coinbase.ExtraPayload.Span, out var payload));
                return coinbase with { ExtraPayload = change(payload).ToBytes() };
            });
            Assert.Equal(reason, (await node.Submit(block)).State!.Value.RejectReason);
        }

        Task<Dash.Primitives.Blocks.Block> Rebuild(IEnumerable<Transaction> transactions)
        {
            var tries = 1_000_000L;
            var block = new Dash.Primitives.Blocks.Block(good.Header, [.. transactions]);
            return Task.FromResult(Dash.Node.Mining.BlockSolver.Solve(block, ref tries, TestNode.Ct)!);
        }
    }
}
