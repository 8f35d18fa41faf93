using Dash.Primitives.Addresses;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Bench.Wallets;

/// <summary>The keys of the generated wallets, all from the same words: what receives and what takes change.</summary>
internal sealed class TestKeys : IDisposable
{
    /// <summary>The words. Nobody should have money on them.</summary>
    public const string Words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    private readonly ExtendedPrivateKey[] _chains;

    /// <summary>Derives the two branches.</summary>
    public TestKeys()
    {
        using var master = ExtendedPrivateKey.FromSeed(Mnemonic.ToSeed(Words, ""));
        const uint hardened = ExtendedPrivateKey.Hardened;
        _chains = [.. new uint[] { 0, 1 }.Select(branch => master.Derive([44 + hardened, 1 + hardened, hardened, branch]))];
    }

    /// <summary>The key of an address; the caller disposes it.</summary>
    /// <param name="isChange">Of the change branch.</param>
    /// <param name="index">Its index there.</param>
    public PrivateKey KeyAt(bool isChange, int index)
    {
        using var child = _chains[isChange ? 1 : 0].Derive((uint)index);
        return child.Key.Clone();
    }

    /// <summary>Signs an input that spends a pay-to-public-key-hash output.</summary>
    public static Script Sign(Transaction tx, int input, Script spent, PrivateKey key)
    {
        var hash = SignatureHash.Compute(tx, input, spent, SigHashType.All);
        return new ScriptBuilder().Push([.. key.Sign(hash), (byte)SigHashType.All]).Push(key.PublicKey.Bytes).Build();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var chain in _chains)
        {
            chain.Dispose();
        }
    }
}
