using Dash.Primitives.Blocks;

namespace Dash.Primitives.Tests.Networks;

/// <summary>Headers in a row, each knowing the one before.</summary>
internal sealed class HeaderLink(BlockHeader header, HeaderLink? previous, int height) : IHeaderNode<HeaderLink>
{
    public BlockHeader Header { get; } = header;

    public int Height { get; } = height;

    public HeaderLink? Previous { get; } = previous;

    public long MedianTimePast
    {
        get
        {
            var times = new List<uint>();
            for (var node = this; node is not null && times.Count < 11; node = node.Previous)
            {
                times.Add(node.Header.Time);
            }

            times.Sort();
            return times[times.Count / 2];
        }
    }

    public static HeaderLink First(BlockHeader header, int height = 0) => new(header, null, height);

    public HeaderLink? Ancestor(int height)
    {
        if (height > Height || height < 0)
        {
            return null;
        }

        var node = this;
        while (node is not null && node.Height > height)
        {
            node = node.Previous;
        }

        return node;
    }

    public HeaderLink Next(BlockHeader header) => new(header, this, Height + 1);

    /// <summary>A child so many seconds later.</summary>
    public HeaderLink Mine(uint bits, uint seconds, int version = 0x20000000) =>
        Next(new BlockHeader(version, default, default, Header.Time + seconds, bits, 0));
}
