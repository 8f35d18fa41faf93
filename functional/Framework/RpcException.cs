namespace Dash.Functional.Framework;

/// <summary>An error object that a daemon answered: its code and message.</summary>
public sealed class RpcException(string method, int code, string message) : Exception($"{method}: {message} ({code})")
{
    public int Code { get; } = code;

    public string RpcMessage { get; } = message;
}
