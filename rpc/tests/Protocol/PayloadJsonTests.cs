using System.Text;
using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Tests.Protocol;

public class PayloadJsonTests
{
    private static readonly string Zeros = new('0', 64);
    private static readonly string NoKey = AddressCodec.Encode(new Destination.PubKeyHash(default), ChainParams.Regtest.Prefixes);

    private static readonly string NoSignature = new('0', 192);

    [Fact]
    public void An_asset_lock_tells_whom_it_credits()
    {
        AssetLock payload = new(1, [new TxOut(new Amount(12_345_678), new Script([0x51]))]);
        Assert.Equal(
            """{"assetLockTx":{"version":1,"creditOutputs":[{"value":0.12345678,"valueSat":12345678,"scriptPubKey":{"asm":"1","hex":"51","type":"nonstandard"}}]}}""",
            Written(TransactionType.AssetLock, payload.ToBytes()));
    }

    [Fact]
    public void An_asset_unlock_tells_its_number_fee_and_quorum()
    {
        AssetUnlock payload = new() { Version = 1, Index = 7, Fee = new Amount(9), RequestedHeight = 5 };
        Assert.Equal(
            $$$"""{"assetUnlockTx":{"version":1,"index":7,"fee":9,"requestedHeight":5,"quorumHash":"{{{Zeros}}}","quorumSig":"{{{NoSignature}}}"}}""",
            Written(TransactionType.AssetUnlock, payload.ToBytes()));
    }

    [Fact]
    public void A_signal_tells_its_bit()
    {
        MnHfSignal payload = new() { Version = 1, VersionBit = 12 };
        Assert.Equal(
            $$$$"""{"mnhfTx":{"version":1,"signal":{"versionBit":12,"quorumHash":"{{{{Zeros}}}}","sig":"{{{{NoSignature}}}}"}}}""",
            Written(TransactionType.MnHfSignal, payload.ToBytes()));
    }

    /// <summary>dashd made it, and decoded it so.</summary>
    [Fact]
    public void A_registration_tells_all_it_says() => Assert.Equal(
        """{"proRegTx":{"version":2,"type":0,"collateralHash":"0000000000000000000000000000000000000000000000000000000000000000","collateralIndex":1,"addresses":{"core_p2p":["127.0.0.1:20001"]}"""
            + ""","ownerAddress":"yjRXkeXHh3sW3poBHzGMz5hBSnhNkHWsrK","votingAddress":"yjRXkeXHh3sW3poBHzGMz5hBSnhNkHWsrK","payoutAddress":"yfaazqWrRM46oubvMogibFL8CLfo6R7qcw","pubKeyOperator":"9125f513"""
            + """b96f93920b533a6e4211153b7134113fc3e1d3b22e80a6a976e7de08101f47a4c5fed237353c75ea2fa96f5f","operatorReward":0,"inputsHash":"761fed91769635428d51488356046daa6e28d215e550738c8d147bad82b0b119"}}""",
        Written(
            TransactionType.ProRegTx,
            Hex.Decode("02000000000000000000000000000000000000000000000000000000000000000000000000000100000000000000000000000000ffff7f"
            + "0000014e21fd717b8ddc5dd92963c97cf80354e6fd96fa46639125f513b96f93920b533a6e4211153b7134113fc3e1d3b22e80a6a976e7"
            + "de08101f47a4c5fed237353c75ea2fa96f5ffd717b8ddc5dd92963c97cf80354e6fd96fa466300001976a914d3476e80912ff57c0940c0"
            + "febfd24d14cd329de588ac19b1b082ad7b148d8c7350e515d2286eaa6d04568348518d4235967691ed1f7600")));

    [Fact]
    public void Changes_of_an_Evo_masternode_tell_what_they_change()
    {
        PlatformFields platform = new(new Hash160([.. Enumerable.Range(0, 20).Select(static at => (byte)at)]), 10_001, 10_002);
        ProUpServTx service = new() { Version = ProTxVersion.BasicBls, Type = MasternodeType.Evo, Platform = platform };
        Assert.Equal(
            $$$"""{"proUpServTx":{"version":2,"type":1,"proTxHash":"{{{Zeros}}}","addresses":{},"platformNodeID":"131211100f0e0d0c0b0a09080706050403020100","inputsHash":"{{{Zeros}}}"}}""",
            Written(TransactionType.ProUpServTx, service.ToBytes()));
        ProUpRegTx registrar = new() { Version = ProTxVersion.BasicBls };
        Assert.Equal(
            $$$"""{"proUpRegTx":{"version":2,"proTxHash":"{{{Zeros}}}","votingAddress":"{{{NoKey}}}","pubKeyOperator":"{{{new string('0', 96)}}}","inputsHash":"{{{Zeros}}}"}}""",
            Written(TransactionType.ProUpRegTx, registrar.ToBytes()));
        ProUpRevTx revocation = new() { Version = ProTxVersion.BasicBls, Reason = RevocationReason.CompromisedKeys };
        Assert.Equal(
            $$$"""{"proUpRevTx":{"version":2,"proTxHash":"{{{Zeros}}}","reason":2,"inputsHash":"{{{Zeros}}}"}}""",
            Written(TransactionType.ProUpRevTx, revocation.ToBytes()));
    }

    [Fact]
    public void A_payload_of_no_known_version_has_that_and_nothing_else() => Assert.Equal(
        $$$"""{"proUpRevTx":{"version":0,"proTxHash":"{{{Zeros}}}","reason":0,"inputsHash":"{{{Zeros}}}"}}""",
        Written(TransactionType.ProUpRevTx, [0, 0]));

    [Fact]
    public void Every_decoded_transaction_has_the_member()
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteTransaction(
                new Transaction(Transaction.SpecialVersion, TransactionType.ProUpRevTx, [], [], 0, new byte[] { 0, 0 }),
                ChainParams.Regtest.Prefixes,
                new TransactionJson.Extras());
            writer.WriteEndObject();
        }

        using var written = JsonDocument.Parse(buffer.ToArray());
        Assert.Equal(["extraPayload", "proUpRevTx", "hex"], written.RootElement.EnumerateObject().Select(static member => member.Name).TakeLast(3));
    }

    [Fact]
    public void A_payload_that_is_none_adds_nothing() => Assert.Equal("{}", Written(TransactionType.AssetLock, [1]));

    private static string Written(TransactionType type, byte[] payload)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            PayloadJson.Write(writer, new Transaction(Transaction.SpecialVersion, type, [], [], 0, payload), ChainParams.Regtest.Prefixes);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
