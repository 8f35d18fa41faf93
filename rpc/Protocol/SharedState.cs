namespace Dash.Rpc.Protocol;

/// <summary>What the requests of one batch are answered from, if the batch asks for one state. They run one after another.</summary>
public sealed class SharedState : IDisposable
{
    /// <summary>The daemon's look at that state, as soon as the first request needed it; it ends with the batch.</summary>
    public IDisposable? Held { get; set; }

    /// <inheritdoc />
    public void Dispose() => Held?.Dispose();
}
