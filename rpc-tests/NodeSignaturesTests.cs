using System.Text.Json;
using Dash.Node.Rpc;
using Dash.Rpc.Methods;
using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>What dashd's help says of the names and arguments of methods holds for the node's.</summary>
public sealed class NodeSignaturesTests
{
    [Fact]
    public void Names_order_and_kinds_of_arguments_are_dashds()
    {
        var theirs = File.ReadAllLines(SharedData.PathOf("..", "reference", "rpc-signatures.txt"))
            .Where(static line => line.Length > 0)
            .ToHashSet(StringComparer.Ordinal);
        var different = NodeMethods.All
            .Where(static method => method.Category != "hidden" && !method.Name.Contains(' ') && !method.IsAddition)
            .Select(HelpText.Signature)
            .Where(line => !theirs.Contains(line));
        Assert.Empty(different);
    }

    [Fact]
    public void All_names_of_arguments_are_dashds()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("..", "reference", "rpc-arguments.json")));
        var theirs = document.RootElement.EnumerateArray().ToLookup(
            static row => row[0].GetString()!,
            static row => (row[1].GetInt32(), row[2].GetString()!, row[3].GetBoolean()));
        var different =
            from method in NodeMethods.All
            where theirs.Contains(method.Name)
            let ours = method.Args.SelectMany((arg, i) => arg.Names.Split('|').Select(name => (i, name, arg.Kind is ArgKind.Str or ArgKind.Hex)))
            where !ours.ToHashSet().SetEquals(theirs[method.Name])
            select $"{method.Name}: {string.Join(' ', ours.Except(theirs[method.Name]))} | {string.Join(' ', theirs[method.Name].Except(ours))}";
        Assert.Empty(different);
    }
}
