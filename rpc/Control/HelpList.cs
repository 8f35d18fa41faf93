using System.Text;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Control;

/// <summary>
/// All methods by category, one line each:
/// <code>
/// == Control ==
/// help ( "command" "subcommand" )
/// stop
///
/// == Wallet ==
/// getbalance ...
/// </code>
/// </summary>
internal static class HelpList
{
    private const string Hidden = "hidden";

    public static async Task<string> MakeAsync(RpcTable table, RpcCall call, CancellationToken ct)
    {
        List<Line> lines = [];
        foreach (var command in table.Local)
        {
            var (category, name) = (command.Method.Category, command.Method.Name);
            if (category != Hidden && !name.Contains(' ') && table.FindRemote(name) is null)
            {
                lines.Add(new Line(category, name, HelpText.Signature(command.Method)));
            }
        }

        if (table.Remote is { } remote)
        {
            lines.AddRange(await RemoteLinesAsync(table, remote, call, ct));
        }

        return Format(lines);
    }

    /// <summary>The other process's lines. Its control methods are ours too, and only those it registered count.</summary>
    private static async Task<List<Line>> RemoteLinesAsync(
        RpcTable table, IRemoteMethods remote, RpcCall call, CancellationToken ct)
    {
        using var reply = await RemoteCall.ResultAsync(remote, "help", [], call, ct);
        List<Line> lines = [];
        foreach (var text in reply.RootElement.Find("result").AsStr().Split('\n'))
        {
            var name = text.Split(' ', 2)[0];
            if (table.FindRemote(name) is { } command)
            {
                lines.Add(new Line(command.Category, name, text));
            }
        }

        return lines;
    }

    private static string Format(List<Line> lines)
    {
        StringBuilder text = new();
        var category = "";
        foreach (var line in lines.OrderBy(line => line.Category + line.Name, StringComparer.Ordinal))
        {
            if (line.Category != category)
            {
                category = line.Category;
                text.Append(text.Length == 0 ? "" : "\n")
                    .Append("== ").Append(char.ToUpperInvariant(category[0])).Append(category.AsSpan(1)).Append(" ==\n");
            }

            text.Append(line.Text).Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    private sealed record Line(string Category, string Name, string Text);
}
