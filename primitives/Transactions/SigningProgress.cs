using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>How far the signing of one input has come: what is known, what was made, what is missing.</summary>
public sealed class SigningProgress
{
    /// <summary>Whether <see cref="ScriptSig"/> satisfies the output.</summary>
    public bool IsComplete { get; set; }

    /// <summary>The script that spends, as far as it could be put together.</summary>
    public Script ScriptSig { get; set; } = Script.Empty;

    /// <summary>The script behind pay-to-script-hash; empty when unknown or none.</summary>
    public Script RedeemScript { get; set; } = Script.Empty;

    /// <summary>Signatures so far, by the id of their key.</summary>
    public Dictionary<Hash160, KeySignature> Signatures { get; } = [];

    /// <summary>Public keys that are known beside the source's, by their ids.</summary>
    public Dictionary<Hash160, PublicKey> KnownKeys { get; } = [];

    /// <summary>Keys of the script that no signature was there for, in the order they were met.</summary>
    public Dictionary<Hash160, ReadOnlyMemory<byte>> KeysMet { get; } = [];

    /// <summary>Ids whose public key nobody knows.</summary>
    public List<Hash160> MissingKeys { get; } = [];

    /// <summary>Ids whose signature is missing.</summary>
    public List<Hash160> MissingSignatures { get; } = [];

    /// <summary>The hash whose script nobody knows.</summary>
    public Hash160? MissingRedeemScript { get; set; }
}

/// <summary>A signature and the serialized public key it is by.</summary>
/// <param name="PublicKey">33 or 65 bytes.</param>
/// <param name="Signature">DER and a hash type byte.</param>
public sealed record KeySignature(ReadOnlyMemory<byte> PublicKey, ReadOnlyMemory<byte> Signature);
