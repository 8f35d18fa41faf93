using Dash.Node.Net.Bip324;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;

namespace Dash.Node.Tests.Net.Bip324;

/// <summary>The packets that BIP324 gives as examples: before and after the keys are renewed, long ones and decoys.</summary>
public class SessionCipherTests
{
    [Theory]
    [InlineData(
        1,
        "61062ea5071d800bbfd59e2e8b53d47d194b095ae5a4df04936b49772ef0d4d7",
        "ec0adff257bbfe500c188c80b4fdd640f6b45a482bbc15fc7cef5931deff0aa186f6eb9bba7b85dc4dcc28b28722de1e3d9108b985e2967045668f66098e475b",
        "a4a94dfce69b4a2a0a099313d10f9f7e7d649d60501c9e1d274c300e0d89aafaffffffffffffffffffffffffffffffffffffffffffffffffffffffff8faf88d5",
        true,
        "8e",
        1,
        false,
        "359322d6efd790a4ac050d2f2a561bc3",
        "c10bd34176bd82588a08414cccf9c133",
        "bc611d6d31ea2e839fcfd2270c2dcfdd685121a6eb492e9e5cd7159dfebdc590",
        "1f53be00a6e48ab452932abc4faf9113da33d4ca45")]
    [InlineData(
        999,
        "1f9c581b35231838f0f17cf0c979835baccb7f3abbbb96ffcc318ab71e6e126f",
        "a1855e10e94e00baa23041d916e259f7044e491da6171269694763f018c7e63693d29575dcb464ac816baa1be353ba12e3876cba7628bd0bd8e755e721eb0140",
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f0000000000000000000000000000000000000000000000000000000000000000",
        false,
        "3eb1d4e98035cfd8eeb29bac969ed3824a",
        1,
        false,
        "7c2686bae27164ca86251b33a92bd42a",
        "21d43697e76db39672a79a18488efc07",
        "e497a4516826d2b1543c54d1f2e44751e94dd0b6f997d4089434475c49561f75",
        "77a051dd61f0cf84be204ed0ddeee4fa3218c8c3dfacf4c5d026807fc3e41fb949bfd9a267")]
    [InlineData(
        223,
        "6c77432d1fda31e9f942f8af44607e10f3ad38a65f8a4bddae823e5eff90dc38",
        "d2685070c1e6376e633e825296634fd461fa9e5bdf2109bcebd735e5a91f3e587c5cb782abb797fbf6bb5074fd1542a474f2a45b673763ec2db7fb99b737bbb9",
        "56bd0c06f10352c3a1a9f4b4c92f6fa2b26df124b57878353c1fc691c51abea77c8817daeeb9fa546b77c8daf79d89b22b0e1b87574ece42371f00237aa9d83a",
        false,
        "7e0e78eb6990b059e6cf0ded66ea93ef82e72aa2f18ac24f2fc6ebab561ae557420729da103f64cecfa20527e15f9fb669a49bbbf274ef0389b3e43c8c44e5f60bf2ac38e2b55e7ec4273dba15ba41d21f8f5b3ee1688b3c29951218caf847a97fb50d75a86515d445699497d968164bf740012679b8962de573be941c62b7ef",
        1,
        true,
        "31044c8fb0118b25b175e8bef5a00745",
        "698b8fe0582f447da04c501809348088",
        "8ec2df42766d4ac2f05c0c26e5edc79924eea64d0bcb6527886e572207a02c48",
        "1f46a8bab91742665bb7e817b9d3f66d368540364a8bde713f6bb664b70f6caba3e2f94aa6bce78c012a8b041cb16e9c178261fc8b55b42ba3f5083fdc21863b7370170a8d378eb1ff047e37a05cf8036d7b833cd23ab6789fcabff5a26b74741767f3e4a91c6a43b89a00a508dcce868927af2ce563d16db6f37e09d2bd4ace")]
    [InlineData(
        673,
        "0af952659ed76f80f585966b95ab6e6fd68654672827878684c8b547b1b94f5a",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffc81017fd92fd31637c26c906b42092e11cc0d3afae8d9019d2578af22735ce7bc469c72d",
        "9652d78baefc028cd37a6a92625b8b8f85fde1e4c944ad3f20e198bef8c02f19fffffffffffffffffffffffffffffffffffffffffffffffffffffffff2e91870",
        false,
        "5c6272ee55da855bbbf7b1246d9885aa7aa601a715ab86fa46c50da533badf82b97597c968293ae04e",
        97561,
        false,
        "5ba28412779bc0303731e63e7017a17d",
        "2d937cc97a3d6fa883c7d435be1e0fbf",
        "cef5f004931f1fef79a9c54fc34308a6367217b2875fa5dbe074e819d46859d4",
        "1ba334b13c38704903189f73cc3be82681e1a665863d564a18feb7d0cd32ce7e93d3663f66a2d73b7693619e65f5cd7705e9da9fdceb483d8e073c396ecb452b7465df939745ce52075a78da5c9817d7a972e594a2357a60b36c807a1a9f39e11affde6823137c1f27d134f3b2b76d442c2a64d738b6de453063eb585dd6dcd5")]
    public void A_packet_is_what_the_specification_says(
        int index, string secret, string ours, string theirs, bool isInitiator, string contents, int repeats, bool isDecoy,
        string sendTerminator, string receiveTerminator, string sessionId, string end)
    {
        using var key = PrivateKey.FromBytes(Hex.Decode(secret));
        using var cipher = Open(key, ours, theirs, isInitiator, decryptsOwn: false);
        using var reader = Open(key, ours, theirs, isInitiator, decryptsOwn: true);
        Assert.Equal(sessionId, Hex.Encode(cipher.SessionId));
        Assert.Equal(sendTerminator, Hex.Encode(cipher.SendTerminator));
        Assert.Equal(receiveTerminator, Hex.Encode(cipher.ReceiveTerminator));
        var empty = new byte[SessionCipher.Expansion];
        for (var i = 0; i < index; i++)
        {
            cipher.Encrypt([], [], isDecoy: true, empty);
            Assert.Equal(0, reader.DecryptLength(empty));
            Assert.True(reader.TryDecrypt(empty.AsSpan(SessionCipher.LengthSize), [], out var isIgnored, out _) && isIgnored);
        }

        byte[] plain = [.. Enumerable.Repeat(Hex.Decode(contents), repeats).SelectMany(part => part)];
        var packet = new byte[plain.Length + SessionCipher.Expansion];
        cipher.Encrypt(plain, [], isDecoy, packet);
        Assert.EndsWith(end, Hex.Encode(packet), StringComparison.Ordinal);

        Assert.Equal(plain.Length, reader.DecryptLength(packet));
        packet[^1] ^= 1;
        Assert.False(reader.TryDecrypt(packet.AsSpan(SessionCipher.LengthSize), [], out _, out _));
        packet[^1] ^= 1;
        Assert.True(reader.TryDecrypt(packet.AsSpan(SessionCipher.LengthSize), [], out var decoy, out var read));
        Assert.Equal(isDecoy, decoy);
        Assert.True(read.Span.SequenceEqual(plain));
    }

    [Fact]
    public void Names_of_messages_have_one_byte_for_peers_that_know_it()
    {
        Assert.Equal<byte?>(18, ShortIds.Of("ping", 70235));
        Assert.Null(ShortIds.Of("ping", 209));
        Assert.Equal<byte?>(128, ShortIds.Of("spork", 70240));
        Assert.Null(ShortIds.Of("platformban", 70239));
        Assert.Equal<byte?>(168, ShortIds.Of("platformban", 70240));
        Assert.Null(ShortIds.Of("version", 70240));
        Assert.Null(ShortIds.Find(5));
        Assert.Null(ShortIds.Find(29));
        Assert.Null(ShortIds.Find(169));
        Assert.Equal("headers2", ShortIds.Find(165));
    }

    private static SessionCipher Open(PrivateKey key, string ours, string theirs, bool isInitiator, bool decryptsOwn) =>
        new(key, Hex.Decode(ours), Hex.Decode(theirs), isInitiator, ChainParams.Main.Magic.Span, decryptsOwn);
}
