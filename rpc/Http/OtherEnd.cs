using System.Net;

namespace Dash.Rpc.Http;

/// <summary>
/// Whether the client of a connection still holds its end. One that only sends no more (<c>nc -N</c>, <c>socat</c>) and one that is
/// gone say the same over the network; where both ends are on this machine, its kernel knows. Linux only. Any thread.
/// </summary>
internal static class OtherEnd
{
    /// <summary>Asks the kernel.</summary>
    /// <param name="server">The connection's address here.</param>
    /// <param name="client">Its address there.</param>
    /// <returns>False also when nobody knows: the client is on another machine, or in a network of its own.</returns>
    public static bool IsHeld(EndPoint? server, EndPoint? client)
    {
        if (server is not IPEndPoint here || client is not IPEndPoint there)
        {
            return false;
        }

        try
        {
            return HeldSockets.OfMachine.Has(there, here);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it is not for us to see
        }
    }
}
