using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Support;

/// <summary>The other end spoken by hand, frame by frame: a peer that may say anything.</summary>
internal sealed class WirePeer : IAsyncDisposable
{
    private readonly Transport _transport;

    private WirePeer(Transport transport) => _transport = transport;

    /// <summary>What it speaks to.</summary>
    internal ProxyConnection Connection { get; private set; } = null!; // set before anybody sees it

    internal Tester Tester { get; } = new();

    internal LogLines Log { get; } = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static WirePeer OfServer(Func<IpcOptions, IpcOptions>? options = null)
    {
        var (ours, theirs) = MemoryTransport.CreatePair();
        return Of(ours, theirs, options);
    }

    /// <summary>The same over a unix socket.</summary>
    internal static async Task<WirePeer> OfServerAsync(string socket, Func<IpcOptions, IpcOptions>? options = null)
    {
        using var listener = UnixSocketListener.Bind(socket);
        var ours = await UnixSocketTransport.ConnectAsync(listener.Path, Ct);
        return Of(ours, await listener.AcceptAsync(Ct), options);
    }

    private static WirePeer Of(Transport ours, Transport theirs, Func<IpcOptions, IpcOptions>? options)
    {
        var peer = new WirePeer(ours);
        peer.Connection = ProxyConnection.Open(
            theirs, connection => new TesterServer(peer.Tester, connection), (options ?? (same => same))(new IpcOptions
            {
                Logger = peer.Log,
                Limits = Dash.Ipc.Connections.IpcLimits.Default with { CloseTimeout = TimeSpan.FromMilliseconds(100) }, // it need not hang up
            }));
        return peer;
    }

    /// <summary>Says a message whose body <paramref name="build"/> makes.</summary>
    internal Task SayAsync(Action<Message.Builder> build)
    {
        using var message = new MessageBuilder();
        build(message.InitRoot<Message.Builder>());
        return SayAsync(message.ToFrame());
    }

    internal async Task SayAsync(byte[] bytes) => await _transport.Output.WriteAsync(bytes, Ct);

    internal Task SayHexAsync(string hex) => SayAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    /// <summary>Says no more, but listens on.</summary>
    internal async Task HangUpAsync() => await _transport.CompleteOutputAsync();

    /// <summary>The next message, or null at the end.</summary>
    internal async Task<Message.Reader?> HearAsync() => (await HearMessageAsync())?.GetRoot<Message.Reader>();

    internal async Task<MessageReader?> HearMessageAsync()
    {
        while (true)
        {
            var read = await _transport.Input.ReadAsync(Ct).AsTask().InTime();
            var buffer = read.Buffer;
            if (StreamFraming.TryRead(ref buffer, MessageLimits.Default, out var message))
            {
                _transport.Input.AdvanceTo(buffer.Start);
                return message;
            }

            _transport.Input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    /// <summary>Hears until an abort and gives its text; nothing may follow it.</summary>
    internal async Task<string> HearAbortAsync()
    {
        while (true)
        {
            var heard = await HearAsync();
            Assert.NotNull(heard);
            if (heard.Value.Which == Message.Which.Abort)
            {
                Assert.Null(await HearAsync());
                await Connection.Completion.InTime();
                return heard.Value.Abort.Reason;
            }
        }
    }

    /// <summary>Asks for the first object and forgets the answer.</summary>
    internal async Task BootstrapAsync()
    {
        await SayAsync(message => message.InitBootstrap().QuestionId = 1000);
        var answer = (await HearAsync())!.Value.Return;
        Assert.Equal(1000u, answer.AnswerId);
        Assert.Equal(0u, answer.Results.CapTable[0].SenderHosted);
        await SayAsync(message =>
        {
            var finish = message.InitFinish();
            finish.QuestionId = 1000;
            finish.ReleaseResultCaps = false;
        });
    }

    /// <summary>An object of this end's as the other end has it.</summary>
    internal async Task<Capability> ImportAsync(uint id)
    {
        var asking = Connection.Protocol.Bootstrap();
        var question = (await HearAsync())!.Value.Bootstrap.QuestionId;
        await SayAsync(message =>
        {
            var answer = message.InitReturn();
            answer.AnswerId = question;
            var results = answer.InitResults();
            results.Content.SetCapability(new Place());
            var descriptor = results.InitCapTable(1)[0];
            descriptor.SenderHosted = id;
        });
        using var response = await asking.Response.InTime();
        return ((Capability)response.Content.GetCapability()!).Resolution.AddReference(); // it was named just now
    }

    /// <summary>The number of the next call, finishes and questions whether we live passed over.</summary>
    internal async Task<uint> HearCallAsync()
    {
        while (true)
        {
            var heard = await HearAsync();
            Assert.NotNull(heard);
            if (heard.Value.Which == Message.Which.Call)
            {
                return heard.Value.Call.QuestionId;
            }
        }
    }

    /// <summary>Says a call of a method without a context to export 0.</summary>
    internal Task CallAsync(uint questionId, ushort method = 7, Action<Call.Builder>? more = null) => SayAsync(message =>
    {
        var call = message.InitCall();
        call.QuestionId = questionId;
        call.InterfaceId = TesterMethods.Interface;
        call.MethodId = method;
        call.InitTarget().ImportedCap = 0;
        call.InitParams().Content.InitStruct(0, 0);
        more?.Invoke(call);
    });

    /// <summary>The connection still serves.</summary>
    internal async Task LivesAsync()
    {
        await CallAsync(4242);
        while (true)
        {
            var heard = await HearAsync();
            Assert.NotNull(heard);
            if (heard.Value.Which == Message.Which.Return && heard.Value.Return.AnswerId == 4242)
            {
                Assert.Equal(Return.Which.Results, heard.Value.Return.Which);
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        await Connection.DisposeAsync();
    }

    private sealed class Place : CapabilityHandle;
}
