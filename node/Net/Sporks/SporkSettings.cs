using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Primitives.Addresses;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;

namespace Dash.Node.Net.Sporks;

/// <summary>What the options say about sporks.</summary>
/// <param name="Signers">Keys whose signatures count.</param>
/// <param name="MinimumSigners">How many must agree.</param>
/// <param name="Key">The key to sign with, if this node has one. Whoever reads the options disposes it.</param>
internal sealed record SporkSettings(IReadOnlySet<Hash160> Signers, int MinimumSigners, PrivateKey? Key)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="StartupException">They make no sense.</exception>
    public static SporkSettings Read(Options options, ChainParams network)
    {
        var given = options[NetOptions.SporkAddress];
        HashSet<Hash160> signers = [];
        foreach (var address in given.Count > 0 ? given : network.SporkAddresses)
        {
            signers.Add(AddressCodec.TryDecode(address, network.Prefixes, out var destination, out _)
                && destination is Destination.PubKeyHash { KeyId: var id }
                    ? id
                    : throw new StartupException("Invalid spork address specified with -sporkaddr"));
        }

        var minimum = options.IsSet(NetOptions.MinSporkKeys) ? options[NetOptions.MinSporkKeys] : network.MinSporkKeys;
        if (minimum > signers.Count || minimum <= signers.Count / 2)
        {
            throw new StartupException("Invalid minimum number of spork signers specified with -minsporkkeys");
        }

        PrivateKey? key = null;
        if (options[NetOptions.SporkKey] is { } text && (!Wif.TryDecode(text, network.Prefixes.Wif, out key) || !signers.Contains(key.PublicKey.Id)))
        {
            key?.Dispose();
            throw new StartupException("Unable to sign spork message, wrong key?");
        }

        return new SporkSettings(signers, minimum, key);
    }
}
