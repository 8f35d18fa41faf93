using System.Globalization;
using System.Net;

namespace Dash.Rpc.Http;

/// <summary>
/// Whether the client of a connection still holds its end. One that only sends no more (<c>nc -N</c>, <c>socat</c>) and one that is
/// gone say the same over the network; where both ends are on this machine, its kernel knows. Linux only. Any thread.
/// </summary>
internal static class OtherEnd
{
    private const string Sockets = "/proc/self/net/tcp";
    private const string Sockets6 = "/proc/self/net/tcp6";

    // Columns of a line: number, own address, other address, state, …, inode. A socket that nobody holds has inode 0.
    private const int Own = 1;
    private const int Other = 2;
    private const int Inode = 9;

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
            // The table is no snapshot: what changes while it is read may hide a line.
            return IsListed(there, here) || IsListed(there, here);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it is not for us to see
        }
    }

    private static bool IsListed(IPEndPoint own, IPEndPoint other)
    {
        if (!IsV4(own.Address))
        {
            return IsListed(Sockets6, Text(own, isMapped: false), Text(other, isMapped: false));
        }

        return IsListed(Sockets, Text(own, isMapped: false), Text(other, isMapped: false))
            || IsListed(Sockets6, Text(own, isMapped: true), Text(other, isMapped: true));
    }

    private static bool IsListed(string path, string own, string other)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        foreach (var line in File.ReadLines(path))
        {
            if (!line.Contains(own, StringComparison.Ordinal))
            {
                continue;
            }

            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > Inode && columns[Own] == own && columns[Other] == other)
            {
                return columns[Inode] != "0";
            }
        }

        return false;
    }

    private static bool IsV4(IPAddress address) => address.GetAddressBytes().Length == sizeof(uint) || address.IsIPv4MappedToIPv6;

    // As the kernel prints them: words of the address in the machine's order.
    private static string Text(IPEndPoint point, bool isMapped)
    {
        var address = isMapped ? point.Address.MapToIPv6() : IsV4(point.Address) ? point.Address.MapToIPv4() : point.Address;
        var bytes = address.GetAddressBytes();
        var text = "";
        for (var i = 0; i < bytes.Length; i += sizeof(uint))
        {
            text += BitConverter.ToUInt32(bytes, i).ToString("X8", CultureInfo.InvariantCulture);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{text}:{point.Port:X4}");
    }
}
