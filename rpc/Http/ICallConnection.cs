namespace Dash.Rpc.Http;

/// <summary>A connection that wants to know whose it is, as one user shall not keep others from being served.</summary>
internal interface ICallConnection
{
    /// <summary>Whose it is from now on. While a request of it is worked on.</summary>
    public void BelongTo(string user);

    /// <summary>Fires when the client has gone or the daemon stops: the same for all calls of the connection. While a request is worked on.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Whether the client has gone, as far as can be known now: to be asked before what should have no effect then.</summary>
    public bool IsGone();
}
