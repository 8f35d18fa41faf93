namespace Dash.Node.Rpc.Blockchain;

internal static class PreciousBlock
{
    public static readonly NodeMethod Method = BlockVerdict.Method("blockchain", "preciousblock",
        "Treats a block as if it had come before all others of the same work. A later call may take that back; a restart forgets it.",
        static (validation, block, ct) => validation.PreferAsync(block, ct));
}
