using Dash.Primitives.Addresses;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>All a wallet knows about a script: what getaddressinfo and listunspent show. A query over a snapshot.</summary>
internal sealed record AddressDetails
{
    private readonly WalletSnapshot _snapshot;

    private AddressDetails(WalletSnapshot snapshot) => _snapshot = snapshot;

    /// <summary>The script.</summary>
    public required Script Script { get; init; }

    /// <summary>Its address, or null.</summary>
    public required string? Address { get; init; }

    /// <summary>The keychain it belongs to; null when it is not the wallet's.</summary>
    public Keychain? Keychain { get; init; }

    /// <summary>Its index there.</summary>
    public int Index { get; init; }

    /// <summary>One of the wallet's.</summary>
    public bool IsMine => Keychain is not null;

    /// <summary>The wallet knows what is needed to spend it, apart from secrets.</summary>
    public bool IsSolvable => Keychain is { IsSolvable: true };

    /// <summary>The wallet's and never labelled.</summary>
    public bool IsChange => _snapshot.IsChange(Script);

    /// <summary>The label; null when nobody named it.</summary>
    public string? Label => _snapshot.AddressBook.FindNamed(Script)?.Label;

    /// <summary>The script behind a script hash, where known.</summary>
    public Script? RedeemScript { get; init; }

    /// <summary>The key and its origin, where the script has exactly one.</summary>
    public DerivedKey? Key { get; init; }

    /// <summary>The descriptor of this one script; null when it cannot be spent with what is known.</summary>
    public string? Descriptor { get; init; }

    /// <summary>What a snapshot knows about a script.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="script">The script.</param>
    /// <param name="stored">The public key that is stored for it, which saves deriving it; null where it is not known.</param>
    public static AddressDetails Of(WalletSnapshot snapshot, Script script, PublicKey? stored = null)
    {
        AddressDetails details = new(snapshot) { Script = script, Address = snapshot.AddressOf(script) };
        if (snapshot.FindKey(script) is not var (keychain, index))
        {
            return details;
        }

        var keys = keychain.KeysAt(index, script, stored).Select(static key => (key.Key.Id, Key: key)).ToArray();
        var redeem = Destination.FromScript(script) is Destination.ScriptHash { ScriptId: var scriptId }
            ? keychain.RedeemScriptsAt(index).FirstOrDefault(behind => Hashes.Hash160(behind.Span) == scriptId)
            : null;
        return details with
        {
            Keychain = keychain,
            Index = index,
            RedeemScript = redeem,
            Key = keys is [var only] ? only.Key : null,
            Descriptor = keychain.IsSolvable
                ? DescriptorInference.Of(script, snapshot.Chain.Prefixes, Find, id => FindScript(redeem, id)).ToString()
                : null,
        };

        DerivedKey? Find(Hash160 id) => keys.FirstOrDefault(key => key.Id == id).Key;
    }

    private static Script? FindScript(Script? redeem, Hash160 id) =>
        redeem is not null && Hashes.Hash160(redeem.Span) == id ? redeem : null;
}
