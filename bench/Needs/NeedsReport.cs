using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>Prints what was measured beside what was wanted, a line of a table each.</summary>
internal sealed class NeedsReport(TextWriter output)
{
    /// <summary>The first two lines.</summary>
    public void WriteHead()
    {
        output.WriteLine("| what | wanted | measured | |");
        output.WriteLine("|---|---:|---:|---|");
    }

    /// <summary>No more is wanted.</summary>
    public void AtMost(string what, double limit, double value, string unit, string note = "") => Write(what, "≤", limit, value, unit, value <= limit, note);

    /// <summary>No less is wanted.</summary>
    public void AtLeast(string what, double limit, double value, string unit, string note = "") => Write(what, "≥", limit, value, unit, value >= limit, note);

    /// <summary>Nothing is wanted of it.</summary>
    public void Note(string what, double value, string unit, string note = "") => output.WriteLine($"| {what} | | {LoadResult.Short(value)} {unit} | {note} |");

    private void Write(string what, string relation, double limit, double value, string unit, bool isReached, string note)
    {
        var remark = (isReached, note) switch { (true, _) => note, (_, "") => "missed", _ => "missed; " + note };
        output.WriteLine($"| {what} | {relation} {LoadResult.Short(limit)} {unit} | {LoadResult.Short(value)} {unit} | {remark} |");
    }
}
