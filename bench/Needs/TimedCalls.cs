using System.Diagnostics;
using System.Text.Json;
using Dash.Bench.Daemons;
using Dash.Bench.Wallets;
using Dash.Common.Concurrency;

namespace Dash.Bench.Needs;

/// <summary>Calls to the wallet, one after the other over one kept connection. For one thread.</summary>
internal sealed class TimedCalls(MeasuredDaemon daemon) : IDisposable
{
    private readonly CallSocket _socket = new(daemon.Port, daemon.Credentials);

    /// <summary>The same method with one list of arguments after the other.</summary>
    public Latencies Time(string method, IEnumerable<string> parameters)
    {
        ThreadTurns.AskShort();
        return new(parameters.Select(one => _socket.Prepare(method, one, WalletStage.Wallet)).ToList().Select(call =>
        {
            var start = Stopwatch.GetTimestamp();
            _socket.Call(call);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }));
    }

    /// <summary>One call; its result and how long it took.</summary>
    public (JsonElement Result, double Milliseconds) Call(string method, string parameters)
    {
        var call = _socket.Prepare(method, parameters, WalletStage.Wallet);
        var start = Stopwatch.GetTimestamp();
        var answer = _socket.Call(call);
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        using var reply = JsonDocument.Parse(answer.ToArray());
        return (reply.RootElement.GetProperty("result").Clone(), took);
    }

    public void Dispose() => _socket.Dispose();
}
