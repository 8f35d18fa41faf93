using Dash.Node.Net.Sporks;
using Dash.Node.Net.Wire;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Tests.Net.Sync;

public class ExtensionMessageTests
{
    public static TheoryData<string, int> Blamed => new()
    {
        { MessageTypes.MasternodeListDiff, 100 },
        { MessageTypes.QuorumRotationInfo, 100 },
        { MessageTypes.GetQuorumData, 10 },
        { MessageTypes.QuorumData, 10 },
    };

    [Theory]
    [MemberData(nameof(Blamed))]
    public async Task What_no_peer_may_send_to_a_node_like_this_counts_against_it(string type, int score)
    {
        await using Pair pair = new();
        await pair.Connect();
        Assert.Equal(score, await pair.ScoreAfter(type, []));
    }

    [Theory]
    [InlineData(MessageTypes.SendMixingQueue)]
    [InlineData(MessageTypes.SendRecoveredSignatures)]
    [InlineData(MessageTypes.RecoveredSignature)]
    [InlineData(MessageTypes.FinalCommitment)]
    [InlineData(MessageTypes.GetMasternodeListDiff)]
    [InlineData(MessageTypes.GetQuorumRotationInfo)]
    [InlineData(MessageTypes.ChainLock)]
    [InlineData(MessageTypes.SyncStatusCount)]
    [InlineData(MessageTypes.BatchedSignatureShares)]
    [InlineData(MessageTypes.MixingStatus)]
    public async Task A_message_that_ends_early_is_ignored(string type)
    {
        await using Pair pair = new();
        await pair.Connect();
        Assert.Equal(0, await pair.ScoreAfter(type, []));
    }

    [Fact]
    public async Task A_commitment_must_be_of_a_kind_and_place_there_is()
    {
        await using Pair pair = new();
        await pair.Connect();
        var type = ChainParams.Regtest.Llmqs[0].Type;
        Assert.Equal(100, await pair.ScoreAfter(MessageTypes.FinalCommitment, Commitment(77, pair.Receiver.Node.Tip.Hash)));
        await pair.Connect();
        Assert.Equal(0, await pair.ScoreAfter(MessageTypes.FinalCommitment, Commitment(type, new(Uint256.Zero))));
        Assert.Equal(0, await pair.ScoreAfter(MessageTypes.FinalCommitment, Commitment(type, pair.Receiver.Node.View.At(0)!.Hash)));
        Assert.Equal(100, await pair.ScoreAfter(MessageTypes.FinalCommitment, Commitment(type, pair.Receiver.Node.View.At(1)!.Hash)));
    }

    [Fact]
    public async Task A_recovered_signature_must_be_of_a_kind_of_quorum_there_is()
    {
        await using Pair pair = new();
        await pair.Connect();
        var message = new byte[1 + 96 + 96];
        message[0] = ChainParams.Regtest.Llmqs[0].Type;
        Assert.Equal(0, await pair.ScoreAfter(MessageTypes.RecoveredSignature, message));
        message[0] = 77;
        Assert.Equal(100, await pair.ScoreAfter(MessageTypes.RecoveredSignature, message));
    }

    [Fact]
    public async Task What_speaks_of_masternodes_is_not_read_before_the_chain_is_there()
    {
        await using Pair pair = new();
        await pair.Connect();
        Assert.Equal(0, await pair.ScoreAfter(MessageTypes.MasternodeAuth, new byte[128]));
        pair.Receiver.Network.Sync.Next();
        Assert.Equal(0, await pair.ScoreAfter(MessageTypes.MasternodeAuth, new byte[127]));
        Assert.Equal(100, await pair.ScoreAfter(MessageTypes.MasternodeAuth, new byte[128]));
        await pair.Connect();
        Assert.Equal(100, await pair.ScoreAfter(MessageTypes.MixingQueue, new byte[46]));
    }

    [Fact]
    public async Task Who_says_to_be_a_masternode_must_be_in_the_list_and_sign()
    {
        // The generator of the signatures' group in its basic form: a signature, though nobody's.
        const string Signature = "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
            + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8";
        await using Pair pair = new();
        await pair.Connect();
        pair.Receiver.Network.Sync.Next();
        Assert.Equal(10, await pair.ScoreAfter(MessageTypes.MasternodeAuth, [.. Enumerable.Repeat((byte)1, 32), .. Convert.FromHexString(Signature)]));
        Assert.Equal(110, await pair.ScoreAfter(MessageTypes.MasternodeAuth, [.. Enumerable.Repeat((byte)1, 32), .. new byte[96]]));
    }

    [Fact]
    public async Task Who_asks_for_masternodes_hears_of_them_and_is_blamed_for_blocks_there_are_not()
    {
        await using Pair pair = new();
        await pair.Connect();
        var tip = pair.Receiver.Node.Tip.Hash.Value;
        Assert.Equal(1, await pair.ScoreAfter(MessageTypes.GetMasternodeListDiff, [.. new byte[32], .. Enumerable.Repeat((byte)1, 32)]));
        Assert.Equal(1, await pair.ScoreAfter(MessageTypes.GetMasternodeListDiff, [.. new byte[32], .. tip.ToArray()]));
        await NetworkNode.Until(
            () => pair.Sender.Peer.Connection.ReceivedTraffic.ByType().Any(entry => entry.Key == MessageTypes.MasternodeListDiff), "the list");
    }

    [Fact]
    public async Task Who_asks_for_rotated_quorums_of_blocks_there_are_not_is_blamed()
    {
        await using Pair pair = new();
        await pair.Connect();
        var tip = pair.Receiver.Node.Tip.Hash.Value.ToArray();
        byte[] unknown = [.. Enumerable.Repeat((byte)1, 32)];
        Assert.Equal(1, await pair.ScoreAfter(MessageTypes.GetQuorumRotationInfo, [1, .. unknown, .. tip, 0]));
        Assert.Equal(2, await pair.ScoreAfter(MessageTypes.GetQuorumRotationInfo, [0, .. unknown, 0]));
        Assert.Equal(3, await pair.ScoreAfter(MessageTypes.GetQuorumRotationInfo, [1, .. tip, .. tip, 1])); // no cycle lies so low
        Assert.Equal(3, await pair.ScoreAfter(MessageTypes.GetQuorumRotationInfo, [2, .. tip, .. tip, 1])); // ends early
    }

    [Fact]
    public async Task Who_tells_a_node_without_transactions_of_a_lock_is_parted_from()
    {
        var told = InventoryItem.WriteAll([new InventoryItem(InventoryKind.InstantSendLock, Hashes.Sha256d([1]))]);
        await using Pair all = new();
        await all.Connect();
        Assert.Equal(0, await all.ScoreAfter(MessageTypes.Inv, told));
        Assert.False(all.Receiver.Peer.IsDisconnected);

        await using Pair blocks = new("-blocksonly", "-sporkkey=cP4EKFyJsHT39LDqgdcB43Y3YXjNyjb5Fuas1GQSeAtjnZWmZEQK");
        await blocks.Connect();
        var peer = blocks.Receiver.Peer;
        await blocks.ScoreAfter(MessageTypes.Inv, told); // there are none yet
        Assert.False(peer.IsDisconnected);
        Assert.True(blocks.Receiver.Network.UpdateSpork(SporkDefinition.InstantSend, 0));
        await blocks.ScoreAfter(MessageTypes.Inv, InventoryItem.WriteAll([new InventoryItem(InventoryKind.ChainLock, Hashes.Sha256d([1]))]));
        Assert.False(peer.IsDisconnected);
        await blocks.ScoreAfter(MessageTypes.Inv, told);
        Assert.True(peer.IsDisconnected);
    }

    [Fact]
    public async Task A_peer_that_asks_for_governance_hears_that_there_is_none_once_in_a_while()
    {
        await using Pair pair = new();
        await pair.Connect();
        pair.Receiver.Network.Sync.Next();
        pair.Receiver.Network.Sync.Next();
        ByteWriter writer = new();
        writer.WriteUint256(Uint256.Zero);
        new BloomFilter(1, 0.01, 0, BloomUpdate.None).Write(writer);
        Assert.Equal(0, await pair.ScoreAfter(MessageTypes.GovernanceSync, writer.ToArray()));
        await NetworkNode.Until(
            () => pair.Sender.Peer.Connection.ReceivedTraffic.ByType().Any(entry => entry.Key == MessageTypes.SyncStatusCount), "the count");
        Assert.Equal(20, await pair.ScoreAfter(MessageTypes.GovernanceSync, writer.ToArray()));
        pair.Receiver.Node.Clock.SetMockTime(pair.Receiver.Node.Clock.UnixSeconds + 301);
        Assert.Equal(20, await pair.ScoreAfter(MessageTypes.GovernanceSync, writer.ToArray()));
    }

    [Fact]
    public async Task A_platform_ban_of_another_time_counts_against_its_sender()
    {
        await using Pair pair = new();
        await pair.Connect();
        pair.Receiver.Network.Sync.Next();
        Assert.Equal(0, await pair.ScoreAfter(MessageTypes.PlatformBan, Ban(0)));
        Assert.Equal(1, await pair.ScoreAfter(MessageTypes.PlatformBan, Ban(pair.Receiver.Node.Tip.Height + 5)));
        Assert.Equal(11, await pair.ScoreAfter(MessageTypes.PlatformBan, Ban(pair.Receiver.Node.Tip.Height + 6)));

        static byte[] Ban(int height)
        {
            ByteWriter writer = new();
            writer.WriteUint256(Uint256.Zero);
            writer.WriteInt32(height);
            writer.WriteBytes(new byte[32 + 96]);
            return writer.ToArray();
        }
    }

    private static byte[] Commitment(byte type, Primitives.Blocks.BlockHash block)
    {
        var bits = (3, (ReadOnlyMemory<byte>)new byte[] { 7 });
        ByteWriter writer = new();
        new FinalCommitment { Height = 1, Version = 3, LlmqType = type, QuorumHash = block, Signers = bits, ValidMembers = bits }.WriteCommitment(writer);
        return writer.ToArray();
    }

    // A node that sends what it likes, and one that judges it.
    private sealed class Pair(params string[] options) : IAsyncDisposable
    {
        public NetworkNode Sender { get; } = new();

        public NetworkNode Receiver { get; } = new(options);

        public async Task Connect()
        {
            if (Receiver.Node.Tip.Height == 0)
            {
                await Receiver.Node.Mine(3);
            }

            await NetworkNode.Until(() => Sender.Network.Peers.All.IsEmpty && Receiver.Network.Peers.All.IsEmpty, "both to be alone");
            await Sender.Connect(Receiver);
        }

        public async Task<int> ScoreAfter(string type, byte[] payload)
        {
            var judged = Receiver.Peer;
            var marks = Marks();
            Sender.Peer.Send(type, payload);
            Sender.Peer.Send(MessageTypes.NotFound, new byte[1]); // of nothing; no node sends it here by itself
            await NetworkNode.Until(() => judged.IsDisconnected || Marks() > marks, "the message after it");
            await NetworkNode.Until(() => judged.IsDisconnected || !judged.Connection.HasMessages, "the last message to be taken");
            var turns = Receiver.Network.Messages.Turns;
            await NetworkNode.Until(
                () =>
                {
                    Receiver.Network.Messages.Wake();
                    return judged.IsDisconnected || Receiver.Network.Messages.Turns > turns + 1;
                },
                "two rounds over all peers");
            return judged.MisbehaviorScore;

            long Marks() => judged.Connection.ReceivedTraffic.ByType().Where(static entry => entry.Key == MessageTypes.NotFound).Sum(static entry => entry.Value);
        }

        public async ValueTask DisposeAsync()
        {
            await Sender.DisposeAsync();
            await Receiver.DisposeAsync();
        }
    }
}
