using System.Diagnostics.CodeAnalysis;

namespace Dash.Rpc.Http;

/// <summary>Lines of those who wait: each line has its turn after the others, however long it is. Not for several threads at a time.</summary>
internal sealed class Turns<T>
{
    private readonly Queue<Line> _next = new(); // the lines in which somebody waits

    /// <summary>Somebody waits from now on, in his line.</summary>
    public void Put(Line line, T item)
    {
        line.Waiting.Enqueue(item);
        if (line.Waiting.Count == 1)
        {
            _next.Enqueue(line);
        }
    }

    /// <summary>The first of the line whose turn it is.</summary>
    /// <returns>False if nobody waits.</returns>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (!_next.TryDequeue(out var line))
        {
            item = default;
            return false;
        }

        item = line.Waiting.Dequeue(); // or the line were not there
        if (line.Waiting.Count > 0)
        {
            _next.Enqueue(line);
        }

        return true;
    }

    /// <summary>A line, in the order in which they came.</summary>
    public sealed class Line
    {
        internal Queue<T> Waiting { get; } = new();
    }
}
