using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Wire;

/// <summary>Something a peer has, wants or lacks.</summary>
/// <param name="Kind">What it is; peers may say any number.</param>
/// <param name="Hash">Its name.</param>
internal readonly record struct InventoryItem(InventoryKind Kind, Uint256 Hash)
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 4 + Uint256.Size;

    /// <summary>Whether it names a transaction.</summary>
    public bool IsTransaction => Kind is InventoryKind.Transaction or InventoryKind.MixingTransaction;

    /// <summary>Whether it asks for a block in one of its forms.</summary>
    public bool IsBlock => Kind is InventoryKind.Block or InventoryKind.FilteredBlock or InventoryKind.CompactBlock;

    /// <summary>Whether the number is one of the protocol's.</summary>
    public bool IsKnown => Enum.IsDefined(Kind);

    /// <summary>The name of the message that carries it, as logs have it.</summary>
    public string TypeName => Kind switch
    {
        InventoryKind.Transaction => MessageTypes.Tx,
        InventoryKind.Block => MessageTypes.Block,
        InventoryKind.FilteredBlock => MessageTypes.MerkleBlock,
        InventoryKind.Spork => MessageTypes.Spork,
        InventoryKind.MixingTransaction => MessageTypes.MixingTransaction,
        InventoryKind.GovernanceObject => MessageTypes.GovernanceObject,
        InventoryKind.GovernanceVote => MessageTypes.GovernanceVote,
        InventoryKind.CompactBlock => MessageTypes.CompactBlock,
        InventoryKind.FinalCommitment => MessageTypes.FinalCommitment,
        InventoryKind.Contribution => MessageTypes.Contribution,
        InventoryKind.Complaint => MessageTypes.Complaint,
        InventoryKind.Justification => MessageTypes.Justification,
        InventoryKind.PrematureCommitment => MessageTypes.PrematureCommitment,
        InventoryKind.RecoveredSignature => MessageTypes.RecoveredSignature,
        InventoryKind.ChainLock => MessageTypes.ChainLock,
        InventoryKind.InstantSendLock => MessageTypes.InstantSendLock,
        InventoryKind.MixingQueue => MessageTypes.MixingQueue,
        InventoryKind.PlatformBan => MessageTypes.PlatformBan,
        _ => "0x" + ((int)Kind).ToString("x8", System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>Reads the entries of an <c>inv</c>, <c>getdata</c> or <c>notfound</c>.</summary>
    /// <returns>Null when there are more than the protocol allows; the number is then in <paramref name="count"/>.</returns>
    /// <exception cref="EncodingException">The message ends early.</exception>
    public static IReadOnlyList<InventoryItem>? ReadAll(ReadOnlySpan<byte> payload, out int count)
    {
        SpanReader reader = new(payload);
        count = reader.ReadCount(Size);
        if (count > NetLimits.MaxInventory)
        {
            return null;
        }

        var items = new InventoryItem[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = new InventoryItem((InventoryKind)reader.ReadInt32(), reader.ReadUint256());
        }

        return items;
    }

    /// <summary>The contents of a message of entries.</summary>
    public static byte[] WriteAll(IReadOnlyCollection<InventoryItem> items)
    {
        ByteWriter writer = new(9 + (items.Count * Size));
        writer.WriteCompactSize(items.Count);
        foreach (var item in items)
        {
            writer.WriteInt32((int)item.Kind);
            writer.WriteUint256(item.Hash);
        }

        return writer.ToArray();
    }

    /// <summary>As logs have it.</summary>
    public override string ToString() => $"{TypeName} {Hash}";
}
