using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Dash.Ipc.Tests.Support;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Transports;

[SupportedOSPlatform("linux")]
public sealed class UnixSocketTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bytes_go_both_ways_and_each_end_sees_the_other_close()
    {
        using var listener = UnixSocketListener.Bind(_folder.File("node.sock"));
        await using var client = await UnixSocketTransport.ConnectAsync(listener.Path, Ct);
        await using var server = await listener.AcceptAsync(Ct);

        await client.Output.WriteAsync("ping"u8.ToArray(), Ct);
        Assert.Equal("ping", await ReadAsync(server, 4));
        await server.Output.WriteAsync("pong"u8.ToArray(), Ct);
        await server.CompleteOutputAsync();
        Assert.Equal("pong", await ReadAsync(client, 4));
        Assert.True((await client.Input.ReadAsync(Ct)).IsCompleted);
        Assert.Equal(Environment.ProcessId, client.Credentials.ProcessId);
        Assert.Equal(Environment.ProcessId, server.Credentials.ProcessId);
    }

    [Fact]
    public void The_socket_is_0600_in_a_0700_folder()
    {
        var path = _folder.File("regtest/node.sock");
        using var listener = UnixSocketListener.Bind(path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Equal(["node.sock"], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).Select(Path.GetFileName));
    }

    [Fact]
    public void The_socket_file_goes_with_its_listener()
    {
        var path = _folder.File("node.sock");
        UnixSocketListener.Bind(path).Dispose();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_socket_that_a_dead_process_left_is_replaced()
    {
        var path = _folder.File("node.sock");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path + "x"));
            File.Move(path + "x", path); // closing unlinks the name it was bound under, so this one stays
        }

        Assert.Equal(LibC.FileKind.Socket, LibC.KindOf(path));
        using var listener = UnixSocketListener.Bind(path);
        await using var client = await UnixSocketTransport.ConnectAsync(path, Ct);
    }

    [Fact]
    public void A_socket_that_somebody_listens_on_is_not_replaced()
    {
        using var first = UnixSocketListener.Bind(_folder.File("node.sock"));
        var refused = Assert.Throws<IOException>(() => UnixSocketListener.Bind(first.Path));
        Assert.Contains("another process is listening", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_socket_is_not_replaced()
    {
        var path = _folder.File("node.sock");
        File.WriteAllText(path, "precious");
        Assert.Throws<IOException>(() => UnixSocketListener.Bind(path));
        Assert.Equal("precious", File.ReadAllText(path));
    }

    [Theory]
    [InlineData(106)]
    [InlineData(107)]
    [InlineData(108)]
    [InlineData(400)]
    public async Task A_path_of_any_length_works(int length)
    {
        var path = _folder.File("");
        while (path.Length + 60 < length)
        {
            path += new string('d', 50) + "/";
        }

        path += new string('s', Math.Max(1, length - path.Length));
        using var listener = UnixSocketListener.Bind(path);
        await using var client = await UnixSocketTransport.ConnectAsync(path, Ct);
        await using var server = await listener.AcceptAsync(Ct);
        await client.Output.WriteAsync("ping"u8.ToArray(), Ct);
        Assert.Equal("ping", await ReadAsync(server, 4));
    }

    [Fact]
    public async Task Connecting_where_nobody_listens_fails_at_once()
    {
        await Assert.ThrowsAsync<SocketException>(() => UnixSocketTransport.ConnectAsync(_folder.File("none.sock"), Ct));
        await Assert.ThrowsAsync<IOException>(() => UnixSocketTransport.ConnectAsync(_folder.File("no/such/none.sock"), Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("2")]
    [InlineData("99999")]
    public void A_bad_descriptor_number_is_named(string text)
    {
        var refused = Assert.Throws<FormatException>(() => InheritedSocketTransport.Open(text));
        Assert.StartsWith($"Invalid -ipcfd number '{text}'", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(Transport transport, int count)
    {
        var read = await transport.Input.ReadAtLeastAsync(count, Ct);
        var text = Encoding.ASCII.GetString(read.Buffer.Slice(0, count));
        transport.Input.AdvanceTo(read.Buffer.GetPosition(count));
        return text;
    }

    [Fact]
    public void A_folder_that_cannot_be_made_or_written_is_named()
    {
        File.WriteAllText(_folder.File("file"), "");
        Assert.Contains("file", Assert.ThrowsAny<IOException>(() => UnixSocketListener.Bind(_folder.File("file/node.sock"))).Message, StringComparison.Ordinal);

        // Root may write anywhere but where nobody can.
        var readOnly = Directory.Exists("/proc/self") ? "/proc/self/node.sock" : "/dev/null/node.sock";
        var failure = Assert.ThrowsAny<Exception>(() => UnixSocketListener.Bind(readOnly));
        Assert.True(failure is IOException or UnauthorizedAccessException, failure.ToString());
    }
}
