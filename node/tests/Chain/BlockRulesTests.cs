using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Chain;

/// <summary>Each rule of a block alone, seen through a node that is offered a block breaking just that one.</summary>
public class BlockRulesTests
{
    [Fact]
    public async Task Broken_blocks_are_refused_for_their_reasons()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(102);
        var spend = node.Wallet.Spend(node.Coinbase(1), new Amount(1000));
        var other = node.Wallet.Spend(node.Coinbase(2), new Amount(1000));

        await Refuses("bad-cb-height", await node.Build(coinbase: static coinbase => coinbase with
        {
            Inputs = [coinbase.Inputs[0] with { ScriptSig = new ScriptBuilder().Number(99).Op(Opcode.Op0).Build() }],
        }));
        await Refuses("time-too-old", await node.Build(header: header => header with
        {
            Time = (uint)node.Tip.MedianTimePast,
        }));
        await Refuses("time-too-new", await node.Build(header: header => header with
        {
            Time = (uint)node.Clock.MockTime + 7201,
        }));
        await Refuses("bad-version(0x00000003)", await node.Build(header: static header => header with
        {
            Version = 3,
        }));
        await Refuses("bad-diffbits", await node.Build(header: static header => header with { Bits = 0x207ffffe }));
        await Refuses("bad-txns-vout-negative", await node.Build(coinbase: static coinbase => coinbase with
        {
            Outputs = [coinbase.Outputs[0] with { Value = new Amount(-1) }],
        }));
        await Refuses("prev-blk-not-found", await node.Build(header: static header => header with
        {
            Previous = new BlockHash(Hashes.Sha256d([1])),
        }));
        await Refuses("bad-txns-inputs-missingorspent", await node.Build([spend, spend with { LockTime = 1 }]));

        var good = await node.Build([spend, other]);
        await Refuses("bad-txnmrklroot", new Block(good.Header, [good.Transactions[0]]));
        await Refuses("bad-txns-duplicate", new Block(good.Header, [.. good.Transactions, other]));
        await Refuses("high-hash", new Block(good.Header with { Bits = 0x1d00ffff }, good.Transactions));
        await Refuses("bad-cb-multiple", await node.Build([node.ReadBlock(1).Transactions[0]]));
        await Refuses("bad-cb-missing", await node.Build(coinbase: _ => spend));
        Assert.Equal(102, node.View.Height);

        // None of that counts against the good block.
        Assert.True((await node.Submit(good)).State!.Value.IsValid);
        Assert.Equal(103, node.View.Height);

        async Task Refuses(string reason, Block block)
        {
            var verdict = await node.Submit(block);
            Assert.True(verdict.IsRefused, reason);
            Assert.Equal(reason, verdict.State!.Value.RejectReason);
        }
    }

    [Theory]
    [InlineData(2, "block-validation-failed")]
    [InlineData(
        1,
        "mandatory-script-verify-flag-failed "
            + "(Script evaluated without error but finished with a false/empty top stack element)")]
    public async Task A_bad_signature_fails_the_block(int threads, string reason)
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory, scriptThreads: threads);
        await node.Mine(101);
        var spend = node.Wallet.Spend(node.Coinbase(1), new Amount(1000));
        var changed = spend with { Outputs = [spend.Outputs[0] with { Value = new Amount(12345) }] };

        var verdict = await node.Submit(await node.Build([changed]));

        Assert.Equal(reason, verdict.State!.Value.RejectReason);
    }
}
