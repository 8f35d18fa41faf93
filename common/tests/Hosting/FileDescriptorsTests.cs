using System.Net;
using System.Net.Sockets;
using Dash.Common.Hosting;

namespace Dash.Common.Tests.Hosting;

public class FileDescriptorsTests
{
    [Fact]
    public void The_limit_is_what_the_system_allows_the_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        _ = FileDescriptors.Limit; // raises it
        var line = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var values = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(values[1], values[0]);
        Assert.Equal(values[0] == "unlimited" ? int.MaxValue : int.Parse(values[0], null), FileDescriptors.Limit);
        FileDescriptors.Require();
    }

    [Theory]
    [InlineData(335, false)]
    [InlineData(336, true)]
    [InlineData(399, true)]
    public void The_last_are_kept_from_connections(int descriptor, bool areKept)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "numbers are handles elsewhere");
        Assert.Equal(areKept, FileDescriptors.IsAmongLast(descriptor, limit: 400));
    }

    [Fact]
    public void A_connection_of_a_process_with_enough_is_none_of_the_last()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.False(FileDescriptors.AreScarceFor(socket));
    }
}
