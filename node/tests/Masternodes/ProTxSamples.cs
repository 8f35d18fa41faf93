using System.Net;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Masternodes;

/// <summary>Transactions that register and change masternodes.</summary>
internal static class ProTxSamples
{
    // Points of the right group: the generator, the keys of the secrets 11…11 and of the seed of 32 fives.
    private static readonly string[] OperatorKeys =
    [
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb",
        "97248533cef0908a5ebe52c3b487471301bf6369010e6167f63dd74feddac2dfb5336a59a331d38eb0e454d6f6fcb1a4",
        "8b0e61156d7c662901fa63c407ed8fd51e86ef3907d74e4f9abb3aca3f7f9331ec90507f421efef3bbc3d0775d7ab6b3",
    ];

    /// <summary>Regtest with masternodes from block 5 on, and everything else by block 108.</summary>
    public static ChainParams Network { get; } = ChainParams.Regtest with
    {
        Heights = ChainParams.Regtest.Heights with
        {
            Dip0003 = 5,
            Dip0003Enforcement = 6,
            V20 = 105,
            MnRr = 108,
        },
    };

    /// <summary>An owner's key; each number has its own.</summary>
    public static PrivateKey OwnerOf(int number) => PrivateKey.FromBytes([.. new byte[31], (byte)(number + 1)]);

    /// <summary>Who is paid.</summary>
    public static Script PayoutOf(int number)
    {
        using var key = PrivateKey.FromBytes([.. new byte[30], 1, (byte)(number + 1)]);
        return ScriptTemplates.PayToPubKeyHash(key.PublicKey.Id);
    }

    /// <summary>An operator's key.</summary>
    public static byte[] OperatorKeyOf(int number) => Hex.Decode(OperatorKeys[number]);

    /// <summary>A registration with its collateral of 1,000 Dash in its first output, paid from three coinbases.</summary>
    /// <param name="node">Whose coins.</param>
    /// <param name="number">Which masternode: its keys and its address.</param>
    /// <param name="change">What is different in it.</param>
    public static Transaction Register(TestNode node, int number, Func<ProRegTx, ProRegTx>? change = null)
    {
        using var owner = OwnerOf(number);
        Assert.True(ServiceAddress.TryCreate(new IPAddress([1, 2, 3, (byte)(number + 1)]), 20000, out var address));
        var coins = Enumerable.Range((3 * number) + 1, 3).Select(node.Coinbase).ToArray();
        var transaction = new Transaction(
            Transaction.SpecialVersion,
            TransactionType.ProRegTx,
            [.. coins.Select(static coin => new TxIn(coin.OutPoint, Script.Empty))],
            [new TxOut(Amount.FromDash(1000), node.Wallet.Script), new TxOut(Amount.FromDash(499), node.Wallet.Script)]);
        var payload = new ProRegTx
        {
            Version = ProTxVersion.BasicBls,
            Collateral = new OutPoint(default, 0),
            NetInfo = NetInfo.OfAddress(address),
            OwnerKeyId = owner.PublicKey.Id,
            OperatorKey = OperatorKeyOf(number),
            VotingKeyId = owner.PublicKey.Id,
            Payout = PayoutOf(number),
            InputsHash = InputsHash.Of(transaction),
        };
        payload = change?.Invoke(payload) ?? payload;
        return node.Wallet.Sign(
            transaction with { ExtraPayload = payload.ToBytes() }, [.. coins.Select(static coin => coin.Output.ScriptPubKey)]);
    }

    /// <summary>A change of the owner's data, paid from a coinbase.</summary>
    public static Transaction UpdateRegistrar(TestNode node, Txid masternode, PrivateKey signer, int operatorKey, int coinbase)
    {
        var coin = node.Coinbase(coinbase);
        var transaction = new Transaction(
            Transaction.SpecialVersion,
            TransactionType.ProUpRegTx,
            [new TxIn(coin.OutPoint, Script.Empty)],
            [new TxOut(Amount.FromDash(499), node.Wallet.Script)]);
        var payload = new ProUpRegTx
        {
            Version = ProTxVersion.BasicBls,
            ProTxHash = masternode,
            OperatorKey = OperatorKeyOf(operatorKey),
            VotingKeyId = signer.PublicKey.Id,
            Payout = PayoutOf(7),
            InputsHash = InputsHash.Of(transaction),
        };
        payload = payload with { Signature = signer.SignCompact(payload.SigningHash) };
        return node.Wallet.Sign(transaction with { ExtraPayload = payload.ToBytes() }, [coin.Output.ScriptPubKey]);
    }
}
