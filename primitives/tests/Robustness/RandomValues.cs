using System.Collections.Immutable;
using System.Globalization;
using Dash.Primitives.Addresses;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Robustness;

/// <summary>Values of every shape there is, from a source of randomness that can be started again.</summary>
internal sealed class RandomValues
{
    private const int KnownKeys = 32;

    private readonly Random _random;
    private readonly string[] _publicKeys = new string[KnownKeys];
    private readonly string[] _extendedKeys = new string[KnownKeys];
    private readonly byte[][] _keyBytes = new byte[KnownKeys][];

    public RandomValues(int seed)
    {
        _random = new Random(seed);
        Prefixes = ChainParams.Main.Prefixes;

        // Making a key is slow and the shapes around it are what is tested: a few will do.
        for (var i = 0; i < KnownKeys; i++)
        {
            using var root = ExtendedPrivateKey.FromSeed(Bytes(32));
            _extendedKeys[i] = root.ToPublic().Encode(Prefixes.ExtendedPublicKey.Span);
            using var key = PrivateKey.FromBytes(Secret(), compressed: i % 4 != 0);
            _keyBytes[i] = key.PublicKey.Bytes.ToArray();
            _publicKeys[i] = Convert.ToHexStringLower(_keyBytes[i]);
        }
    }

    public AddressPrefixes Prefixes { get; }

    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    public Script Script()
    {
        switch (_random.Next(8))
        {
            case 0:
                return ScriptTemplates.PayToPubKeyHash(new Hash160(Bytes(Hash160.Size)));
            case 1:
                return ScriptTemplates.PayToScriptHash(new Hash160(Bytes(Hash160.Size)));
            case 2:
                return ScriptTemplates.PayToPubKey(Pick(_keyBytes));
            case 3:
                var keys = 1 + _random.Next(Dash.Primitives.Scripts.Script.MaxKeysPerMultisig);
                return ScriptTemplates.Multisig(
                    1 + _random.Next(keys),
                    Enumerable.Range(0, keys).Select(_ => (ReadOnlyMemory<byte>)Pick(_keyBytes)));
            case 4:
                return ScriptTemplates.NullData(Bytes(_random.Next(90)));
            case 5:
                return new Script(Bytes(Length()));
            default:
                return Operations();
        }
    }

    public Transaction Transaction()
    {
        var version = (short)(_random.Next(4) switch { 0 => 1, 1 => 2, 2 => 3, _ => _random.Next(1, short.MaxValue) });
        var type = _random.Next(2) == 0 ? TransactionType.Normal : (TransactionType)_random.Next(12);
        var hasPayload = version >= Dash.Primitives.Transactions.Transaction.SpecialVersion
            && type != TransactionType.Normal;
        var inputs = ImmutableArray.CreateBuilder<TxIn>();
        for (var i = Count(); i > 0; i--)
        {
            var spent = _random.Next(20) == 0
                ? OutPoint.Null
                : new OutPoint(new Txid(new Uint256(Bytes(Uint256.Size))), Number());
            inputs.Add(new TxIn(spent, Script(), Number()));
        }

        // Without inputs the count of outputs would be read as a mark of other coins' forms: see the reader.
        var outputs = ImmutableArray.CreateBuilder<TxOut>();
        for (var i = Count(); i > 0; i--)
        {
            outputs.Add(new TxOut(new Amount(_random.NextInt64()), Script()));
        }

        return new Transaction(
            version,
            type,
            inputs.DrainToImmutable(),
            outputs.DrainToImmutable(),
            Number(),
            hasPayload ? Bytes(_random.Next(300)) : default);
    }

    /// <summary>The text of a descriptor without its checksum.</summary>
    public string Descriptor() => _random.Next(8) switch
    {
        0 => $"pk({Key(mayBeLong: true)})",
        1 => $"pkh({Key(mayBeLong: true)})",
        2 => $"combo({Key(mayBeLong: true)})",
        3 => Multi(maxKeys: 3, mayBeLong: true),
        4 => $"sh({Multi(maxKeys: 15, mayBeLong: false)})",
        5 => $"sh({(_random.Next(2) == 0 ? "pk" : "pkh")}({Key(mayBeLong: true)}))",
        6 => $"addr({AddressCodec.Encode(Destination(), Prefixes)})",
        _ => $"raw({Convert.ToHexStringLower(Bytes(1 + _random.Next(60)))})",
    };

    public Destination Destination() => _random.Next(2) == 0
        ? new Destination.PubKeyHash(new Hash160(Bytes(Hash160.Size)))
        : new Destination.ScriptHash(new Hash160(Bytes(Hash160.Size)));

    private string Multi(int maxKeys, bool mayBeLong)
    {
        var keys = 1 + _random.Next(maxKeys);
        var all = Enumerable.Range(0, keys).Select(_ => Key(mayBeLong));
        var name = _random.Next(2) == 0 ? "multi" : "sortedmulti";
        return $"{name}({(1 + _random.Next(keys)).ToString(CultureInfo.InvariantCulture)},{string.Join(',', all)})";
    }

    private string Key(bool mayBeLong)
    {
        var origin = _random.Next(3) == 0 ? $"[{Convert.ToHexStringLower(Bytes(4))}{Path(mayHarden: true)}]" : "";
        if (_random.Next(3) == 0)
        {
            string key;
            do
            {
                key = Pick(_publicKeys);
            }
            while (!mayBeLong && key.Length > 66);
            return origin + key;
        }

        var last = _random.Next(2) == 0 ? "/*" : "";
        return origin + Pick(_extendedKeys) + Path(mayHarden: false) + last;
    }

    private string Path(bool mayHarden) => string.Concat(Enumerable.Range(0, _random.Next(4)).Select(_ =>
        "/" + (Number() & int.MaxValue).ToString(CultureInfo.InvariantCulture)
        + (mayHarden && _random.Next(2) == 0 ? "'" : "")));

    private Script Operations()
    {
        var builder = new ScriptBuilder();
        for (var i = _random.Next(12); i > 0; i--)
        {
            switch (_random.Next(3))
            {
                case 0:
                    builder.Push(Bytes(Length()));
                    break;
                case 1:
                    builder.Number(_random.NextInt64(-1L << 40, 1L << 40));
                    break;
                default:
                    builder.Op((Opcode)_random.Next((int)Opcode.Op1Negate, 0xba));
                    break;
            }
        }

        return builder.Build();
    }

    private byte[] Secret()
    {
        var secret = Bytes(PrivateKey.Size);
        secret[0] = 1; // well below the order of the curve
        return secret;
    }

    // Mostly few, now and then enough for a count of three bytes.
    private int Count() => _random.Next(200) == 0 ? 253 + _random.Next(10) : 1 + _random.Next(4);

    private int Length() => _random.Next(100) switch
    {
        0 => 0xfc + _random.Next(6),
        1 => 0x4b + _random.Next(3),
        _ => _random.Next(40),
    };

    private uint Number() => _random.Next(4) switch
    {
        0 => uint.MaxValue,
        1 => (uint)_random.Next(10),
        _ => (uint)_random.NextInt64(1L << 32),
    };

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];
}
