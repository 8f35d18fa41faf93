using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dash.Rpc.Http;

/// <summary>
/// The connections that a process of this machine holds, as the kernel lists them. The list has all connections of the machine, so all
/// who ask share what was read of it. Any thread.
/// </summary>
/// <param name="read">Lines of the lists.</param>
/// <param name="time">How old is what was read.</param>
internal sealed class HeldSockets(Func<IEnumerable<string>> read, TimeProvider time)
{
    // Columns of a line: number, own address, other address, state, …, inode. A socket that nobody holds has inode 0.
    private const int Own = 1;
    private const int Other = 2;
    private const int Inode = 9;

    // Who held a connection then is taken to hold it still.
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new(); // protects the rest, and is kept while the lists are read: who waits wants the same
    private readonly HashSet<(string Own, string Other)> _held = [];
    private bool _isRead;
    private long _readAt;

    /// <summary>Those of this machine, or of the network namespace of the process.</summary>
    public static HeldSockets OfMachine { get; } = new(
        static () => new[] { "/proc/self/net/tcp", "/proc/self/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines), TimeProvider.System);

    /// <summary>Is there a socket with these addresses that somebody holds?</summary>
    /// <exception cref="IOException">The lists cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They are not for us to see.</exception>
    public bool Has(IPEndPoint own, IPEndPoint other)
    {
        var asked = time.GetTimestamp();
        List<(string, string)> names = [(Text(own, isMapped: false), Text(other, isMapped: false))];
        if (IsV4(own.Address))
        {
            names.Add((Text(own, isMapped: true), Text(other, isMapped: true)));
        }

        lock (_gate)
        {
            if (_isRead && time.GetElapsedTime(_readAt, asked) < Lasting && names.Exists(_held.Contains))
            {
                return true;
            }

            // The list is no snapshot: what changes while it is read may hide a line.
            return IsThereAfter(asked, names) || IsThereAfter(time.GetTimestamp(), names);
        }
    }

    private bool IsThereAfter(long moment, List<(string Own, string Other)> names)
    {
        if (!_isRead || _readAt < moment)
        {
            Read();
        }

        return names.Exists(_held.Contains);
    }

    private void Read()
    {
        _held.Clear();
        (_isRead, _readAt) = (false, time.GetTimestamp());
        foreach (var line in read())
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > Inode && columns[Inode] != "0")
            {
                _held.Add((columns[Own], columns[Other]));
            }
        }

        _isRead = true;
    }

    private static bool IsV4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;

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
