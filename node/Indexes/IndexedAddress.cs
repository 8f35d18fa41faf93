using Dash.Primitives.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.Node.Indexes;

/// <summary>An address as the address index has it.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Hash">The hash of the key or the script; zero for no address.</param>
internal readonly record struct IndexedAddress(AddressType Type, Hash160 Hash)
{
    /// <summary>Bytes in a key of the database.</summary>
    public const int Size = 1 + Hash160.Size;

    /// <summary>The address a script pays. Of a public key only length and first byte are looked at.</summary>
    public static IndexedAddress Of(Script script)
    {
        var bytes = script.Span;
        return script switch
        {
            _ when ScriptTemplates.IsPayToPubKeyHash(bytes) => new(AddressType.PubKeyHash, new Hash160(bytes[3..23])),
            _ when script.IsPayToScriptHash => new(AddressType.ScriptHash, new Hash160(bytes[2..22])),
            { Length: 35 } when bytes is [_, 2 or 3, .., (byte)Opcode.CheckSig] => OfKey(bytes),
            { Length: 67 } when bytes is [_, 4, .., (byte)Opcode.CheckSig] => OfKey(bytes),
            _ => default,
        };
    }

    /// <summary>The address as others know it.</summary>
    public Destination ToDestination() => Type == AddressType.ScriptHash
        ? new Destination.ScriptHash(Hash)
        : new Destination.PubKeyHash(Hash);

    private static IndexedAddress OfKey(ReadOnlySpan<byte> script) =>
        new(AddressType.PubKeyHash, Hashes.Hash160(script[1..^1]));

    /// <summary>Reads it from a key or value.</summary>
    public static IndexedAddress Read(ref SpanReader reader) =>
        new((AddressType)reader.ReadByte(), new Hash160(reader.ReadBytes(Hash160.Size)));

    /// <summary>Writes it into a key or value.</summary>
    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)Type);
        Span<byte> hash = stackalloc byte[Hash160.Size];
        Hash.CopyTo(hash);
        writer.WriteBytes(hash);
    }
}
