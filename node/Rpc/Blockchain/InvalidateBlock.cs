namespace Dash.Node.Rpc.Blockchain;

internal static class InvalidateBlock
{
    public static readonly NodeMethod Method = BlockVerdict.Method("hidden", "invalidateblock",
        "Treats a block as if it broke a rule: it and all above it leave the active chain, for good or until reconsiderblock.",
        static (validation, block, ct) => validation.InvalidateAsync(block, ct));
}
