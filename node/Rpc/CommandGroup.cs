using System.Text;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc;

/// <summary>The first word of methods whose names have two: help lists them under it, alone it answers nothing.</summary>
internal static class CommandGroup
{
    private static readonly RpcArg<string> Command = Arg.Str("command", "The second word of the name.");

    /// <summary>Makes the method of the first word.</summary>
    /// <param name="category">Section of help.</param>
    /// <param name="name">The first word.</param>
    /// <param name="description">What they have in common.</param>
    /// <param name="commands">The methods, in the order in which help lists them.</param>
    public static NodeMethod Create(string category, string name, string description, params IReadOnlyList<NodeMethod> commands)
    {
        StringBuilder text = new(description);
        text.Append("\nTo get help on one of them, use \"help ").Append(name).Append(" command\".\n\nAvailable commands:\n");
        var width = commands.Max(static command => SecondWord(command).Length) + 1;
        foreach (var command in commands)
        {
            text.Append("  ").Append(SecondWord(command).PadRight(width)).Append("- ").Append(FirstSentence(command)).Append('\n');
        }

        return new NodeMethod(category, name, text.ToString())
        {
            Args = [Command],
            Results = [Result.None()],
            Handler = static (_, _, _) => throw new RpcError(RpcErrorCode.InvalidParameter, "Must be a valid command"),
        };
    }

    private static string SecondWord(NodeMethod method) => method.Name[(method.Name.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    private static string FirstSentence(NodeMethod method) => method.Description.Trim().Split('\n', 2)[0].Split(". ", 2)[0].TrimEnd('.');
}
