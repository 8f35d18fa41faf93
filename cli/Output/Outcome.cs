using System.Globalization;
using System.Text.Json;

namespace Dash.Cli.Output;

/// <summary>What a run prints, and its exit code: 0 prints to standard output, everything else to standard error.</summary>
internal readonly record struct Outcome(string Text, int ExitCode)
{
    private const int WalletNotSpecified = -19;

    /// <summary>The result of a call: a text as it is, nothing for null, anything else as JSON.</summary>
    public static Outcome Result(JsonElement result) => new(
        result.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => result.GetString() ?? "",
            _ => JsonPrinter.Print(result),
        },
        0);

    /// <summary>The error of a reply; the exit code is its code without the sign.</summary>
    public static Outcome Error(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object) return Failure(error.GetRawText());
        var text = "";
        var code = 1;
        if (error.TryGetProperty("code", out var codeValue) && codeValue.ValueKind != JsonValueKind.Null)
        {
            text = $"error code: {codeValue}\n";
            if (codeValue.ValueKind == JsonValueKind.Number && codeValue.TryGetInt32(out var number)) code = number;
        }

        if (error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String)
            text += "error message:\n" + message.GetString();
        if (code == WalletNotSpecified) text += "\nTry adding \"-rpcwallet=<filename>\" option to dash-cli command line.";
        return new(text, (int)Math.Abs((long)code));
    }

    /// <summary>Something went wrong on the way.</summary>
    public static Outcome Failure(string reason) => new(string.Create(CultureInfo.InvariantCulture, $"error: {reason}"), 1);
}
