using System.Globalization;
using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Makes lanes of this process for the peer. Answers on the spot, so a lane is there before a call names it.
/// </summary>
internal sealed class ThreadMapCapability(ProxyConnection connection, string processName, int maxThreads) : LocalCapability
{
    private const int MaxNameLength = 64;

    private int _threads;
    private volatile ThreadCapability[]? _pool;

    /// <summary>The pool's lane with least to do; null if the peer made no pool.</summary>
    internal ThreadCapability? LeastBusy => _pool?.MinBy(thread => thread.Lane.Waiting);

    internal override void Deliver(CallContext call)
    {
        try
        {
            Execute(call);
        }
        catch (Exception failure)
        {
            call.Fail(IpcException.Of(failure));
            return;
        }

        call.Complete();
    }

    private void Execute(CallContext call)
    {
        if (call.InterfaceId != ProxySchema.ThreadMapInterface)
        {
            throw IpcException.UnknownInterface("mp/proxy.capnp:ThreadMap", call.InterfaceId);
        }

        switch (call.MethodId)
        {
            case ProxySchema.MakeThread:
                var name = Printable(call.ParamsPointer.GetStruct().GetPointer(0).GetTextBytes().Span);
                Take(1);
                call.ResultsPointer.InitStruct(0, 1).GetPointer(0).SetCapability(NewThread(
                    $"(from {name})", () => Interlocked.Decrement(ref _threads)));
                break;
            case ProxySchema.MakePool:
                MakePool(call.ParamsPointer.GetStruct().GetUInt32(0));
                call.ResultsPointer.InitStruct(0, 0);
                break;
            default:
                throw IpcException.UnknownMethod("mp/proxy.capnp:ThreadMap", call.InterfaceId, call.MethodId);
        }
    }

    private void MakePool(uint count)
    {
        if (_pool is not null)
        {
            throw new IpcException("std::exception: makePool called on connection with existing pool");
        }

        if (count == 0)
        {
            throw new IpcException("std::exception: makePool called with no threads");
        }

        Take(count);
        _pool = [.. Enumerable.Range(0, (int)count).Select(number => NewThread(
            string.Create(CultureInfo.InvariantCulture, $"(pool/{number})"), null))];
    }

    private ThreadCapability NewThread(string suffix, Action? dropped) =>
        new(connection, $"{processName}/ipc {suffix}", overlapping: false, dropped);

    private void Take(long count)
    {
        // Only the connection's reader comes here; lanes are given back from anywhere.
        if (Volatile.Read(ref _threads) + count > maxThreads)
        {
            throw new IpcException(IpcErrorKind.Overloaded, "std::exception: too many threads on this connection");
        }

        Interlocked.Add(ref _threads, (int)count);
    }

    // The name ends up in logs: nothing that a terminal or a line would take for its own.
    private static string Printable(ReadOnlySpan<byte> name)
    {
        var text = new System.Text.StringBuilder();
        foreach (var one in name[..Math.Min(name.Length, MaxNameLength)])
        {
            _ = one is >= 0x20 and < 0x7f and not (byte)'\\'
                ? text.Append((char)one)
                : text.Append(CultureInfo.InvariantCulture, $"\\{one:x2}");
        }

        return text.ToString();
    }

    private protected override Capability? OnUnreferenced()
    {
        foreach (var thread in _pool ?? [])
        {
            thread.Release();
        }

        return null;
    }
}
