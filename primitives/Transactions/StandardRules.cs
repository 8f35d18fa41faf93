using Dash.Primitives.Units;

namespace Dash.Primitives.Transactions;

/// <summary>What a node's owner may decide about which transactions are standard.</summary>
public sealed record StandardRules
{
    /// <summary>What nodes do unless told otherwise.</summary>
    public static readonly StandardRules Default = new();

    /// <summary>The rate at which an output not worth spending is dust.</summary>
    public FeeRate DustRelay { get; init; } = new(3000);

    /// <summary>Whether m-of-n outputs that are not behind a hash are standard.</summary>
    public bool PermitBareMultisig { get; init; } = true;

    /// <summary>Whether OP_RETURN outputs are standard.</summary>
    public bool AcceptDataCarrier { get; init; } = true;

    /// <summary>Bytes the script of an OP_RETURN output may have.</summary>
    public int MaxDataCarrierBytes { get; init; } = 83;
}
