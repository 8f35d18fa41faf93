using System.Net.Sockets;
using System.Text;
using Dash.Cli.Settings;
using Dash.Common.Options;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Interfaces.Answers;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;

namespace Dash.Cli.Connection;

/// <summary>The server of a run over its socket: a dash-node or dash-wallet that listens with -ipcbind.</summary>
internal sealed class IpcCaller : IDisposable
{
    private readonly List<IpcAddress> _addresses = [];
    private readonly IpcEndpoints _endpoints;
    private readonly IpcOptions _ipc;
    private readonly TimeSpan _timeout;

    public IpcCaller(Options options)
    {
        var directory = options.NetworkDirectory;
        var seconds = options[CliOptions.ClientTimeout];
        _timeout = seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue / 1000)) : Timeout.InfiniteTimeSpan;
        _endpoints = new IpcEndpoints(directory, options[CliOptions.IpcCert], options[CliOptions.IpcTrust], TimeProvider.System);
        try
        {
            foreach (var text in options[CliOptions.IpcConnect]) _addresses.Add(_endpoints.Remote(text, IpcAddress.NodeSocket));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            _endpoints.Dispose();
            throw new CliException("Invalid -ipcconnect address: " + e.Message);
        }

        _ipc = new IpcOptions { Identity = _endpoints.Identity };
    }

    /// <summary>Sends a request to the first address where somebody listens; once it was sent, no other is tried.</summary>
    /// <param name="request">The body, as over HTTP.</param>
    /// <param name="path">The path, as over HTTP.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The reply's body.</returns>
    public async Task<ReadOnlyMemory<byte>> ExecuteAsync(string request, string path, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(_timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            await using var session = await ConnectAsync(either.Token).ConfigureAwait(false);
            await using var rpc = await session.Init.MakeRpcAsync(either.Token).ConfigureAwait(false);
            return await ExecuteAsync(rpc, request, path, either.Token).ConfigureAwait(false);
        }
        catch (IpcException e) when (e.Kind == IpcErrorKind.Disconnected)
        {
            throw new ConnectionFailedException("The server has gone: " + e.Reason);
        }
        catch (IpcException e)
        {
            throw new CliException(e.Reason);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ConnectionFailedException($"No answer within {_timeout.TotalSeconds} s");
        }
    }

    public void Dispose() => _endpoints.Dispose();

    private static async Task<ReadOnlyMemory<byte>> ExecuteAsync(IRpc rpc, string request, string path, CancellationToken ct)
    {
        try
        {
            var (_, length, piece, rest) = await rpc.BeginAsync(Encoding.UTF8.GetBytes(request), path, "", AnswerPieces.First, ct).ConfigureAwait(false);
            return rest is null ? piece : await ReadAsync(piece, rest, length, ct).ConfigureAwait(false);
        }
        catch (IpcException e) when (e.Kind == IpcErrorKind.Unimplemented)
        {
            // A process of a version before there were pieces; it has done nothing.
            return Encoding.UTF8.GetBytes(await rpc.ExecuteRpcAsync(request, path, "", ct).ConfigureAwait(false));
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(ReadOnlyMemory<byte> beginning, IRpcAnswer rest, ulong length, CancellationToken ct)
    {
        await using AnswerPieces pieces = new(rest, checked((long)length) - beginning.Length, TimeProvider.System);
        if (length > (ulong)Array.MaxLength) throw new CliException($"The answer is too long to be shown: {length} bytes");
        var whole = new byte[length];
        beginning.CopyTo(whole);
        for (var at = beginning.Length; pieces.Left > 0;)
        {
            var piece = await pieces.ReadAsync(ct).ConfigureAwait(false);
            piece.CopyTo(whole.AsMemory(at));
            at += piece.Length;
        }

        return whole;
    }

    private async Task<IpcSession<IInit>> ConnectAsync(CancellationToken ct)
    {
        List<string> refusals = [];
        foreach (var address in _addresses)
        {
            try
            {
                return await IpcConnector.ConnectAsync<IInit>(
                    address, static (target, connection) => new InitClient(target, connection), _ipc, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or IpcException)
            {
                // What the runtime calls a name without a file.
                var reason = e is SocketException { SocketErrorCode: SocketError.AddressNotAvailable } ? "no such socket" : e.Message;
                refusals.Add($"Could not connect to the server {address} ({reason})");
            }
        }

        throw new ConnectionFailedException(
            string.Join("\n", refusals) + "\n\nMake sure that the server is running with -ipcbind and that the address is right.");
    }
}
