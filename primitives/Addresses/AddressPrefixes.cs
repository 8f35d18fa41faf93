namespace Dash.Primitives.Addresses;

/// <summary>
/// The version bytes a network puts in front of what it writes in base58: one byte each, four for BIP32 keys.
/// </summary>
public sealed record AddressPrefixes(
    byte PubKeyHash,
    byte ScriptHash,
    byte Wif,
    ReadOnlyMemory<byte> ExtendedPublicKey,
    ReadOnlyMemory<byte> ExtendedPrivateKey);
