using System.Diagnostics;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections;
using Dash.Ipc.Layout;
using Microsoft.Extensions.Logging;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Says each request and response of a connection, for <c>-debug=ipc</c>: who, which object and method, what with, how large, how
/// long. What may be shown of the arguments is <see cref="ArgumentText"/>'s to know. Costs a check while nobody listens.
/// </summary>
internal sealed class IpcTrace(ILogger logger, Connection connection)
{
    // Requests are numbered through the whole process, so that a log of many connections can be followed.
    private static long _requests;

    /// <summary>A call of ours goes out.</summary>
    /// <returns>The time now, for <see cref="Received"/>; 0 while nobody listens.</returns>
    internal long Sent(Capability target, ProxyMethod method, OutgoingCall call)
    {
        if (!logger.IsEnabled(LogLevel.Debug))
        {
            return 0;
        }

        var name = Name(method, null, target);
        var arguments = ArgumentText.Of(call.Content.AsReader(), method.Params);
        var size = call.Message.TotalWords * 8;
        Log.ClientSend(logger, name, arguments, size, connection.Peer);
        return Stopwatch.GetTimestamp();
    }

    internal void Received(Capability target, ProxyMethod method, CallResponse response, long sent)
    {
        if (sent != 0)
        {
            var name = Name(method, null, target);
            var results = ArgumentText.Of(response.Content, method.Results);
            var elapsed = Milliseconds(sent);
            Log.ClientReceive(logger, name, results, response.Size, connection.Peer, elapsed);
        }
    }

    internal void Failed(Capability target, ProxyMethod method, Exception failure, long sent)
    {
        if (sent != 0)
        {
            var name = Name(method, null, target);
            var elapsed = Milliseconds(sent);
            Log.ClientError(logger, name, connection.Peer, elapsed, failure.Message);
        }
    }

    internal Request RequestReceived(Capability target, ProxyMethod? method, CallContext call)
    {
        var number = Interlocked.Increment(ref _requests);
        if (!logger.IsEnabled(LogLevel.Debug))
        {
            return new Request(number, 0);
        }

        var name = Name(method, call, target);
        var arguments = ArgumentText.Of(call.ParamsPointer, method?.Params ?? []);
        Log.ServerReceive(logger, number, name, arguments, call.ParamsSize, connection.Peer);
        return new Request(number, Stopwatch.GetTimestamp());
    }

    internal void ResponseSent(Capability target, ProxyMethod? method, CallContext call, Request request)
    {
        if (request.Received != 0)
        {
            var name = Name(method, call, target);
            var results = ArgumentText.Of(call.ResultsPointer.AsReader(), method?.Results ?? []);
            var elapsed = Milliseconds(request.Received);
            Log.ServerSend(logger, request.Number, name, results, call.ResultsSize, connection.Peer, elapsed);
        }
    }

    internal void ErrorSent(Capability target, ProxyMethod? method, CallContext call, Request request, IpcException failure)
    {
        var name = Name(method, call, target);
        if (call.Cancelled.IsCancellationRequested)
        {
            Log.ServerCanceled(logger, request.Number);
        }
        else if (failure.InnerException is not null and not IpcFormatException && !failure.IsRemote)
        {
            Log.ServerFailed(logger, request.Number, name, failure.Reason, failure.InnerException);
        }
        else
        {
            Log.ServerError(logger, request.Number, name, failure.Reason);
        }
    }

    private CallName Name(ProxyMethod? method, CallContext? call, Capability target) =>
        new(method, call, logger.IsEnabled(LogLevel.Debug) ? connection.NumberOf(target) : null);

    private static double Milliseconds(long since) => Math.Round(Stopwatch.GetElapsedTime(since).TotalMilliseconds, 2);

    /// <summary>A request of the peer.</summary>
    /// <param name="Number">Its number.</param>
    /// <param name="Received">When it came; 0 if nobody listened.</param>
    internal readonly record struct Request(long Number, long Received);
}
