using Dash.Primitives.Addresses;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.WalletServer.Ledger;

/// <summary>An address without its text: what it names, in 21 bytes.</summary>
/// <param name="IsScript">A script hash, not a key hash.</param>
/// <param name="Id">The hash.</param>
internal readonly record struct AddressKey(bool IsScript, Hash160 Id) : IComparable<AddressKey>
{
    /// <summary>That of an address of the network; null for any other text.</summary>
    public static AddressKey? Of(string address, AddressPrefixes prefixes) =>
        AddressCodec.TryDecode(address, prefixes, out var destination, out _) ? Of(destination) : null;

    /// <summary>That of whom a script pays; null where no address says it.</summary>
    public static AddressKey? Of(Script script) => Of(script.Span) ?? Of(Destination.FromScript(script));

    /// <summary>The same for a script's bytes.</summary>
    public static AddressKey? Of(byte[] script) => Of(script.AsSpan()) ?? Of(Destination.FromScript(new Script(script)));

    /// <summary>The order in which Core lists addresses: those of keys first, then those of scripts, each by the bytes of the hash.</summary>
    public static int Compare(AddressKey left, AddressKey right) =>
        left.IsScript != right.IsScript ? left.IsScript.CompareTo(right.IsScript) : left.Id.CompareTo(right.Id);

    /// <inheritdoc/>
    public int CompareTo(AddressKey other) => Compare(this, other);

    /// <summary>The script that pays it.</summary>
    public Script ToScript() => Named().ToScript();

    /// <summary>The address as text.</summary>
    public string ToText(AddressPrefixes prefixes) => AddressCodec.Encode(Named(), prefixes);

    private Destination Named() => IsScript ? new Destination.ScriptHash(Id) : new Destination.PubKeyHash(Id);

    // Nearly all scripts are of this form.
    private static AddressKey? Of(ReadOnlySpan<byte> script) => ScriptTemplates.IsPayToPubKeyHash(script)
        ? new AddressKey(false, new Hash160(script.Slice(3, Hash160.Size)))
        : null;

    private static AddressKey? Of(Destination destination) => destination switch
    {
        Destination.PubKeyHash key => new(false, key.KeyId),
        Destination.ScriptHash script => new(true, script.ScriptId),
        _ => null,
    };
}
