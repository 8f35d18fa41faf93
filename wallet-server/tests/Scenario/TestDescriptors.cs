using Dash.Primitives.Addresses;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.Scenario;

/// <summary>Descriptors to be imported.</summary>
internal static class TestDescriptors
{
    /// <summary>Scripts of a key nobody else has, enough of them to need pages of their own in the file.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="origin">Where it is said to come from: another descriptor of the same scripts.</param>
    public static NewDescriptor Ranged(byte seed, string origin = "")
    {
        using SecretBytes bytes = new(Enumerable.Repeat(seed, 32).ToArray());
        using var master = ExtendedPrivateKey.FromSeed(bytes);
        var read = Parse($"pkh({origin}{master.Encode(ChainParams.Regtest.Prefixes.ExtendedPrivateKey.Span)}/0/*)");
        return new NewDescriptor(read.Descriptor, read.Keys) { RangeEnd = 500, CreationTime = read.CreationTime };
    }

    /// <summary>What a text says, with the private keys in it.</summary>
    public static NewDescriptor Parse(string text)
    {
        DescriptorKeys keys = new();
        Assert.True(Descriptor.TryParse(text, ChainParams.Regtest.Prefixes, requireChecksum: false, keys, out var descriptor, out var error), error);
        return new NewDescriptor(descriptor, keys) { CreationTime = TestWallets.Birth };
    }

    /// <summary>A public key and the address of its hash.</summary>
    public static (PublicKey Key, string Address) KeyOf(byte seed)
    {
        using var key = PrivateKey.FromBytes(Enumerable.Repeat(seed, 32).ToArray());
        return (key.PublicKey, AddressCodec.Encode(new Destination.PubKeyHash(key.PublicKey.Id), ChainParams.Regtest.Prefixes));
    }

    /// <summary>The script of an index.</summary>
    public static Script ScriptAt(this NewDescriptor descriptor, int index) =>
        Keychain.Create(descriptor.Descriptor, descriptor.Keys, TestWallets.Birth).ScriptAt(index);

    /// <summary>Takes it into a wallet; what it was paid is not looked for.</summary>
    public static Task Import(this Wallet wallet, NewDescriptor descriptor, Action? last = null) => wallet.ImportAsync(
        [descriptor],
        refusals =>
        {
            last?.Invoke();
            return refusals[0] is { } refusal ? throw refusal : null;
        },
        TestWallets.Ct);

    /// <summary>The wallet spends what pays one of its scripts.</summary>
    public static async Task RequireSigned(this NewDescriptor descriptor, Wallet wallet)
    {
        var paid = new TestChain().Pay((descriptor.ScriptAt(7), Amount.FromDash(1)));
        var spends = TestChain.Pay(new OutPoint(paid.Txid, 0), (TestChain.Stranger, Amount.FromDash(1)));
        var signed = await wallet.Signer.SignAsync(spends, [paid.Outputs[0]], wallet.Snapshot.OwnersOf, SigHashType.All, TestWallets.Ct);
        Assert.Empty(signed.Errors);
    }
}
