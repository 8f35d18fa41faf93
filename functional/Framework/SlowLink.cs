using System.Net;
using System.Net.Sockets;

namespace Dash.Functional.Framework;

/// <summary>A socket that passes everything on to another one, each piece after a random wait: a peer that is slow.</summary>
public sealed class SlowLink : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly EndPoint _target;
    private readonly Random _random;
    private readonly int _longest;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    private SlowLink(EndPoint target, EndPoint here, Random random, int longest)
    {
        _target = target;
        _random = random;
        _longest = longest;
        _listener = SocketFor(here);
        _listener.Bind(here);
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <param name="target">Where to.</param>
    /// <param name="here">Where it listens.</param>
    /// <param name="random">For the waits.</param>
    /// <param name="longest">The longest wait, ms.</param>
    public static SlowLink To(EndPoint target, EndPoint here, Random random, int longest) => new(target, here, random, longest);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private static Socket SocketFor(EndPoint point) => new(
        point.AddressFamily, SocketType.Stream, point is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);

    private async Task AcceptAsync()
    {
        List<Task> pairs = [];
        try
        {
            while (true)
            {
                var from = await _listener.AcceptAsync(_end.Token);
                pairs.Add(PassAsync(from));
            }
        }
        finally
        {
            await Task.WhenAll(pairs);
        }
    }

    private async Task PassAsync(Socket from)
    {
        using (from)
        using (var to = SocketFor(_target))
        {
            try
            {
                await to.ConnectAsync(_target, _end.Token);
                await Task.WhenAny(CopyAsync(from, to), CopyAsync(to, from));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The other end is not there, or the test is over.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
            {
                int wait;
                lock (_random) wait = _random.Next(_longest);
                await Task.Delay(TimeSpan.FromMilliseconds(wait), TimeProvider.System, _end.Token);
                await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the ends has gone.
        }
    }
}
