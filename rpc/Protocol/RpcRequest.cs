using System.Text.Json;

namespace Dash.Rpc.Protocol;

/// <summary>
/// One request as it came: method, parameters, and who asked where. The elements belong to the document of the call and
/// must not outlive it.
/// </summary>
public sealed class RpcRequest
{
    private readonly JsonElement _method;
    private readonly JsonElement _parameters;
    private readonly CallMembers _members;
    private bool _isChecked;

    private RpcRequest(JsonElement body, string uri, string user, CallOptions options)
    {
        Options = options;
        Body = body;
        Uri = uri;
        User = user;
        if (body.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        // Of members with one name the first counts, as in Core.
        foreach (var member in body.EnumerateObject())
        {
            var value = member.Value;
            if (Id.ValueKind == JsonValueKind.Undefined && member.NameEquals("id"u8))
            {
                Id = value;
            }
            else if (_method.ValueKind == JsonValueKind.Undefined && member.NameEquals("method"u8))
            {
                _method = value;
            }
            else if (_parameters.ValueKind == JsonValueKind.Undefined && member.NameEquals("params"u8))
            {
                _parameters = value;
            }
            else
            {
                _members.Take(member);
            }
        }
    }

    /// <summary>The whole request, whatever it is; forwarded as it stands to another process.</summary>
    public JsonElement Body { get; }

    /// <summary>Path of the request, undecoded: <c>/</c> or <c>/wallet/name</c>.</summary>
    public string Uri { get; }

    /// <summary>The authenticated user; empty inside the process.</summary>
    public string User { get; }

    /// <summary>What the caller says beside method and parameters; complete once <see cref="Check"/> accepted the request.</summary>
    public CallOptions Options { get; private set; }

    /// <summary>What the caller opens the secrets with for this call alone; null if it gave none.</summary>
    /// <exception cref="RpcError">Code -8: it is no text.</exception>
    public string? Passphrase => _members.Passphrase switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
        _ => throw new RpcError(RpcErrorCode.InvalidParameter, "passphrase must be a string"),
    };

    /// <summary>What the requests of its batch share, if they share anything.</summary>
    public SharedState? Shared { get; internal set; }

    /// <summary>What the reply reflects, once that is known; asked for only where the caller wants to know.</summary>
    public IReplyState? State { get; set; }

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
        new(body, uri, user, options);

    /// <summary>Checks the form and takes method and parameters.</summary>
    /// <exception cref="RpcError">Code -32600; -8 for an option without a meaning.</exception>
    public void Check()
    {
        if (_isChecked)
        {
            return;
        }

        if (Body.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("Invalid Request object");
        }

        if (_method.IsAbsent())
        {
            throw Invalid("Missing method");
        }

        if (_method.ValueKind != JsonValueKind.String)
        {
            throw Invalid("Method must be a string");
        }

        Options = Options.With(_members);
        Method = _method.AsStr();
        if (_parameters.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
        {
            Params = _parameters;
        }
        else if (!_parameters.IsAbsent())
        {
            throw Invalid("Params must be an array or object");
        }

        _isChecked = true;
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
