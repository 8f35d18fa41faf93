namespace Dash.Primitives.Keys;

/// <summary>Whether a signed text is good, or what is wrong with it.</summary>
public enum SignedMessageVerdict
{
    /// <summary>It is good.</summary>
    Ok,

    /// <summary>The signature is not base64.</summary>
    MalformedSignature,

    /// <summary>No key could have made the signature.</summary>
    PublicKeyNotRecovered,

    /// <summary>Another key signed, or another text.</summary>
    NotSigned,
}
