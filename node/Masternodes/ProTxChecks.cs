using Dash.Node.Consensus;
using Dash.Primitives.Addresses;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Masternodes;

/// <summary>
/// Whether the transactions that register and change masternodes fit the list and the coins before a block. Signatures
/// with keys of secp256k1 are verified, those of BLS are not.
/// </summary>
/// <param name="network">Heights and addresses of the network.</param>
/// <param name="list">The list after the block before.</param>
/// <param name="previous">The block before.</param>
/// <param name="isV24">Whether V24 is active in the block.</param>
/// <param name="coins">The coins before the block.</param>
internal sealed class ProTxChecks(
    ChainParams network, MasternodeList list, BlockNode previous, bool isV24, ICoinsView coins)
{
    private readonly int _height = previous.Height + 1;

    // Mainnet's ports are forbidden elsewhere.
    private readonly NetInfoRules _rules = new(
        network.Name == ChainParams.Main.Name,
        (ushort)ChainParams.Main.DefaultPort,
        network.RequireRoutableExternalIp,
        (ushort)network.DefaultPort)
    {
        AllowsPrivate = network.AllowsPrivateAddresses,
    };

    /// <summary>A registration.</summary>
    public ValidationState CheckRegistration(Transaction transaction)
    {
        if (!ProRegTx.TryParse(transaction.ExtraPayload.Span, out var payload))
        {
            return ValidationState.Consensus("bad-protx-payload");
        }

        if (payload.Check(MaxVersion(hasAddresses: true)) is { } fault)
        {
            return ValidationState.Of(fault);
        }

        if (isV24 && payload.Version < ProTxVersion.BasicBls)
        {
            return ValidationState.Consensus("bad-protx-version-disallowed");
        }

        if (!payload.NetInfo.IsEmpty && CheckAddresses(payload.NetInfo) is { IsInvalid: true } address)
        {
            return address;
        }

        if (payload.Type == MasternodeType.Evo
            && CheckPlatform(payload.Platform, payload.NetInfo, payload.Version) is { IsInvalid: true } platform)
        {
            return platform;
        }

        var isOwn = payload.Collateral.Txid == default;
        Hash160? signer = null;
        if (isOwn)
        {
            if (ProTxRules.CheckOwnCollateral(payload, transaction) is { } own)
            {
                return ValidationState.Of(own);
            }
        }
        else if (CheckForeignCollateral(payload, out signer) is { IsInvalid: true } foreign)
        {
            return foreign;
        }

        var collateral = isOwn ? new OutPoint(transaction.Txid, payload.Collateral.Index) : payload.Collateral;
        if (CheckUnique(payload, collateral) is { IsInvalid: true } taken)
        {
            return taken;
        }

        if (InputsHash.Check(transaction, payload.InputsHash) is { } inputs)
        {
            return ValidationState.Of(inputs);
        }

        // Who makes the collateral here needs no signature; who names another one shows that it is his.
        var isSigned = signer is not { } key
            ? payload.Signature.IsEmpty
            : SignedMessage.TryRecover(payload.Signature.Span, payload.MakeSignText(EncodeScript), out var found) && found.Id == key;
        return isSigned ? ValidationState.Valid : ValidationState.Consensus("bad-protx-sig");
    }

    /// <summary>A change of the operator's data.</summary>
    public ValidationState CheckServiceUpdate(Transaction transaction)
    {
        if (!ProUpServTx.TryParse(transaction.ExtraPayload.Span, out var payload))
        {
            return ValidationState.Consensus("bad-protx-payload");
        }

        if (payload.Check(MaxVersion(hasAddresses: true)) is { } fault)
        {
            return ValidationState.Of(fault);
        }

        if (CheckAddresses(payload.NetInfo) is { IsInvalid: true } address)
        {
            return address;
        }

        if (payload.Type == MasternodeType.Evo
            && CheckPlatform(payload.Platform, payload.NetInfo, payload.Version) is { IsInvalid: true } platform)
        {
            return platform;
        }

        if (list.Find(payload.ProTxHash) is not { } node)
        {
            return ValidationState.Consensus("bad-protx-hash");
        }

        if (CheckVersionChange(TransactionType.ProUpServTx, node, payload.Version) is { IsInvalid: true } version)
        {
            return version;
        }

        foreach (var entry in payload.NetInfo.Entries)
        {
            if (!entry.IsValid)
            {
                return BadSpecial("bad-protx-netinfo-entry");
            }

            if (list.OwnerOf(UniqueProperty.Of(entry)) is { } other && other != node)
            {
                return BadSpecial("bad-protx-dup-netinfo-entry");
            }
        }

        if (payload.Type == MasternodeType.Evo
            && list.OwnerOf(UniqueProperty.Of(payload.Platform.NodeId)) is { } otherNode && otherNode != node)
        {
            return BadSpecial("bad-protx-dup-platformnodeid");
        }

        if (!payload.OperatorPayout.IsEmpty && (node.OperatorReward == 0 || !IsAddressScript(payload.OperatorPayout)))
        {
            return BadSpecial("bad-protx-operator-payee");
        }

        return ValidationState.Of(InputsHash.Check(transaction, payload.InputsHash));
    }

    /// <summary>A change of the owner's data.</summary>
    public ValidationState CheckRegistrarUpdate(Transaction transaction)
    {
        if (!ProUpRegTx.TryParse(transaction.ExtraPayload.Span, out var payload))
        {
            return ValidationState.Consensus("bad-protx-payload");
        }

        if (payload.Check(MaxVersion(hasAddresses: false)) is { } fault)
        {
            return ValidationState.Of(fault);
        }

        if (Destination.FromScript(payload.Payout) is not { } payee || payee is Destination.None)
        {
            return BadSpecial("bad-protx-payee-dest");
        }

        if (list.Find(payload.ProTxHash) is not { } node)
        {
            return ValidationState.Consensus("bad-protx-hash");
        }

        if (CheckVersionChange(TransactionType.ProUpRegTx, node, payload.Version) is { IsInvalid: true } version)
        {
            return version;
        }

        if (IsOneOf(payee, node.State.OwnerKeyId, payload.VotingKeyId))
        {
            return BadSpecial("bad-protx-payee-reuse");
        }

        if (coins.Find(node.Collateral) is not { } coin)
        {
            return ValidationState.Consensus("bad-protx-collateral");
        }

        var holder = Destination.FromScript(coin.Output.ScriptPubKey);
        if (holder is Destination.None)
        {
            return ValidationState.Consensus("bad-protx-collateral-dest");
        }

        if (IsOneOf(holder, node.State.OwnerKeyId, payload.VotingKeyId))
        {
            return BadSpecial("bad-protx-collateral-reuse");
        }

        if (MasternodeState.KeyOf(payload.OperatorKey.Span, payload.Scheme) is { } key
            && list.OwnerOf(UniqueProperty.Of(key, payload.Scheme)) is { } other && other != node)
        {
            return BadSpecial("bad-protx-dup-key");
        }

        if (!IsEnforced && node.State.OwnerKeyId != payload.VotingKeyId)
        {
            return BadSpecial("bad-protx-key-not-same");
        }

        if (InputsHash.Check(transaction, payload.InputsHash) is { } inputs)
        {
            return ValidationState.Of(inputs);
        }

        return PublicKey.TryRecover(payload.SigningHash, payload.Signature.Span, out var signer)
            && signer.Id == node.State.OwnerKeyId
            ? ValidationState.Valid
            : ValidationState.Consensus("bad-protx-sig");
    }

    /// <summary>An operator gives up.</summary>
    public ValidationState CheckRevocation(Transaction transaction)
    {
        if (!ProUpRevTx.TryParse(transaction.ExtraPayload.Span, out var payload))
        {
            return ValidationState.Consensus("bad-protx-payload");
        }

        if (payload.Check(MaxVersion(hasAddresses: false)) is { } fault)
        {
            return ValidationState.Of(fault);
        }

        if (list.Find(payload.ProTxHash) is not { } node)
        {
            return ValidationState.Consensus("bad-protx-hash");
        }

        return CheckVersionChange(TransactionType.ProUpRevTx, node, payload.Version) is { IsInvalid: true } version
            ? version
            : ValidationState.Of(InputsHash.Check(transaction, payload.InputsHash));
    }

    private bool IsEnforced => previous.Height >= network.Heights.Dip0003Enforcement;

    private static ValidationState BadSpecial(string reason) => ValidationState.Invalid(InvalidKind.BadSpecial, reason);

    private static bool IsAddressScript(Primitives.Scripts.Script script) =>
        Destination.FromScript(script) is { } payee and not Destination.None && payee.ToScript() == script;

    private static bool IsOneOf(Destination destination, Hash160 first, Hash160 second) =>
        destination is Destination.PubKeyHash { KeyId: var id } && (id == first || id == second);

    private ushort MaxVersion(bool hasAddresses) =>
        ProTxVersion.Max(_height >= network.Heights.V19, isV24 && hasAddresses);

    private ValidationState CheckAddresses(NetInfo netInfo) => ValidationState.Of(ProTxRules.CheckService(netInfo, _rules));

    private ValidationState CheckPlatform(PlatformFields platform, NetInfo netInfo, ushort version) =>
        ValidationState.Of(ProTxRules.CheckPlatform(
            platform,
            netInfo,
            version,
            _rules,
            ((ushort)ChainParams.Main.PlatformP2pPort, (ushort)ChainParams.Main.PlatformHttpPort)));

    // The key to sign with is that of a collateral paid to one.
    private ValidationState CheckForeignCollateral(ProRegTx payload, out Hash160? signer)
    {
        signer = null;
        if (coins.Find(payload.Collateral) is not { } coin || coin.Output.Value != payload.Type.Collateral())
        {
            return BadSpecial("bad-protx-collateral");
        }

        switch (Destination.FromScript(coin.Output.ScriptPubKey))
        {
            case Destination.None:
                return BadSpecial("bad-protx-collateral-dest");
            case Destination.PubKeyHash { KeyId: var id }:
                signer = id;
                return ValidationState.Of(ProTxRules.CheckCollateralScript(payload, coin.Output.ScriptPubKey));
            default:
                return BadSpecial("bad-protx-collateral-pkh");
        }
    }

    private ValidationState CheckUnique(ProRegTx payload, OutPoint collateral)
    {
        foreach (var entry in payload.NetInfo.Entries)
        {
            if (!entry.IsValid)
            {
                return BadSpecial("bad-protx-netinfo-entry");
            }

            // The same collateral means that the old masternode will be replaced.
            if (list.OwnerOf(UniqueProperty.Of(entry)) is { } other && other.Collateral != collateral)
            {
                return BadSpecial("bad-protx-dup-netinfo-entry");
            }
        }

        if (list.OwnerOf(UniqueProperty.Of(payload.OwnerKeyId)) is not null
            || (MasternodeState.KeyOf(payload.OperatorKey.Span, payload.Scheme) is { } key
                && list.OwnerOf(UniqueProperty.Of(key, payload.Scheme)) is not null))
        {
            return BadSpecial("bad-protx-dup-key");
        }

        if (payload.Type == MasternodeType.Evo && list.OwnerOf(UniqueProperty.Of(payload.Platform.NodeId)) is not null)
        {
            return BadSpecial("bad-protx-dup-platformnodeid");
        }

        return !IsEnforced && payload.OwnerKeyId != payload.VotingKeyId
            ? BadSpecial("bad-protx-key-not-same")
            : ValidationState.Valid;
    }

    private ValidationState CheckVersionChange(TransactionType type, Masternode node, ushort version) =>
        !isV24 ? ValidationState.Valid
        : node.State.Version >= ProTxVersion.BasicBls && version == ProTxVersion.LegacyBls
            ? ValidationState.Consensus("bad-protx-version-downgrade")
        : node.State.Version == ProTxVersion.LegacyBls && version > ProTxVersion.BasicBls
            ? ValidationState.Consensus("bad-protx-version-upgrade")
        : type != TransactionType.ProUpServTx && version == ProTxVersion.ExtendedAddresses
            ? ValidationState.Consensus("bad-protx-version-tx-type")
        : ValidationState.Valid;

    private string EncodeScript(Primitives.Scripts.Script script) =>
        Destination.FromScript(script) is { } payee and not Destination.None
            ? AddressCodec.Encode(payee, network.Prefixes)
            : script.ToHex();
}
