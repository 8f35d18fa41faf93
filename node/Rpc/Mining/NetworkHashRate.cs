using Dash.Node.Chain;

namespace Dash.Node.Rpc.Mining;

/// <summary>How many hashes a second the network seems to try.</summary>
internal static class NetworkHashRate
{
    /// <summary>Blocks looked at when nobody says how many.</summary>
    public const int DefaultBlocks = 120;

    /// <summary>Work of the last blocks over the time between them.</summary>
    /// <param name="view">The chain.</param>
    /// <param name="blocks">How many blocks; 0 or less: since the last change of difficulty.</param>
    /// <param name="height">Up to which height; negative or beyond the tip: the tip.</param>
    /// <param name="interval">Blocks from change to change.</param>
    public static double Of(ChainView view, int blocks, int height, int interval)
    {
        var last = height >= 0 && height < view.Height ? view.At(height)! : view.Tip; // a height below the tip's has a block
        if (last.Height == 0)
        {
            return 0;
        }

        var count = Math.Min(blocks <= 0 ? (last.Height % interval) + 1 : blocks, last.Height);
        var first = last;
        long earliest = last.Header.Time;
        var latest = earliest;
        for (var i = 0; i < count; i++)
        {
            first = first.Previous!; // there are at least count blocks below
            earliest = Math.Min(earliest, first.Header.Time);
            latest = Math.Max(latest, first.Header.Time);
        }

        return earliest == latest ? 0 : (double)(last.ChainWork - first.ChainWork) / (latest - earliest);
    }
}
