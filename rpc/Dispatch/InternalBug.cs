using Dash.Rpc.Protocol;

namespace Dash.Rpc.Dispatch;

/// <summary>The refusal that says: this is our fault, not the caller's.</summary>
internal static class InternalBug
{
    /// <summary>A broken promise of the program, in the words callers know from Dash Core.</summary>
    public static RpcError Detected(string what) =>
        new(RpcErrorCode.Misc, $"Internal bug detected: {what}\nPlease report this issue.");
}
