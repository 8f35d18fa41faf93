namespace Dash.Node.Storage;

/// <summary>How large block and undo files get and in what steps they grow.</summary>
/// <param name="MaxFile">Bytes from which a new block file is begun.</param>
/// <param name="BlockChunk">Bytes that are taken from the disk at once for blocks.</param>
/// <param name="UndoChunk">Bytes that are taken from the disk at once for undo data.</param>
internal sealed record BlockFileLimits(uint MaxFile, uint BlockChunk, uint UndoChunk)
{
    /// <summary>128 MiB, in steps of 16 MiB and 1 MiB.</summary>
    public static BlockFileLimits Normal { get; } = new(0x8000000, 0x1000000, 0x100000);

    /// <summary>Small steps, so that test directories stay small (<c>-tinyblk</c>).</summary>
    public static BlockFileLimits Tiny { get; } = Normal with { BlockChunk = 0x10000 };

    /// <summary>Files of 64 kiB, to test pruning (<c>-fastprune</c>).</summary>
    public static BlockFileLimits FastPrune { get; } = Normal with { MaxFile = 0x10000, BlockChunk = 0x4000 };
}
