using System.Globalization;
using System.Text;

namespace Dash.Common.Hosting;

/// <summary>Numbers about a running program in the text form that Prometheus reads. One scrape's; not for two threads.</summary>
public sealed class MetricsText
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a family: what follows are its samples.</summary>
    /// <param name="name">Lower case with underscores.</param>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    /// <param name="help">What it means, in one line.</param>
    public void Family(string name, string type, string help) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    /// <summary>One sample.</summary>
    public void Sample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            var separator = '{';
            foreach (var (label, text) in labels)
            {
                _text.Append(separator).Append(label).Append("=\"").Append(Escape(text)).Append('"');
                separator = ',';
            }

            _text.Append('}');
        }

        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>A gauge without labels.</summary>
    public void Gauge(string name, string help, double value)
    {
        Family(name, "gauge", help);
        Sample(name, value);
    }

    /// <summary>A counter without labels.</summary>
    public void Counter(string name, string help, double value)
    {
        Family(name, "counter", help);
        Sample(name, value);
    }

    /// <summary>What is known of the process itself: memory, processor time, threads, collections.</summary>
    public void Process()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        Gauge("process_resident_memory_bytes", "Memory in use.", process.WorkingSet64);
        Counter("process_cpu_seconds_total", "Processor time used.", process.TotalProcessorTime.TotalSeconds);
        Gauge("process_threads", "Threads.", process.Threads.Count);
        Gauge("dotnet_gc_heap_bytes", "Managed memory in use.", GC.GetTotalMemory(forceFullCollection: false));
        Family("dotnet_gc_collections_total", "counter", "Collections of a generation and the younger ones.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            Sample("dotnet_gc_collections_total", GC.CollectionCount(generation), ("generation", generation.ToString(CultureInfo.InvariantCulture)));
        }

        Counter("dotnet_gc_allocated_bytes_total", "Managed memory given out.", GC.GetTotalAllocatedBytes());
        Counter("dotnet_gc_pause_seconds_total", "Time in which collections stopped everything.", GC.GetTotalPauseDuration().TotalSeconds);
    }

    /// <summary>All of it.</summary>
    public override string ToString() => _text.ToString();

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
