using System.Net.Sockets;
using System.Security.Cryptography;
using Dash.Common.Concurrency;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Primitives.Encoding;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Proxies;

/// <summary>
/// A session with an I2P router by SAM 3.1: one address of ours, from which peers are reached and, if it has a key file,
/// at which they reach us. Made when first needed, and made anew when the router ends it. Any thread.
/// </summary>
internal sealed class SamSession(ProxyAddress bridge, string? keyPath, Clock clock, TimeSpan connectTimeout, ILogger log) : IAsyncDisposable
{
    /// <summary>The port of all I2P peers: SAM 3.1 knows none.</summary>
    public const ushort Port = 0;

    // The router may have to search its network.
    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromMinutes(3);

    private readonly SemaphoreSlim _gate = new(1); // protects the fields below, also while a session is being made
    private SamLine? _control;
    private string _id = "";
    private NetEndpoint _address = NetEndpoint.None;

    /// <summary>Connects to a peer.</summary>
    /// <returns>The connection and our address; a null stream, and whether the router is to blame.</returns>
    public async Task<(Stream? Stream, NetEndpoint Local, bool IsProxyFault)> ConnectAsync(NetEndpoint target, CancellationToken ct)
    {
        if (target.Port != Port)
        {
            Log.I2pPortRefused(log, target, target.Port);
            return (null, _address, false);
        }

        var isProxyFault = true;
        SamLine? line = null;
        try
        {
            var (id, local) = await OpenAsync(ct).ConfigureAwait(false);
            line = await HelloAsync(ct).ConfigureAwait(false);
            var lookup = $"NAMING LOOKUP NAME={target.Address}";
            var destination = (await AskAsync(line, lookup, lookup, ct).ConfigureAwait(false)).Checked()["VALUE"];
            var request = $"STREAM CONNECT ID={id} DESTINATION={destination} SILENT=false";
            var reply = await AskAsync(line, request, request, ct).ConfigureAwait(false);
            switch (reply["RESULT"])
            {
                case "OK":
                    return (line.Stream, local, false);
                case "INVALID_ID":
                    await CloseAsync(id).ConfigureAwait(false);
                    throw new InvalidDataException("Invalid session id");
                case "CANT_REACH_PEER" or "TIMEOUT":
                    isProxyFault = false;
                    break;
            }

            throw new InvalidDataException($"\"{reply.Line}\"");
        }
        catch (Exception e) when (IsFailure(e, ct))
        {
            Log.I2pConnectFailed(log, target, e.Message);
        }

        if (line is not null)
        {
            await line.DisposeAsync().ConfigureAwait(false);
        }

        await CheckAsync().ConfigureAwait(false);
        return (null, _address, isProxyFault);
    }

    /// <summary>Makes ready to accept one connection.</summary>
    /// <returns>What to give to <see cref="AcceptAsync"/> and our address; null if the router refused.</returns>
    public async Task<(SamLine Line, NetEndpoint Local)?> ListenAsync(CancellationToken ct)
    {
        SamLine? line = null;
        try
        {
            var (id, local) = await OpenAsync(ct).ConfigureAwait(false);
            line = await HelloAsync(ct).ConfigureAwait(false);
            var request = $"STREAM ACCEPT ID={id} SILENT=false";
            var reply = await AskAsync(line, request, request, ct).ConfigureAwait(false);
            if (reply["RESULT"] == "OK")
            {
                return (line, local);
            }

            if (reply["RESULT"] == "INVALID_ID")
            {
                await CloseAsync(id).ConfigureAwait(false);
            }

            throw new InvalidDataException($"\"{reply.Line}\"");
        }
        catch (Exception e) when (IsFailure(e, ct))
        {
            Log.I2pListenFailed(log, e.Message);
        }

        if (line is not null)
        {
            await line.DisposeAsync().ConfigureAwait(false);
        }

        await CheckAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Waits until a peer connects.</summary>
    /// <returns>The connection and the peer's address; null if it came to nothing.</returns>
    public async Task<(Stream Stream, NetEndpoint Peer)?> AcceptAsync(SamLine line, CancellationToken ct)
    {
        var isLost = false;
        try
        {
            var text = await line.ReadAsync(ct).ConfigureAwait(false);
            isLost = text.Contains("RESULT=I2P_ERROR", StringComparison.Ordinal);
            if (isLost)
            {
                throw new InvalidDataException("unexpected reply that hints the session is unusable: " + text);
            }

            return (line.Stream, new NetEndpoint(I2pDestination.AddressOf(I2pDestination.Decode(text)), Port));
        }
        catch (Exception e) when (IsFailure(e, ct))
        {
            Log.I2pAcceptFailed(log, isLost ? " (will close the session)" : "", e.Message);
        }

        await line.DisposeAsync().ConfigureAwait(false);
        await (isLost ? CloseAsync(_id) : CheckAsync()).ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync(_id).ConfigureAwait(false);
        _gate.Dispose();
    }

    private static bool IsFailure(Exception e, CancellationToken ct) =>
        e is IOException or SocketException or InvalidDataException or UnauthorizedAccessException or EncodingException
        || (e is OperationCanceledException && !ct.IsCancellationRequested);

    // A line that has ended can be read: its end.
    private static bool IsAlive(SamLine line) =>
        line.Stream is NetworkStream { Socket: var socket } && !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0);

    private async Task<(string Id, NetEndpoint Local)> OpenAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_control is null || !IsAlive(_control))
            {
                await CreateAsync(ct).ConfigureAwait(false);
            }

            return (_id, _address);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task CreateAsync(CancellationToken ct)
    {
        var kind = keyPath is null ? "transient" : "persistent";
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
        Log.I2pCreating(log, kind, id, bridge);
        var line = await HelloAsync(ct).ConfigureAwait(false);
        try
        {
            byte[] key;
            const string Shown = "SESSION CREATE ...";
            if (keyPath is null)
            {
                var request = $"SESSION CREATE STYLE=STREAM ID={id} DESTINATION=TRANSIENT SIGNATURE_TYPE=7 "
                    + "i2cp.leaseSetEncType=4,0 inbound.quantity=1 outbound.quantity=1";
                key = I2pDestination.Decode((await AskAsync(line, request, Shown, ct).ConfigureAwait(false)).Checked()["DESTINATION"]);
            }
            else
            {
                key = await ReadKeyAsync(line, keyPath, ct).ConfigureAwait(false);
                var request = $"SESSION CREATE STYLE=STREAM ID={id} DESTINATION={I2pDestination.Encode(key)} "
                    + "i2cp.leaseSetEncType=4,0 inbound.quantity=3 outbound.quantity=3";
                (await AskAsync(line, request, Shown, ct).ConfigureAwait(false)).Checked();
            }

            _address = new NetEndpoint(I2pDestination.AddressOf(I2pDestination.Of(key)), Port);
            _id = id;
            _control = line;
            CryptographicOperations.ZeroMemory(key);
        }
        catch
        {
            await line.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        Log.I2pCreated(log, keyPath is null ? "Transient" : "Persistent", id, _address);
    }

    private async Task<byte[]> ReadKeyAsync(SamLine line, string path, CancellationToken ct)
    {
        if (File.Exists(path))
        {
            return await File.ReadAllBytesAsync(path, ct).ConfigureAwait(false);
        }

        // 7 is EdDSA_SHA512_Ed25519; some routers don't know its name.
        const string Request = "DEST GENERATE SIGNATURE_TYPE=7";
        var reply = await AskAsync(line, Request, Request, ct).ConfigureAwait(false);
        var key = I2pDestination.Decode(reply["PRIV"]);
        await using var file = OwnerOnlyFile.Create(path);
        await file.WriteAsync(key, ct).ConfigureAwait(false);
        return key;
    }

    private async Task<SamLine> HelloAsync(CancellationToken ct)
    {
        Stream stream;
        try
        {
            stream = await bridge.ConnectAsync(connectTimeout, clock, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (IsFailure(e, ct))
        {
            throw new IOException($"Cannot connect to {bridge}", e);
        }

        SamLine line = new(stream);
        const string Request = "HELLO VERSION MIN=3.1 MAX=3.1";
        try
        {
            (await AskAsync(line, Request, Request, ct).ConfigureAwait(false)).Checked();
            return line;
        }
        catch
        {
            await line.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<SamReply> AskAsync(SamLine line, string request, string shown, CancellationToken ct)
    {
        using CancellationTokenSource limit = new(ReplyTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        return await line.AskAsync(request, shown, either.Token).ConfigureAwait(false);
    }

    private async Task CheckAsync()
    {
        if (_control is { } control && !IsAlive(control))
        {
            await CloseAsync(_id).ConfigureAwait(false);
        }
    }

    // Ends the session unless another was made meanwhile.
    private async Task CloseAsync(string id)
    {
        await _gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_control is { } control && _id == id)
            {
                Log.I2pDestroying(log, id);
                _control = null;
                await control.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
