using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Evo;

/// <summary>Rules several of the payloads about masternodes share.</summary>
public static class ProTxRules
{
    /// <summary>What is wrong with the addresses on a network, in the reasons of the payloads.</summary>
    public static PayloadFault? CheckService(NetInfo netInfo, NetInfoRules rules)
    {
        ArgumentNullException.ThrowIfNull(netInfo);
        return netInfo.Validate(rules) switch
        {
            NetInfoStatus.Success => null,
            NetInfoStatus.BadAddress => PayloadFault.BadSpecial("bad-protx-netinfo-addr"),
            NetInfoStatus.BadPort => PayloadFault.BadSpecial("bad-protx-netinfo-port"),
            NetInfoStatus.BadType => PayloadFault.BadSpecial("bad-protx-netinfo-addr-type"),
            NetInfoStatus.NotRoutable => PayloadFault.BadSpecial("bad-protx-netinfo-addr-unroutable"),
            _ => PayloadFault.BadSpecial("bad-protx-netinfo-bad"),
        };
    }

    /// <summary>What is wrong with an Evo masternode's platform fields.</summary>
    /// <param name="platform">The fields.</param>
    /// <param name="netInfo">The addresses beside them.</param>
    /// <param name="version">The payload's version.</param>
    /// <param name="rules">The network's.</param>
    /// <param name="mainnetPlatform">The two ports mainnet asks for: peers, clients.</param>
    public static PayloadFault? CheckPlatform(
        PlatformFields platform,
        NetInfo netInfo,
        ushort version,
        NetInfoRules rules,
        (ushort P2p, ushort Http) mainnetPlatform)
    {
        ArgumentNullException.ThrowIfNull(netInfo);
        if (platform.NodeId == default)
        {
            return PayloadFault.BadSpecial("bad-protx-platform-nodeid");
        }

        if (version >= ProTxVersion.ExtendedAddresses)
        {
            // The ports are among the addresses.
            return platform.P2pPort != 0 ? PayloadFault.BadSpecial("bad-protx-platform-p2p-port")
                : platform.HttpPort != 0 ? PayloadFault.BadSpecial("bad-protx-platform-http-port")
                : null;
        }

        if (rules.IsMainnet)
        {
            if (platform.P2pPort != mainnetPlatform.P2p)
            {
                return PayloadFault.BadSpecial("bad-protx-platform-p2p-port");
            }

            if (platform.HttpPort != mainnetPlatform.Http)
            {
                return PayloadFault.BadSpecial("bad-protx-platform-http-port");
            }
        }

        if (platform.P2pPort == rules.MainnetPort)
        {
            return PayloadFault.BadSpecial("bad-protx-platform-p2p-port");
        }

        if (platform.HttpPort == rules.MainnetPort)
        {
            return PayloadFault.BadSpecial("bad-protx-platform-http-port");
        }

        var corePort = netInfo.Primary?.Port ?? 0;
        return platform.P2pPort == platform.HttpPort || platform.P2pPort == corePort || platform.HttpPort == corePort
            ? PayloadFault.BadSpecial("bad-protx-platform-dup-ports")
            : null;
    }

    /// <summary>The collateral a registration makes in its own transaction.</summary>
    public static PayloadFault? CheckOwnCollateral(ProRegTx payload, Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentNullException.ThrowIfNull(transaction);
        if (payload.Collateral.Index >= transaction.Outputs.Length)
        {
            return PayloadFault.BadSpecial("bad-protx-collateral-index");
        }

        var output = transaction.Outputs[(int)payload.Collateral.Index];
        return output.Value != payload.Type.Collateral()
            ? PayloadFault.BadSpecial("bad-protx-collateral")
            : CheckCollateralScript(payload, output.ScriptPubKey);
    }

    /// <summary>
    /// Who can spend the collateral must be told from its script and must not be the owner or voter: their keys may be
    /// on a computer that is always connected.
    /// </summary>
    public static PayloadFault? CheckCollateralScript(ProRegTx payload, Script script)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentNullException.ThrowIfNull(script);
        if (!TryFindPayee(script, out var keyId))
        {
            return PayloadFault.BadSpecial("bad-protx-collateral-dest");
        }

        return keyId is { } id && (id == payload.OwnerKeyId || id == payload.VotingKeyId)
            ? PayloadFault.BadSpecial("bad-protx-collateral-reuse")
            : null;
    }

    /// <summary>The fault of addresses that don't fit the kind of masternode.</summary>
    internal static PayloadFault? CheckPurposes(NetInfo netInfo, MasternodeType type)
    {
        bool Has(NetInfoPurpose purpose) => !netInfo.EntriesFor(purpose).IsEmpty;
        if (!Has(NetInfoPurpose.CoreP2p))
        {
            return PayloadFault.BadSpecial("bad-protx-netinfo-empty");
        }

        if (type == MasternodeType.Regular
            && (Has(NetInfoPurpose.PlatformHttps) || Has(NetInfoPurpose.PlatformP2p)))
        {
            return PayloadFault.BadSpecial("bad-protx-netinfo-bad");
        }

        return netInfo.IsExtended && type == MasternodeType.Evo
            && !(Has(NetInfoPurpose.PlatformHttps) && Has(NetInfoPurpose.PlatformP2p))
            ? PayloadFault.BadSpecial("bad-protx-netinfo-empty")
            : null;
    }

    /// <summary>The fault of an entry that made no sense when it was read.</summary>
    internal static PayloadFault? CheckEntries(NetInfo netInfo) =>
        netInfo.Entries.All(static entry => entry.IsValid) ? null : PayloadFault.BadSpecial("bad-protx-netinfo-bad");

    /// <summary>Whether a script pays a key's hash or a script's hash.</summary>
    internal static bool IsPayee(Script script) =>
        script.IsPayToScriptHash || ScriptTemplates.IsPayToPubKeyHash(script.Span);

    /// <summary>Whether a script pays the hash of this key.</summary>
    internal static bool Pays(Script script, Hash160 keyId) => script == ScriptTemplates.PayToPubKeyHash(keyId);

    // The key that can spend it, if it is a single one; false for a script that is not payable to an address.
    private static bool TryFindPayee(Script script, out Hash160? keyId)
    {
        var solution = ScriptTemplates.Solve(script);
        keyId = solution.Kind switch
        {
            ScriptKind.PubKeyHash => new Hash160(solution.Data[0].Span),
            ScriptKind.PubKey when PublicKey.TryParse(solution.Data[0].Span, out var key) => key.Id,
            _ => null,
        };
        return keyId is not null || solution.Kind == ScriptKind.ScriptHash;
    }
}
