using System.Text;
using System.Text.Json;
using Dash.Node.Rpc;
using Dash.Primitives.Evo;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Rpc;

public class PayloadJsonTests
{
    private static readonly string Zeros = new('0', 64);
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

    [Fact]
    public void A_payload_that_is_none_adds_nothing() => Assert.Equal("{}", Written(TransactionType.AssetLock, [1]));

    private static string Written(TransactionType type, byte[] payload)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            PayloadJson.Write(writer, new Transaction(Transaction.SpecialVersion, type, [], [], 0, payload));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
