using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>What this node relays and keeps, beyond what the rules demand.</summary>
internal sealed record PolicySettings
{
    /// <summary>Whether only standard transactions are taken.</summary>
    public required bool RequireStandard { get; init; }

    /// <summary>Least fee rate.</summary>
    public FeeRate MinRelay { get; init; } = new(1000);

    /// <summary>By how much the floor rises above what was evicted.</summary>
    public FeeRate IncrementalRelay { get; init; } = new(1000);

    /// <summary>The rate at which an output not worth spending is dust.</summary>
    public FeeRate DustRelay { get; init; } = new(3000);

    /// <summary>Whether m-of-n outputs that are not behind a hash are standard.</summary>
    public bool PermitBareMultisig { get; init; } = true;

    /// <summary>Whether OP_RETURN outputs are standard.</summary>
    public bool AcceptDataCarrier { get; init; } = true;

    /// <summary>Bytes of the script of an OP_RETURN output.</summary>
    public int MaxDataCarrierBytes { get; init; } = 83;

    /// <summary>Bytes a signature operation counts for at least.</summary>
    public int BytesPerSigOp { get; init; } = 20;

    /// <summary>Unconfirmed ancestors of a transaction, with itself.</summary>
    public int AncestorCount { get; init; } = 25;

    /// <summary>Bytes of a transaction and its unconfirmed ancestors.</summary>
    public int AncestorSize { get; init; } = 101_000;

    /// <summary>Unconfirmed descendants of a transaction, with itself.</summary>
    public int DescendantCount { get; init; } = 25;

    /// <summary>Bytes of a transaction and its unconfirmed descendants.</summary>
    public int DescendantSize { get; init; } = 101_000;

    /// <summary>Memory all transactions may take, bytes.</summary>
    public long MaxBytes { get; init; } = 300_000_000;

    /// <summary>Seconds a transaction may wait.</summary>
    public long ExpirySeconds { get; init; } = 336 * 60 * 60;

    /// <summary>The settings that decide about a transaction by itself.</summary>
    public StandardRules Standard => new()
    {
        DustRelay = DustRelay,
        PermitBareMultisig = PermitBareMultisig,
        AcceptDataCarrier = AcceptDataCarrier,
        MaxDataCarrierBytes = MaxDataCarrierBytes,
    };

    /// <summary>The defaults of a network.</summary>
    public static PolicySettings For(ChainParams network) => new() { RequireStandard = network.RequireStandard };
}
