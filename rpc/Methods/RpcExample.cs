namespace Dash.Rpc.Methods;

/// <summary>One example of a call in help.</summary>
public abstract record RpcExample
{
    /// <summary>What it shows; null if it needs no word.</summary>
    public string? Title { get; init; }

    /// <summary>The lines below the title, each ended by a newline.</summary>
    public abstract string Render(string method);
}

/// <summary>Makes examples. Arguments are as one types them: <c>"\"address\" 0.1"</c>.</summary>
public static class Example
{
    /// <summary>A mainnet address that nobody has the key of.</summary>
    public const string Address = "XunLY9Tf7Zsef8gMGL2fhWA9ZmMjt4KPw0";

    /// <summary>Another one.</summary>
    public const string OtherAddress = "XwQQkwA4FYkq2XERzMY2CiAZhJTEDAbtc0";

    /// <summary>A call with dash-cli.</summary>
    public static RpcExample Cli(string arguments = "") => new CliExample(arguments);

    /// <summary>A call with dash-cli, with a title.</summary>
    public static RpcExample Cli(string title, string arguments) => new CliExample(arguments) { Title = title };

    /// <summary>A call with dash-cli and named arguments; arguments are <c>name=value</c>.</summary>
    public static RpcExample CliNamed(string arguments) => new CliNamedExample(arguments);

    /// <summary>A call over HTTP; arguments are JSON separated by commas.</summary>
    public static RpcExample Rpc(string arguments = "") => new HttpExample(arguments);

    /// <summary>A call over HTTP, with a title.</summary>
    public static RpcExample Rpc(string title, string arguments) => new HttpExample(arguments) { Title = title };

    private sealed record CliExample(string Arguments) : RpcExample
    {
        public override string Render(string method) => $"> dash-cli {method} {Arguments}\n";
    }

    private sealed record CliNamedExample(string Arguments) : RpcExample
    {
        public override string Render(string method) => $"> dash-cli -named {method} {Arguments}\n";
    }

    private sealed record HttpExample(string Arguments) : RpcExample
    {
        public override string Render(string method)
        {
            // Of a name like "protx register" the second word travels as the first parameter.
            var words = method.Split(' ', 2);
            string[] parameters = words.Length == 1 ? [Arguments] : [$"\"{words[1]}\"", Arguments];
            var list = string.Join(", ", parameters.Where(text => text.Length > 0));
            return "> curl --user myusername --data-binary '{\"jsonrpc\": \"1.0\", \"id\": \"curltest\", " +
                $"\"method\": \"{words[0]}\", \"params\": [{list}]}}' -H 'content-type: text/plain;'" +
                " http://127.0.0.1:9998/\n";
        }
    }
}
