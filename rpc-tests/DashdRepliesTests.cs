using System.Text.Json;
using Dash.Rpc.Protocol;
using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>
/// Our node on dashd's own data directory answers what dashd answered, to the byte, key order and digits included.
/// </summary>
public sealed class DashdRepliesTests
{
    private const long DashdsTime = 1700068400;

    // Members that tell of a program's insides or of the disk, not of the chain.
    private static readonly string[] OfTheProgram = ["size_on_disk", "disk_size", "usage", "warnings", "timemillis"];

    // Calls about what a node without peers cannot say.
    private static readonly string[] NotCompared = ["getnetworkinfo"];

    [Fact]
    public async Task A_node_on_dashds_data_directory_answers_as_dashd_did()
    {
        using var expected = JsonDocument.Parse(await File.ReadAllBytesAsync(
            SharedData.PathOf("dashd-regtest", "expected-node.json"), TestContext.Current.CancellationToken));
        var directory = Directory.CreateTempSubdirectory("dash-replies-").FullName;
        try
        {
            SharedData.UnpackDashdDirectory(directory);
            await using var node = await NodeFixture.OpenAsync(Path.Combine(directory, "regtest"), DashdsTime);
            List<string> different = [];
            var compared = 0;
            foreach (var call in expected.RootElement.EnumerateArray())
            {
                if (!IsCompared(call, node)) continue;
                compared++;
                var request = $$"""{"method":{{call.GetProperty("method").GetRawText()}},"params":{{call.GetProperty("params").GetRawText()}},"id":0}""";
                using var ours = JsonDocument.Parse(await node.AskAsync(request));
                var (theirText, ourText) = (Text(call.GetProperty("reply")), Text(ours.RootElement));
                if (theirText != ourText) different.Add($"{request}\n  dashd: {Around(theirText, ourText)}\n  ours:  {Around(ourText, theirText)}");
            }

            Assert.True(different.Count == 0, string.Join("\n\n", different));
            Assert.True(compared >= 38, $"only {compared} calls were compared");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static bool IsCompared(JsonElement call, NodeFixture node)
    {
        var method = call.GetProperty("method").GetString()!;
        var parameters = call.GetProperty("params");
        if (node.Dispatcher.Table.FindLocal(method) is null || NotCompared.Contains(method)) return false;
        return method switch
        {
            // No MuHash, and no index to find a confirmed transaction by its id.
            "gettxoutsetinfo" => parameters.GetArrayLength() == 0 || parameters[0].GetString() != "muhash",
            "getrawtransaction" => call.GetProperty("reply").GetProperty("error").ValueKind != JsonValueKind.Null
                || !call.GetProperty("reply").GetRawText().Contains("confirmations", StringComparison.Ordinal)
                    && node.Mempool.View.Graph.Contains(new(Primitives.Hashing.Uint256.Parse(parameters[0].GetString()!))),
            _ => true,
        };
    }

    private static string Text(JsonElement value)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions)) Write(writer, value);
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().Where(member => !OfTheProgram.Contains(member.Name)))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteElement(value);
                break;
        }
    }

    // The part of a long text where it begins to differ.
    private static string Around(string text, string other)
    {
        var same = text.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        var start = Math.Max(0, same - 80);
        return (start > 0 ? "…" : "") + text[start..Math.Min(text.Length, same + 160)];
    }
}
