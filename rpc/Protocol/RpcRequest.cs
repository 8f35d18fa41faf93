using System.Text.Json;

namespace Dash.Rpc.Protocol;

/// <summary>
/// One request as it came: method, parameters, and who asked where. The elements belong to the document of the call and
/// must not outlive it.
/// </summary>
public sealed class RpcRequest
{
    private RpcRequest(JsonElement body, string uri, string user, JsonElement id, CallOptions options)
    {
        Options = options;
        Body = body;
        Uri = uri;
        User = user;
        Id = id;
    }

    /// <summary>The whole request, whatever it is; forwarded as it stands to another process.</summary>
    public JsonElement Body { get; }

    /// <summary>Path of the request, undecoded: <c>/</c> or <c>/wallet/name</c>.</summary>
    public string Uri { get; }

    /// <summary>The authenticated user; empty inside the process.</summary>
    public string User { get; }

    /// <summary>What the caller says beside method and parameters; complete once <see cref="Check"/> accepted the request.</summary>
    public CallOptions Options { get; private set; }

    /// <summary>What the reply repeats; <c>default</c> (written as null) if there is none.</summary>
    public JsonElement Id { get; }

    /// <summary>Name of the method. Empty until <see cref="Check"/> accepted the request.</summary>
    public string Method { get; private set; } = "";

    /// <summary>An array, an object, or <c>default</c> for none.</summary>
    public JsonElement Params { get; private set; }

    /// <summary>Takes a request whose form is not checked yet, so that also its refusal can carry the id.</summary>
    public static RpcRequest Of(JsonElement body, string uri, string user) => Of(body, uri, user, CallOptions.None);

    /// <summary>The same, with what headers said about the call.</summary>
    public static RpcRequest Of(JsonElement body, string uri, string user, CallOptions options) =>
        new(body, uri, user, body.Find("id"), options);

    /// <summary>Checks the form and takes method and parameters.</summary>
    /// <exception cref="RpcError">Code -32600; -8 for an option without a meaning.</exception>
    public void Check()
    {
        if (Body.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("Invalid Request object");
        }

        var method = Body.Find("method");
        if (method.IsAbsent())
        {
            throw Invalid("Missing method");
        }

        if (method.ValueKind != JsonValueKind.String)
        {
            throw Invalid("Method must be a string");
        }

        Options = Options.With(Body);
        Method = method.AsStr();
        var parameters = Body.Find("params");
        if (parameters.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
        {
            Params = parameters;
        }
        else if (!parameters.IsAbsent())
        {
            throw Invalid("Params must be an array or object");
        }
    }

    /// <summary>The first positional parameter if it is a text: the second word of names like <c>protx register</c>.</summary>
    public string? FirstWord() =>
        Params.ValueKind switch
        {
            JsonValueKind.Array when Params.GetArrayLength() > 0 => Text(Params[0]),

            // The first member of an object counts as well, whatever its name: Core looks at values by position.
            JsonValueKind.Object => Params.EnumerateObject().Select(member => Text(member.Value)).FirstOrDefault(),
            _ => null,
        };

    /// <summary>
    /// Name of the wallet a path asks for, decoded: empty for the wallet without a name, null if the path names none.
    /// </summary>
    public static string? WalletName(string uri)
    {
        const string prefix = "/wallet/";
        return uri.StartsWith(prefix, StringComparison.Ordinal)
            ? System.Uri.UnescapeDataString(uri[prefix.Length..])
            : null;
    }

    private static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static RpcError Invalid(string message) => new(RpcErrorCode.InvalidRequest, message);
}
