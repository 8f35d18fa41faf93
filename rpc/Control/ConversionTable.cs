using System.Text.Json;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Control;

/// <summary>
/// Every argument of every method: <c>[method, position, name, isText]</c>, by the method's name. Sub-commands are left
/// out, as in Core. Clients are made from this table, and those talk to dashd as well: methods that only we have are left out,
/// and of dashd's methods that nobody serves here the arguments that are not texts are there.
/// </summary>
internal static class ConversionTable
{
    public static async Task WriteAsync(RpcTable table, RpcCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        using var remote = table.Remote is { } methods
            ? await RemoteCall.ResultAsync(methods, "help", ["dump_all_command_conversions"], call, ct)
            : null;
        List<(string Method, int Position, string Name, bool IsText)> rows = [];
        foreach (var command in table.Local.Where(command => !command.Method.IsAddition && table.FindRemote(command.Method.Name) is null))
        {
            rows.AddRange(Rows(command.Method));
        }

        if (remote is not null)
        {
            foreach (var row in remote.RootElement.Find("result").AsArray().EnumerateArray())
            {
                if (table.FindRemote(row[0].AsStr()) is not null)
                {
                    rows.Add((row[0].AsStr(), row[1].AsInt(), row[2].AsStr(), row[3].AsBool()));
                }
            }
        }

        rows.AddRange(ConversionFacts.Rows
            .Where(row => !row.Method.Contains(' ') && table.FindLocal(row.Method) is null && table.FindRemote(row.Method) is null)
            .Select(row => (row.Method, row.Position, row.Name, false)));

        result.WriteStartArray();
        foreach (var (method, position, name, isText) in rows.OrderBy(row => row.Method, StringComparer.Ordinal))
        {
            result.WriteStartArray();
            result.WriteStringValue(method);
            result.WriteNumberValue(position);
            result.WriteStringValue(name);
            result.WriteBooleanValue(isText);
            result.WriteEndArray();
        }

        result.WriteEndArray();
    }

    private static IEnumerable<(string Method, int Position, string Name, bool IsText)> Rows(RpcMethod method)
    {
        if (method.Name.Contains(' '))
        {
            yield break;
        }

        for (var i = 0; i < method.Args.Count; i++)
        {
            foreach (var name in method.Args[i].Names.Split('|'))
            {
                yield return (method.Name, i, name, method.Args[i].Kind is ArgKind.Str or ArgKind.Hex);
            }
        }
    }
}
