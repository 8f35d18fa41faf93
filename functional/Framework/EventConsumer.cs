using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Dash.Functional.Framework;

/// <summary>
/// Follows a wallet's events in one of the ways there are, is killed now and then and comes back where it was. What it has looked at is its
/// acknowledged place; what came after that when it was killed comes again. It fails at the first gap or event out of order.
/// </summary>
public abstract class EventConsumer : IAsyncDisposable
{
    private readonly Lock _gate = new(); // protects what is below
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<ulong, long> _added = [];
    private readonly List<(long From, long To)> _absences = [];
    private readonly Random _random;
    private CancellationTokenSource _life = new();
    private Task _following = Task.CompletedTask;
    private long _last = -1;

    private EventConsumer(int seed) => _random = new Random(seed);

    /// <summary>The last event that it has taken.</summary>
    public long Taken
    {
        get
        {
            lock (_gate) return _last;
        }
    }

    /// <summary>How often it was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Events that came once more after a kill.</summary>
    public int Again { get; private set; }

    /// <summary>Why it failed; null while all is well.</summary>
    public string? Violation { get; private set; }

    /// <summary>SHA-256 of the events, each as it was when it came first.</summary>
    public string Digest
    {
        get
        {
            lock (_gate) return Convert.ToHexStringLower(_digest.GetCurrentHash());
        }
    }

    /// <summary>For how long it is away at most after a kill.</summary>
    protected virtual TimeSpan LongestAbsence => TimeSpan.Zero;

    /// <summary>When a payment's first event came, and whether the consumer was there all the time since it was asked for; null if none came.</summary>
    public (long Ticks, bool WasThere)? Heard(string txid, long asked)
    {
        lock (_gate)
        {
            return _added.TryGetValue(NumberOf(txid), out var came) ? (came, !_absences.Exists(away => away.From < came && away.To > asked)) : null;
        }
    }

    /// <summary>An event as it counts for <see cref="Digest"/>.</summary>
    public static void Append(IncrementalHash digest, string text) => digest.AppendData(Encoding.UTF8.GetBytes(text + "\n"));

    /// <summary>Breaks off whatever it does, and begins again where it was.</summary>
    public async Task KillAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        await EndAsync();
        Kills++;
        await PauseAsync(LongestAbsence);
        lock (_gate) _absences.Add((begun, TimeProvider.System.GetTimestamp()));
        _life = new CancellationTokenSource();
        _following = FollowAsync(_life.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _digest.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins after this event.</summary>
    protected void Begin(long since)
    {
        lock (_gate) _last = since;
        _following = FollowAsync(_life.Token);
    }

    /// <summary>Takes events until it is killed.</summary>
    protected abstract Task FollowAsync(CancellationToken ct);

    private async Task EndAsync()
    {
        await _life.CancelAsync();
        await _following;
        _life.Dispose();
    }

    /// <summary>Waits for a random time.</summary>
    protected Task PauseAsync(TimeSpan longest) => Task.Delay(longest * _random.NextDouble(), TimeProvider.System, CancellationToken.None);

    /// <summary>An event has come. One that comes again is the next one's forerunner or an event of before a kill.</summary>
    /// <param name="text">The event's object as it came.</param>
    /// <param name="mayRepeat">It may be one that was taken before.</param>
    protected void Take(string text, bool mayRepeat)
    {
        using var json = JsonDocument.Parse(text);
        var sequence = json.RootElement.GetProperty("seq").GetInt64();
        lock (_gate)
        {
            if (sequence == _last + 1)
            {
                _last = sequence;
                Append(_digest, text);
                if (json.RootElement.GetProperty("type").ValueEquals("added"u8))
                {
                    _added[NumberOf(json.RootElement.GetProperty("txid").GetString()!)] = TimeProvider.System.GetTimestamp();
                }
            }
            else if (sequence == _last && mayRepeat)
            {
                Again++;
            }
            else
            {
                Violation ??= string.Create(CultureInfo.InvariantCulture, $"after event {_last} came {sequence}");
            }
        }
    }

    // Enough of it to tell a million apart.
    private static ulong NumberOf(string txid) => ulong.Parse(txid.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Server-sent events or a WebSocket: the consumer's own place says where it goes on.</summary>
    public sealed class Stream : EventConsumer
    {
        private readonly TestWallet _wallet;
        private readonly string _name;
        private readonly bool _isSocket;

        private Stream(TestWallet wallet, string name, long since, bool isSocket, int seed)
            : base(seed)
        {
            (_wallet, _name, _isSocket) = (wallet, name, isSocket);
            Begin(since);
        }

        public static EventConsumer Of(TestWallet wallet, string name, long since, bool isSocket, int seed) => new Stream(wallet, name, since, isSocket, seed);

        // Until it is killed; a wallet that is away for a moment is asked again.
        protected override async Task FollowAsync(CancellationToken ct)
        {
            while (!ct.IsCancellationRequested)
            {
                try
                {
                    if (_isSocket)
                    {
                        await FollowSocketAsync(ct);
                    }
                    else
                    {
                        await FollowStreamAsync(ct);
                    }
                }
                catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException or WebSocketException)
                {
                    // Killed, or the wallet is not there.
                }

                await PauseAsync(TimeSpan.FromMilliseconds(10));
            }
        }

        private async Task FollowStreamAsync(CancellationToken ct)
        {
            using var reply = await _wallet.Rpc.Wallet(_name).GetAsync($"/events?since={Taken}", ct);
            reply.EnsureSuccessStatusCode();
            using StreamReader reader = new(await reply.Content.ReadAsStreamAsync(ct));
            while (await reader.ReadLineAsync(ct) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal)) Take(line[6..], mayRepeat: false);
            }
        }

        private async Task FollowSocketAsync(CancellationToken ct)
        {
            using ClientWebSocket socket = new();
            socket.Options.SetRequestHeader("Authorization", "Basic " + Convert.ToBase64String(await File.ReadAllBytesAsync(_wallet.CookieFile, ct)));
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_wallet.Port}/wallet/{_name}/events?since={Taken}"), ct);
            var buffer = new byte[4096];
            while (true)
            {
                var message = await socket.ReceiveAsync(buffer.AsMemory(), ct);
                if (message.MessageType == WebSocketMessageType.Close) return;
                Assert.True(message.EndOfMessage);
                using var json = JsonDocument.Parse(buffer.AsMemory(0, message.Count));
                Take(json.RootElement.GetProperty("data").GetRawText(), mayRepeat: false);
            }
        }
    }

    /// <summary>A receiver of what the wallet posts: the wallet's file says where it goes on.</summary>
    public sealed class Webhook : EventConsumer
    {
        private static readonly byte[] Thanks = "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray();

        private readonly string _name;
        private readonly int _port;
        private bool _isFirst = true;

        private Webhook(string name, int port, int seed)
            : base(seed)
        {
            (_name, _port) = (name, port);
            Begin(0);
        }

        /// <summary>Of a wallet that is made only after this.</summary>
        public static Webhook At(string name, int port, int seed) => new(name, port, seed);

        protected override TimeSpan LongestAbsence => TimeSpan.FromMilliseconds(60);

        protected override async Task FollowAsync(CancellationToken ct)
        {
            using TcpListener listener = new(IPAddress.Loopback, _port);
            listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            listener.Start();
            List<Task> connections = [];
            _isFirst = true;
            try
            {
                while (true) connections.Add(AnswerAsync(await listener.AcceptTcpClientAsync(ct), ct));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                listener.Stop();
            }

            await Task.WhenAll(connections);
        }

        // Both wallets of the daemon post, each one event at a time.
        private async Task AnswerAsync(TcpClient client, CancellationToken ct)
        {
            using var owned = client;
            try
            {
                using StreamReader reader = new(client.GetStream(), Encoding.Latin1);
                while (await reader.ReadLineAsync(ct) is not null)
                {
                    var length = 0;
                    while (await reader.ReadLineAsync(ct) is { Length: > 0 } line)
                    {
                        if (line.StartsWith("Content-Length: ", StringComparison.Ordinal)) length = int.Parse(line.AsSpan(16), CultureInfo.InvariantCulture);
                    }

                    var body = new char[length];
                    if (await reader.ReadBlockAsync(body, ct) < length) return;
                    using var json = JsonDocument.Parse(body);
                    if (json.RootElement.GetProperty("wallet").GetString() == _name)
                    {
                        // What was taken just before the kill, the wallet has not heard of.
                        Take(json.RootElement.GetProperty("event").GetRawText(), _isFirst);
                        _isFirst = false;
                    }

                    await client.GetStream().WriteAsync(Thanks, ct);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                client.Client.Close(0);
            }
        }
    }
}
