using System.Diagnostics;
using Dash.Ipc.Capabilities;
using Microsoft.Extensions.Logging;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Says each request and response of a connection, for <c>-debug=ipc</c>: which method, how large, how long. Never what is in
/// it, since that may be a passphrase. Costs a check while nobody listens.
/// </summary>
internal sealed class IpcTrace(ILogger logger)
{
    // Requests are numbered through the whole process, so that a log of many connections can be followed.
    private static long _requests;

    /// <summary>A call of ours goes out.</summary>
    /// <returns>The time now, for <see cref="Received"/>; 0 while nobody listens.</returns>
    internal long Sent(ProxyMethod method, int size)
    {
        if (!logger.IsEnabled(LogLevel.Debug))
        {
            return 0;
        }

        var name = new CallName(method, null);
        Log.ClientSend(logger, name, size);
        return Stopwatch.GetTimestamp();
    }

    internal void Received(ProxyMethod method, int size, long sent)
    {
        if (sent != 0)
        {
            var name = new CallName(method, null);
            var elapsed = Milliseconds(sent);
            Log.ClientReceive(logger, name, size, elapsed);
        }
    }

    internal void Failed(ProxyMethod method, Exception failure, long sent)
    {
        if (sent != 0)
        {
            var name = new CallName(method, null);
            var elapsed = Milliseconds(sent);
            Log.ClientError(logger, name, elapsed, failure.Message);
        }
    }

    internal Request RequestReceived(ProxyMethod? method, CallContext call)
    {
        var number = Interlocked.Increment(ref _requests);
        if (!logger.IsEnabled(LogLevel.Debug))
        {
            return new Request(number, 0);
        }

        var name = new CallName(method, call);
        Log.ServerReceive(logger, number, name, call.ParamsSize);
        return new Request(number, Stopwatch.GetTimestamp());
    }

    internal void ResponseSent(ProxyMethod? method, CallContext call, Request request)
    {
        if (request.Received != 0)
        {
            var name = new CallName(method, call);
            var elapsed = Milliseconds(request.Received);
            Log.ServerSend(logger, request.Number, name, call.ResultsSize, elapsed);
        }
    }

    internal void ErrorSent(ProxyMethod? method, CallContext call, Request request, IpcException failure)
    {
        var name = new CallName(method, call);
        if (call.Cancelled.IsCancellationRequested)
        {
            Log.ServerCanceled(logger, request.Number);
        }
        else if (failure.InnerException is not null and not Layout.IpcFormatException && !failure.IsRemote)
        {
            Log.ServerFailed(logger, request.Number, name, failure.Reason, failure.InnerException);
        }
        else
        {
            Log.ServerError(logger, request.Number, name, failure.Reason);
        }
    }

    private static double Milliseconds(long since) => Math.Round(Stopwatch.GetElapsedTime(since).TotalMilliseconds, 2);

    /// <summary>A request of the peer.</summary>
    /// <param name="Number">Its number.</param>
    /// <param name="Received">When it came; 0 if nobody listened.</param>
    internal readonly record struct Request(long Number, long Received);
}
