using System.Diagnostics;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Transports;

/// <summary>Processes of another user, which only root can start: elsewhere these are skipped.</summary>
public sealed class OtherUserTests : IDisposable
{
    private const string Nobody = "65534";

    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

    private readonly string _folder = Directory.CreateTempSubdirectory("ipc-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Another_user_cannot_open_the_socket()
    {
        var path = Path.Combine(_folder, "node.sock");
        using var listener = UnixSocketListener.Bind(path);
        Assert.Contains("Permission denied", await AsNobodyAsync(Connect, path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_user_who_opens_the_socket_all_the_same_is_refused_by_its_user_id()
    {
        var path = Path.Combine(_folder, "node.sock");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        LogLines log = new();
        IpcServer server = new(
            UnixSocketListener.Bind(path), own => new TesterServer(new Tester(), own), Patient.Options with { Logger = log });
        var running = server.RunAsync(stop.Token);
        OpenToAll(path);

        Assert.Equal("connected, then closed", await AsNobodyAsync(Connect, path));
        await Eventually.Holds("the line", () => log.Lines.Any(line => line.Contains("runs as uid 65534, expected uid 0", StringComparison.Ordinal))
            ? null
            : string.Join('\n', log.Lines));
        Assert.Empty(server.Connections);
        await stop.CancelAsync();
        await running.InTime();
    }

    [Fact]
    public async Task Another_users_socket_is_not_spoken_to()
    {
        var path = Path.Combine(_folder, "node.sock");
        OpenToAll(null);
        using var process = StartAsNobody(Listen, path);
        Assert.Equal("listening", await process.StandardOutput.ReadLineAsync(Ct));
        var refused = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => IpcConnector.ConnectAsync<ITester>(
            path, static (cap, connection) => new TesterClient(cap, connection), Patient.Options, Ct));
        Assert.Contains("runs as uid 65534, expected uid 0", refused.Message, StringComparison.Ordinal);
        process.Kill();
        await process.WaitForExitAsync(Ct);
    }

    // Perl is part of every Debian.
    private const string Connect =
        """
        use IO::Socket::UNIX;
        my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or do { print "$!"; exit };
        print "connected, then ", (sysread($s, my $byte, 1) ? "heard" : "closed");
        """;

    private const string Listen =
        """
        use IO::Socket::UNIX;
        $| = 1;
        my $l = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or die "$!";
        print "listening\n";
        $l->accept; sleep 60;
        """;

    private void OpenToAll(string? socket)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // nobody comes here
        }

        File.SetUnixFileMode(_folder, Everybody);
        if (socket is not null)
        {
            File.SetUnixFileMode(socket, Everybody);
        }
    }

    private static async Task<string> AsNobodyAsync(string script, string path)
    {
        using var process = StartAsNobody(script, path);
        var said = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return said;
    }

    private static Process StartAsNobody(string script, string path)
    {
        Assert.SkipUnless(LibC.GetEffectiveUserId() == 0, "Only root can become another user.");
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv") && File.Exists("/usr/bin/perl"), "setpriv and perl are not installed.");
        return Process.Start(new ProcessStartInfo(
            "/usr/bin/setpriv", ["--reuid=" + Nobody, "--regid=" + Nobody, "--clear-groups", "/usr/bin/perl", "-e", script, path])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        }) ?? throw new InvalidOperationException("setpriv did not start");
    }
}
