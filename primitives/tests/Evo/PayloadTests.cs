using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Scripts;
using Dash.Primitives.Tests.Blocks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Evo;

public sealed class PayloadTests
{
    private static readonly byte[] Key = Hex.Decode(
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb");

    private static readonly byte[] Signature = Hex.Decode(
        "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
        + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8");

    public static TheoryData<string> RealBlocks => ["block_with_pro_reg_tx.data", "protx_update_v2_block.data", "block_testnet49389.dat"];

    [Theory]
    [MemberData(nameof(RealBlocks))]
    public void Payloads_of_real_blocks_keep_their_bytes_and_break_no_rule(string file)
    {
        foreach (var transaction in Block.Parse(BlockTests.ReadBlock(file)).Transactions.Where(tx => tx.HasExtraPayload))
        {
            var payload = transaction.ExtraPayload.ToArray();
            switch (transaction.Type)
            {
                case TransactionType.ProRegTx:
                    Assert.True(ProRegTx.TryParse(payload, out var register));
                    Assert.Equal(payload, register.ToBytes());
                    Assert.Null(register.Check(ProTxVersion.BasicBls));
                    Assert.Null(InputsHash.Check(transaction, register.InputsHash));
                    break;
                case TransactionType.ProUpServTx:
                    Assert.True(ProUpServTx.TryParse(payload, out var service));
                    Assert.Equal(payload, service.ToBytes());
                    Assert.Null(service.Check(ProTxVersion.BasicBls));
                    Assert.Null(InputsHash.Check(transaction, service.InputsHash));
                    break;
                case TransactionType.ProUpRegTx:
                    Assert.True(ProUpRegTx.TryParse(payload, out var registrar));
                    Assert.Equal(payload, registrar.ToBytes());
                    Assert.Null(registrar.Check(ProTxVersion.BasicBls));
                    break;
                case TransactionType.ProUpRevTx:
                    Assert.True(ProUpRevTx.TryParse(payload, out var revoke));
                    Assert.Equal(payload, revoke.ToBytes());
                    Assert.Null(revoke.Check(ProTxVersion.BasicBls));
                    break;
                case TransactionType.QuorumCommitment:
                    Assert.True(FinalCommitment.TryParse(payload, out var commitment));
                    Assert.Equal(payload, commitment.ToBytes());
                    break;
                case TransactionType.CoinbaseSpecial:
                    Assert.True(CbTx.TryParse(payload, out var coinbase));
                    Assert.Equal(payload, coinbase.ToBytes());
                    break;
                default:
                    Assert.Fail($"no rule for a payload of type {transaction.Type}");
                    break;
            }
        }
    }

    [Fact]
    public void The_blocks_hold_what_their_names_say()
    {
        Assert.Contains(Block.Parse(BlockTests.ReadBlock("block_with_pro_reg_tx.data")).Transactions, tx => tx.Type == TransactionType.ProRegTx);
        Assert.Contains(Block.Parse(BlockTests.ReadBlock("protx_update_v2_block.data")).Transactions, tx => tx.Type is >= TransactionType.ProRegTx and <= TransactionType.ProUpRevTx);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(50, true)]
    [InlineData(252, true)]
    [InlineData(253, false)]
    [InlineData(400, true)]
    public void A_null_commitment_of_any_size_is_told_from_a_real_one_as_by_reading_all_of_it(int size, bool isIndexed)
    {
        var empty = FinalCommitment.Null(4, size, default, 1, isIndexed, isBasicScheme: true, 7).ToBytes();
        Assert.True(FinalCommitment.TryParse(empty, out var read) && read.IsNull);
        Assert.False(FinalCommitment.TryParseReal(empty, out _));

        // Any other byte makes another commitment of it, or none at all.
        for (var at = 0; at < empty.Length; at++)
        {
            var changed = empty.ToArray();
            changed[at] ^= 1;
            var isReal = FinalCommitment.TryParse(changed, out var all) && !all.IsNull;
            Assert.Equal(isReal, FinalCommitment.TryParseReal(changed, out var real));
            Assert.Equal(isReal ? all : null, real);
            Assert.False(FinalCommitment.TryParseReal(empty.AsSpan(..at), out _));
        }
    }

    [Fact]
    public void Telling_that_a_commitment_is_null_takes_no_memory()
    {
        var empty = FinalCommitment.Null(1, 50, default, 0, isRotated: false, isBasicScheme: true, 7).ToBytes();
        var isReal = FinalCommitment.TryParseReal(empty, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            isReal |= FinalCommitment.TryParseReal(empty, out _);
        }

        Assert.False(isReal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 99); // less than a byte each
    }

    [Theory]
    [InlineData(1, MasternodeType.Regular)]
    [InlineData(2, MasternodeType.Regular)]
    [InlineData(2, MasternodeType.Evo)]
    [InlineData(3, MasternodeType.Regular)]
    [InlineData(3, MasternodeType.Evo)]
    public void A_registration_of_every_form_comes_back(ushort version, MasternodeType type)
    {
        var payload = Registration(version, type);

        Assert.Null(payload.Check(version));
        Assert.True(ProRegTx.TryParse(payload.ToBytes(), out var again));
        Assert.Equal(payload, again);
        Assert.Equal(payload.ToBytes(), again.ToBytes());
        Assert.Equal(payload.SigningHash, (again with { Signature = new byte[65] }).SigningHash);
        Assert.NotEqual(payload.SigningHash, (again with { OperatorReward = 7 }).SigningHash);
        Assert.False(ProRegTx.TryParse(payload.ToBytes().AsSpan(..^1), out _));
        Assert.False(ProRegTx.TryParse([.. payload.ToBytes(), 0], out _));
        Assert.Null(ProTxRules.CheckService(payload.NetInfo, NetInfoTests.Mainnet));
    }

    [Fact]
    public void Each_rule_of_a_registration_has_its_reason()
    {
        var good = Registration(2, MasternodeType.Regular);
        Assert.Null(good.Check(2));
        Refused("bad-protx-version", good with { Version = 3 });
        Refused("bad-protx-version", good with { Version = 0 });
        Refused("bad-protx-evo-version", good with { Version = 1, Type = MasternodeType.Evo });
        Refused("bad-protx-type", good with { Type = (MasternodeType)2 });
        Refused("bad-protx-mode", good with { Mode = 1 });
        Refused("bad-protx-key-null", good with { OwnerKeyId = default });
        Refused("bad-protx-key-null", good with { VotingKeyId = default });
        Refused("bad-protx-key-null", good with { OperatorKey = new byte[48] });
        Refused("bad-protx-key-null", good with { Version = 1, OperatorKey = (byte[])[0xb7, .. Key[1..]] }); // basic
        Refused("bad-protx-payee", good with { Payout = Script.Empty });
        Refused("bad-protx-netinfo-version", good with { NetInfo = Extended(MasternodeType.Regular) });
        Refused("bad-protx-payee-reuse", good with { Payout = ScriptTemplates.PayToPubKeyHash(good.OwnerKeyId) });
        Refused("bad-protx-payee-reuse", good with { Payout = ScriptTemplates.PayToPubKeyHash(good.VotingKeyId) });
        Refused("bad-protx-operator-reward", good with { OperatorReward = 10_001 });
        Assert.Null((good with { NetInfo = NetInfo.OfAddress(null) }).Check(2));
        Assert.Equal(
            "bad-protx-netinfo-empty",
            (Registration(3, MasternodeType.Evo) with { NetInfo = Extended(MasternodeType.Regular) }).Check(3)?.Reason);
        Assert.Equal(
            "bad-protx-netinfo-bad",
            (Registration(3, MasternodeType.Regular) with { NetInfo = Extended(MasternodeType.Evo) }).Check(3)?.Reason);

        void Refused(string reason, ProRegTx payload) => Assert.Equal(reason, payload.Check(2)?.Reason);
    }

    [Fact]
    public void A_collateral_of_the_same_transaction_must_be_right()
    {
        var payload = Registration(2, MasternodeType.Evo) with { Collateral = new OutPoint(default, 1) };
        var script = ScriptTemplates.PayToPubKeyHash(Id(9));

        Assert.Null(Check(4000, script));
        Assert.Equal("bad-protx-collateral", Check(1000, script));
        Assert.Equal("bad-protx-collateral-dest", Check(4000, ScriptTemplates.NullData([1])));
        Assert.Equal("bad-protx-collateral-reuse", Check(4000, ScriptTemplates.PayToPubKeyHash(payload.OwnerKeyId)));
        Assert.Null(Check(4000, ScriptTemplates.PayToScriptHash(script)));
        payload = payload with { Collateral = new OutPoint(default, 2) };
        Assert.Equal("bad-protx-collateral-index", Check(4000, script));

        string? Check(long dash, Script pay)
        {
            var outputs = ImmutableArray.Create(
                new TxOut(Amount.OneDash, script), new TxOut(new Amount(dash * Amount.OneDash.Duffs), pay));
            return ProTxRules.CheckOwnCollateral(payload, new Transaction([], outputs))?.Reason;
        }
    }

    [Fact]
    public void Updates_and_revocations_come_back_and_are_checked()
    {
        var service = new ProUpServTx
        {
            Version = 2,
            Type = MasternodeType.Evo,
            ProTxHash = new Txid(Hashes.Sha256("a"u8)),
            NetInfo = NetInfoTests.Single("1.2.3.4", 9999),
            Platform = new PlatformFields(Id(5), 26656, 443),
            Signature = Signature,
        };
        Assert.True(ProUpServTx.TryParse(service.ToBytes(), out var serviceAgain));
        Assert.Equal(service, serviceAgain);
        Assert.Null(service.Check(2));
        Assert.Equal("bad-protx-version", service.Check(1)?.Reason);
        Assert.Equal("bad-protx-netinfo-empty", (service with { NetInfo = NetInfo.OfAddress(null) }).Check(2)?.Reason);
        Assert.False(ProUpServTx.TryParse((service with { Signature = new byte[] { 1 } }).ToBytes(), out _));
        Assert.Contains(Enumerable.Range(1, 20), change =>
        {
            byte[] broken = [.. Signature];
            broken[95] ^= (byte)change; // every other one is on the curve
            return !ProUpServTx.TryParse((service with { Signature = broken }).ToBytes(), out _);
        });

        var registrar = new ProUpRegTx
        {
            Version = 2,
            ProTxHash = service.ProTxHash,
            OperatorKey = Key,
            VotingKeyId = Id(3),
            Payout = ScriptTemplates.PayToPubKeyHash(Id(4)),
            Signature = new byte[65],
        };
        Assert.True(ProUpRegTx.TryParse(registrar.ToBytes(), out var registrarAgain));
        Assert.Equal(registrar, registrarAgain);
        Assert.Null(registrar.Check(2));
        Assert.Equal("bad-protx-mode", (registrar with { Mode = 2 }).Check(2)?.Reason);
        Assert.Equal("bad-protx-key-null", (registrar with { VotingKeyId = default }).Check(2)?.Reason);
        Assert.Equal("bad-protx-payee", (registrar with { Payout = Script.Empty }).Check(2)?.Reason);

        var revoke = new ProUpRevTx
        {
            Version = 1,
            ProTxHash = service.ProTxHash,
            Reason = RevocationReason.ChangeOfKeys,
        };
        Assert.True(ProUpRevTx.TryParse(revoke.ToBytes(), out var revokeAgain));
        Assert.Equal(revoke, revokeAgain);
        Assert.Null(revoke.Check(1));
        Assert.Equal("bad-protx-reason", (revoke with { Reason = (RevocationReason)4 }).Check(1)?.Reason);
    }

    [Fact]
    public void Of_an_unknown_version_only_the_version_is_read()
    {
        Assert.True(ProRegTx.TryParse([4, 0], out var payload));
        Assert.Equal("bad-protx-version", payload.Check(3)?.Reason);
        Assert.Equal(new byte[] { 4, 0 }, payload.ToBytes());
        Assert.False(ProRegTx.TryParse([4, 0, 1], out _));
    }

    [Fact]
    public void The_text_to_sign_names_who_gets_what()
    {
        var payload = Registration(1, MasternodeType.Regular);

        var text = payload.MakeSignText(static script => script.ToHex()[..8]);

        Assert.Equal($"76a91402|500|76a91403|76a91404|{payload.SigningHash}", text);
    }

    [Fact]
    public void Credit_locks_are_checked()
    {
        var credit = new TxOut(Amount.OneDash, ScriptTemplates.PayToPubKeyHash(Id(1)));
        var burn = new TxOut(Amount.OneDash, new Script([0x6a, 0x00]));
        Assert.Null(Check([burn], new AssetLock(1, [credit])));
        Assert.Equal("bad-assetlocktx-no-return", Check([credit], new AssetLock(1, [credit])));
        Assert.Equal("bad-assetlocktx-multiple-return", Check([burn, burn], new AssetLock(1, [credit])));
        Assert.Equal("bad-assetlocktx-non-empty-return", Check([burn with { ScriptPubKey = new Script([0x6a]) }], new AssetLock(1, [credit])));
        Assert.Equal("bad-assetlocktx-opreturn-outofrange", Check([burn with { Value = Amount.Zero }], new AssetLock(1, [credit])));
        Assert.Equal("bad-assetlocktx-version", Check([burn], new AssetLock(2, [credit])));
        Assert.Equal("bad-assetlocktx-emptycreditoutputs", Check([burn], new AssetLock(1, [])));
        Assert.Equal("bad-assetlocktx-credit-outofrange", Check([burn], new AssetLock(1, [credit with { Value = Amount.Zero }])));
        Assert.Equal("bad-assetlocktx-pubKeyHash", Check([burn], new AssetLock(1, [burn])));
        Assert.Equal("bad-assetlocktx-creditamount", Check([burn], new AssetLock(1, [credit, credit])));
        Assert.Equal(
            "bad-assetlocktx-payload",
            AssetLock.Check(new Transaction(3, TransactionType.AssetLock, [], [burn], 0, new byte[] { 1 }))?.Reason);
        Assert.Equal("bad-assetlocktx-type", AssetLock.Check(new Transaction([], [burn]))?.Reason);

        static string? Check(TxOut[] outputs, AssetLock payload) => AssetLock.Check(
            new Transaction(3, TransactionType.AssetLock, [], [.. outputs], 0, payload.ToBytes()))?.Reason;
    }

    [Fact]
    public void Withdrawals_are_checked_and_signed_without_their_signature()
    {
        var payload = new AssetUnlock
        {
            Version = 1,
            Index = 101,
            Fee = new Amount(2000),
            RequestedHeight = 1000,
            QuorumHash = new BlockHash(Hashes.Sha256("q"u8)),
            QuorumSignature = Signature,
        };
        var transaction = new Transaction(3, TransactionType.AssetUnlock, [], [new TxOut(Amount.OneDash, Script.Empty)], 0, payload.ToBytes());

        Assert.Null(AssetUnlock.Check(transaction));
        Assert.True(AssetUnlock.TryParse(payload.ToBytes(), out var again));
        Assert.Equal(payload, again);
        Assert.Equal(1048, payload.ExpiryHeight);
        var unsigned = payload with { QuorumSignature = new byte[96] };
        Assert.Equal(
            (transaction with { ExtraPayload = unsigned.ToBytes() }).Txid.Value, payload.MessageHash(transaction));
        var input = new TxIn(new OutPoint(default, 0), Script.Empty, 0);
        Assert.Equal("bad-assetunlocktx-have-input", AssetUnlock.Check(transaction with { Inputs = [input] })?.Reason);
        Assert.Equal(
            "bad-assetunlocktx-too-many-outs",
            AssetUnlock.Check(transaction with { Outputs = [.. Enumerable.Repeat(transaction.Outputs[0], 33)] })?.Reason);
        Assert.Equal(
            "bad-assetunlocktx-version",
            AssetUnlock.Check(transaction with { ExtraPayload = (payload with { Version = 2 }).ToBytes() })?.Reason);
        Assert.Equal("bad-assetunlocktx-payload", AssetUnlock.Check(transaction with { ExtraPayload = new byte[3] })?.Reason);
    }

    [Fact]
    public void Signals_and_locks_come_back()
    {
        var signal = new MnHfSignal { Version = 1, VersionBit = 12, QuorumHash = new BlockHash(Hashes.Sha256("q"u8)), Signature = Signature };
        Assert.True(MnHfSignal.TryParse(signal.ToBytes(), out var signalAgain));
        Assert.Equal(signal, signalAgain);
        var transaction = new Transaction(3, TransactionType.MnHfSignal, [], [], 0, signal.ToBytes());
        Assert.Null(MnHfSignal.Check(transaction));
        Assert.NotEqual(transaction.Txid.Value, signal.MessageHash(transaction));
        Assert.Equal("bad-mnhf-version", MnHfSignal.Check(transaction with { ExtraPayload = (signal with { Version = 2 }).ToBytes() })?.Reason);
        Assert.Equal("bad-mnhf-payload", MnHfSignal.Check(transaction with { ExtraPayload = new byte[4] })?.Reason);
        Assert.Equal("bad-mnhf-type", MnHfSignal.Check(new Transaction([], []))?.Reason);

        var chainLock = new ChainLock { Height = 7, BlockHash = signal.QuorumHash, Signature = Signature };
        Assert.True(ChainLock.TryParse(chainLock.ToBytes(), out var chainLockAgain));
        Assert.Equal(chainLock, chainLockAgain);
        Assert.Equal(132, chainLock.ToBytes().Length);

        var first = new OutPoint(new Txid(Hashes.Sha256("t"u8)), 1);
        var instant = new InstantSendLock
        {
            Version = 1,
            Inputs = [first, first with { Index = 2 }],
            Txid = first.Txid,
            CycleHash = signal.QuorumHash,
            Signature = Signature,
        };
        Assert.True(InstantSendLock.TryParse(instant.ToBytes(), out var instantAgain));
        Assert.Equal(instant, instantAgain);
        Assert.Equal(instant.Hash, instantAgain.Hash);
        Assert.True(instant.IsWellFormed);
        Assert.False((instant with { Inputs = [first, first] }).IsWellFormed);
        Assert.False((instant with { Inputs = [] }).IsWellFormed);
        Assert.NotEqual(instant.RequestId, (instant with { Inputs = [first] }).RequestId);
        Assert.NotEqual(InstantSendLock.RequestIdOf(first), InstantSendLock.RequestIdOf(first with { Index = 3 }));
        Assert.NotEqual(ChainLock.RequestIdOf(1), ChainLock.RequestIdOf(2));
    }

    [Theory]
    [InlineData("trivially_valid.json", 25)]
    [InlineData("trivially_invalid.json", 12)]
    public void Payloads_of_the_trivial_vectors_end_as_they_say(string file, int count)
    {
        using var rows = JsonDocument.Parse(SharedVectors.Read(file));
        foreach (var row in VectorRows.OfLength(rows, file, 2))
        {
            var payload = Transaction.Parse(Hex.Decode(row[3].GetString()!)).ExtraPayload.Span;
            var expected = row.GetArrayLength() > 4 ? row[4].GetString() : null;
            var maxVersion = row[2].GetString() == "basic" ? ProTxVersion.BasicBls : ProTxVersion.LegacyBls;
            const string Unreadable = "gettxpayload-fail";
            var reason = row[1].GetString() switch
            {
                "proregtx" => ProRegTx.TryParse(payload, out var read) ? read.Check(maxVersion)?.Reason : Unreadable,
                "proupservtx" => ProUpServTx.TryParse(payload, out var read) ? read.Check(maxVersion)?.Reason : Unreadable,
                "proupregtx" => ProUpRegTx.TryParse(payload, out var read) ? read.Check(maxVersion)?.Reason : Unreadable,
                _ => ProUpRevTx.TryParse(payload, out var read) ? read.Check(maxVersion)?.Reason : Unreadable,
            };
            Assert.True(expected == reason, $"{row[0]}: {reason} instead of {expected}");
            count--;
        }

        Assert.Equal(0, count);
    }

    [Fact]
    public void An_entry_that_makes_no_sense_is_kept_as_such()
    {
        var info = Extended(MasternodeType.Regular);
        var payload = Registration(3, MasternodeType.Regular) with { NetInfo = info };
        var bytes = payload.ToBytes();
        var at = bytes.AsSpan().IndexOf((byte[])[1, 1, 4, 1, 2, 3, 4]);
        bytes[at + 2] = 5; // an IPv4 address of five bytes

        Assert.False(ProRegTx.TryParse(bytes, out _)); // what follows is read from the wrong place
        var unknown = Registration(3, MasternodeType.Regular) with
        {
            NetInfo = NetInfo.OfEntries([new(NetInfoPurpose.CoreP2p, [NetInfoEntry.Invalid])]),
        };
        Assert.True(ProRegTx.TryParse(unknown.ToBytes(), out var again));
        Assert.Equal("bad-protx-netinfo-bad", again.Check(3)?.Reason);
        Assert.Equal(NetInfoStatus.Malformed, again.NetInfo.Validate(NetInfoTests.Mainnet));
    }

    [Fact]
    public void Platform_ports_are_checked()
    {
        var info = NetInfoTests.Single("1.2.3.4", 9999);
        Assert.Null(Check(new PlatformFields(Id(1), 26656, 443)));
        Assert.Equal("bad-protx-platform-nodeid", Check(new PlatformFields(default, 26656, 443)));
        Assert.Equal("bad-protx-platform-p2p-port", Check(new PlatformFields(Id(1), 26657, 443)));
        Assert.Equal("bad-protx-platform-http-port", Check(new PlatformFields(Id(1), 26656, 444)));
        var test = new NetInfoRules(false, 9999, false, 19999);
        Assert.Equal(
            "bad-protx-platform-dup-ports",
            ProTxRules.CheckPlatform(new PlatformFields(Id(1), 5, 5), info, 2, test, default)?.Reason);
        Assert.Equal(
            "bad-protx-platform-p2p-port",
            ProTxRules.CheckPlatform(new PlatformFields(Id(1), 5), info, 3, test, default)?.Reason);

        string? Check(PlatformFields fields) => ProTxRules.CheckPlatform(fields, info, 2, NetInfoTests.Mainnet, (26656, 443))?.Reason;
    }

    [Fact]
    public void Mutated_payloads_are_read_or_refused_and_never_throw()
    {
        var random = new Random(4);
        byte[][] seeds =
        [
            Registration(1, MasternodeType.Regular).ToBytes(),
            Registration(2, MasternodeType.Evo).ToBytes(),
            Registration(3, MasternodeType.Evo).ToBytes(),
            FinalCommitment.Null(100, 3, default, 0, false, true, 5).ToBytes(),
            new AssetLock(1, [new TxOut(Amount.OneDash, Script.Empty)]).ToBytes(),
        ];
        for (var i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. seeds[i % seeds.Length]];
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var cut = bytes.AsSpan(..random.Next(bytes.Length + 1));
            foreach (var candidate in (byte[][])[bytes, cut.ToArray()])
            {
                if (ProRegTx.TryParse(candidate, out var register))
                {
                    register.Check(3);
                    register.NetInfo.Validate(NetInfoTests.Mainnet);
                    Assert.True(ProRegTx.TryParse(register.ToBytes(), out _));
                }

                Assert.True(!ProUpServTx.TryParse(candidate, out var p0) || p0.ToBytes().Length > 0);
                Assert.True(!ProUpRegTx.TryParse(candidate, out var p1) || p1.ToBytes().Length == candidate.Length);
                Assert.True(!ProUpRevTx.TryParse(candidate, out var p2) || p2.ToBytes().Length == candidate.Length);
                Assert.True(!AssetLock.TryParse(candidate, out var p3) || p3.ToBytes().Length == candidate.Length);
                Assert.True(!AssetUnlock.TryParse(candidate, out var p4) || p4.ToBytes().Length == candidate.Length);
                Assert.True(!MnHfSignal.TryParse(candidate, out var p5) || p5.ToBytes().Length == candidate.Length);
                Assert.True(!InstantSendLock.TryParse(candidate, out var p6) || p6.ToBytes().Length == candidate.Length);
                Assert.True(!ChainLock.TryParse(candidate, out var p7) || p7.ToBytes().Length == candidate.Length);
                if (FinalCommitment.TryParse(candidate, out var commitment))
                {
                    // What is written is read again, and is the same: a signature of the other scheme became none.
                    Assert.Equal(candidate.Length, commitment.ToBytes().Length);
                    Assert.True(FinalCommitment.TryParse(commitment.ToBytes(), out var again));
                    Assert.Equal(commitment, again);
                }
            }
        }
    }

    private static ProRegTx Registration(ushort version, MasternodeType type) => new()
    {
        Version = version,
        Type = type,
        Collateral = new OutPoint(new Txid(Hashes.Sha256("collateral"u8)), 1),
        NetInfo = version == 3 ? Extended(type) : NetInfoTests.Single("1.2.3.4", 9999),
        OwnerKeyId = new Hash160([3, .. new byte[19]]),
        OperatorKey = version == 1 ? LegacyKey() : Key,
        VotingKeyId = new Hash160([4, .. new byte[19]]),
        OperatorReward = 500,
        Payout = ScriptTemplates.PayToPubKeyHash(new Hash160([2, .. new byte[19]])),
        InputsHash = Hashes.Sha256("inputs"u8),
        Platform = type != MasternodeType.Evo ? default
            : version == 3 ? new PlatformFields(Id(8))
            : new PlatformFields(Id(8), 26656, 443),
        Signature = new byte[] { 1, 2, 3 },
    };

    private static byte[] LegacyKey()
    {
        Assert.True(BlsPublicKey.TryParse(Key, BlsScheme.Basic, out var key));
        return key.ToBytes(BlsScheme.Legacy);
    }

    private static NetInfo Extended(MasternodeType type)
    {
        var lists = new Dictionary<NetInfoPurpose, ImmutableArray<NetInfoEntry>>
        {
            [NetInfoPurpose.CoreP2p] = [Entry("1.2.3.4", 9999), Entry("2a01:4f8::1", 9999)],
        };
        if (type == MasternodeType.Evo)
        {
            lists[NetInfoPurpose.PlatformP2p] = [Entry("1.2.3.4", 26656)];
            lists[NetInfoPurpose.PlatformHttps] = [NetInfoEntry.OfDomain("node.dash.org", 443)];
        }

        return NetInfo.OfEntries(lists);
    }

    private static NetInfoEntry Entry(string address, ushort port)
    {
        Assert.True(ServiceAddress.TryCreate(IPAddress.Parse(address), port, out var service));
        return new NetInfoEntry(service);
    }

    private static Hash160 Id(byte value) => new([value, .. new byte[19]]);
}
