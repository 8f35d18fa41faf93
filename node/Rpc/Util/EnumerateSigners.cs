using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

internal static class EnumerateSigners
{
    public static readonly NodeMethod Method = new("signer", "enumeratesigners", "Asks the program of -signer which signing devices are there.")
    {
        Results =
        [
            Result.Obj(
                Result.Arr("signers", "The devices.",
                    Result.Obj("", "A device.",
                        Result.Hex("fingerprint", "Fingerprint of its master key."),
                        Result.Str("name", "Its model.")))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (call.Node.SignerCommand is not { Length: > 0 } command)
        {
            throw new RpcError(RpcErrorCode.Misc, "Error: restart dashd with -signer=<cmd>");
        }

        using var answer = await new ExternalSigner(command).RunAsync("enumerate", ct);
        if (answer.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw Error($"'{command}' received invalid response, expected array of signers");
        }

        HashSet<string> seen = [];
        result.WriteStartObject();
        result.WriteStartArray("signers");
        foreach (var device in answer.RootElement.EnumerateArray())
        {
            var fingerprint = ReadFingerprint(device, command);
            if (!seen.Add(fingerprint))
            {
                break; // Core ends its list at a device it has already
            }

            result.WriteStartObject();
            result.WriteString("fingerprint", fingerprint);
            result.WriteString("name", device.Find("model") is { ValueKind: JsonValueKind.String } model ? model.AsStr() : "");
            result.WriteEndObject();
        }

        result.WriteEndArray();
        result.WriteEndObject();
    }

    private static string ReadFingerprint(JsonElement device, string command)
    {
        if (device.ValueKind != JsonValueKind.Object)
        {
            throw Error($"'{command}' received invalid response, missing signer fingerprint");
        }

        var error = device.Find("error");
        if (!error.IsAbsent())
        {
            throw Error(error.ValueKind == JsonValueKind.String ? $"'{command}' error: {error.AsStr()}" : $"'{command}' error");
        }

        var fingerprint = device.Find("fingerprint");
        return fingerprint.IsAbsent() ? throw Error($"'{command}' received invalid response, missing signer fingerprint") : fingerprint.AsStr();
    }

    private static RpcError Error(string text) => new(RpcErrorCode.Misc, text);
}
