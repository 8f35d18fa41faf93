using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Dash.Node.Net.Wire;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Bip324;

/// <summary>
/// Version 2 of the transport: everything on the wire looks random. A peer that connects may turn out to speak version 1.
/// <code>
/// both:  64 bytes key | garbage | 16 bytes terminator | decoys and one version packet | packets, one a message
/// we connected:   Key ──────────────────► Garbage ─► Version ─► Messages
/// peer connected: KeyOrV1 ─┬─► Key ─► …
///                          └─► V1
/// </code>
/// </summary>
internal sealed class V2Transport : IPeerTransport
{
    /// <summary>The most bytes of garbage before the terminator.</summary>
    public const int MaxGarbage = 4095;

    private const int NameSize = 12;
    private const int MagicSize = 4;

    // The identifier in its long form and the contents.
    private const int MaxContents = 1 + NameSize + NetLimits.MaxMessage;

    private readonly Lock _gate = new(); // what the reader finds out and the writer needs: _cipher, _own, _v1, _peerVersion
    private readonly long _peer;
    private readonly ILogger _log;
    private readonly bool _isInitiator;
    private readonly ReadOnlyMemory<byte> _magic;
    private readonly byte[] _key;
    private readonly ArrayBufferWriter<byte> _own = new();
    private PrivateKey? _secret;
    private byte[] _garbage;
    private SessionCipher? _cipher;
    private V1Transport? _v1;
    private int _peerVersion;
    private bool _hasSentV1Header;
    private volatile bool _hasReceived;

    // Only the reader writes these.
    private volatile State _state;
    private byte[] _associated = [];
    private int _length = -1;

    /// <summary>A transport with a key and garbage of its own.</summary>
    /// <param name="isInitiator">Whether we connected to the peer.</param>
    /// <param name="magic">The network's four bytes.</param>
    /// <param name="peer">The peer's number, for logs.</param>
    /// <param name="log">Where it is told.</param>
    public V2Transport(bool isInitiator, ReadOnlyMemory<byte> magic, long peer, ILogger log)
    {
        _peer = peer;
        _log = log;
        _isInitiator = isInitiator;
        _magic = magic;
        _secret = PrivateKey.Generate();
        _key = EllSwift.Create(_secret, RandomNumberGenerator.GetBytes(32));
        _garbage = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(MaxGarbage + 1));
        _state = isInitiator ? State.Key : State.KeyOrV1;
        if (isInitiator)
        {
            SayHello();
        }
    }

    private enum State
    {
        KeyOrV1,
        Key,
        Garbage,
        Version,
        Messages,
        V1,
    }

    /// <inheritdoc/>
    public TransportProtocol Protocol => _state switch
    {
        State.V1 => TransportProtocol.V1,
        State.Messages => TransportProtocol.V2,
        _ => TransportProtocol.Detecting,
    };

    /// <inheritdoc/>
    public string SessionId => _state == State.Messages && _cipher is { } cipher ? Hex.Encode(cipher.SessionId) : "";

    // A peer of version 1 closes without a word once it has seen enough for a header.
    /// <inheritdoc/>
    public bool ShouldRetryWithV1 => _isInitiator && !_hasReceived && Volatile.Read(ref _hasSentV1Header);

    /// <inheritdoc/>
    public TransportStatus Read(ref ReadOnlySequence<byte> input, out ReceivedMessage message, out string? fault)
    {
        message = default;
        fault = null;
        _hasReceived |= !input.IsEmpty;
        while (true)
        {
            switch (_state)
            {
                case State.V1:
                    return _v1!.Read(ref input, out message, out fault); // set with the state
                case State.KeyOrV1 when !Detect(input):
                    return TransportStatus.Incomplete;
                case State.KeyOrV1:
                    break;
                case State.Key:
                    fault = RefusalOf(input);
                    if (fault is not null)
                    {
                        return TransportStatus.Failed;
                    }

                    if (input.Length < EllSwift.Size)
                    {
                        return TransportStatus.Incomplete;
                    }

                    TakeKey(input.Slice(0, EllSwift.Size).ToArray());
                    input = input.Slice(EllSwift.Size);
                    break;
                case State.Garbage:
                    if (!TakeGarbage(ref input, out fault))
                    {
                        return fault is null ? TransportStatus.Incomplete : TransportStatus.Failed;
                    }

                    break;
                default:
                    var status = TakePacket(ref input, out message, out fault);
                    if (status is { } done)
                    {
                        return done;
                    }

                    break;
            }
        }
    }

    /// <inheritdoc/>
    public bool TryWrite(string type, ReadOnlyMemory<byte> payload, IBufferWriter<byte> output)
    {
        SessionCipher? cipher;
        int version;
        lock (_gate)
        {
            if (_v1 is not null)
            {
                return _v1.TryWrite(type, payload, output);
            }

            // What the transport has to say itself goes first.
            if (_cipher is null || _own.WrittenCount > 0)
            {
                return false;
            }

            (cipher, version) = (_cipher, _peerVersion);
        }

        byte[] contents;
        if (ShortIds.Of(type, version) is { } id)
        {
            contents = [id, .. payload.Span];
        }
        else
        {
            contents = new byte[1 + NameSize + payload.Length];
            System.Text.Encoding.ASCII.GetBytes(type, contents.AsSpan(1, NameSize));
            payload.Span.CopyTo(contents.AsSpan(1 + NameSize));
        }

        var packet = output.GetSpan(contents.Length + SessionCipher.Expansion)[..(contents.Length + SessionCipher.Expansion)];
        cipher.Encrypt(contents, [], isDecoy: false, packet);
        output.Advance(packet.Length);
        return true;
    }

    /// <inheritdoc/>
    public bool HasOwn
    {
        get
        {
            lock (_gate)
            {
                return _own.WrittenCount > 0;
            }
        }
    }

    /// <inheritdoc/>
    public void WriteOwn(IBufferWriter<byte> output)
    {
        lock (_gate)
        {
            if (_own.WrittenCount > 0)
            {
                if (_cipher is null)
                {
                    Log.HandshakeStarted(_log, _peer);
                }

                output.Write(_own.WrittenSpan);
                _hasSentV1Header |= _own.WrittenCount >= V1Transport.HeaderSize;
                _own.ResetWrittenCount();
            }
        }
    }

    private static string? NameOf(ref ReadOnlyMemory<byte> contents)
    {
        if (contents.IsEmpty)
        {
            return null;
        }

        var id = contents.Span[0];
        contents = contents[1..];
        if (id != 0)
        {
            return ShortIds.Find(id);
        }

        if (contents.Length < NameSize)
        {
            return null;
        }

        var name = contents.Span[..NameSize];
        contents = contents[NameSize..];
        var end = name.IndexOf((byte)0);
        end = end < 0 ? NameSize : end;
        return name[..end].ContainsAnyExceptInRange((byte)' ', (byte)0x7f) || name[end..].ContainsAnyExcept((byte)0)
            ? null
            : System.Text.Encoding.ASCII.GetString(name[..end]);
    }

    private void SayHello()
    {
        _own.Write(_key);
        _own.Write(_garbage);
    }

    // The first 16 bytes of version 1 are known; the first that differs tells version 2.
    private bool Detect(in ReadOnlySequence<byte> input)
    {
        Span<byte> prefix = stackalloc byte[MagicSize + NameSize];
        prefix.Clear();
        _magic.Span.CopyTo(prefix);
        "version"u8.CopyTo(prefix[MagicSize..]);
        Span<byte> start = stackalloc byte[(int)Math.Min(prefix.Length, input.Length)];
        input.Slice(0, start.Length).CopyTo(start);
        lock (_gate)
        {
            if (!prefix.StartsWith(start))
            {
                SayHello();
                _state = State.Key;
                return true;
            }

            if (start.Length < prefix.Length)
            {
                return false;
            }

            _v1 = new V1Transport(_magic);
            ForgetSecrets();
            _state = State.V1;
            return true;
        }
    }

    // Somebody of another network, who would never see what we answer.
    private string? RefusalOf(in ReadOnlySequence<byte> input)
    {
        if (_isInitiator || input.Length < MagicSize + NameSize)
        {
            return null;
        }

        Span<byte> start = stackalloc byte[MagicSize + NameSize];
        input.Slice(0, start.Length).CopyTo(start);
        return start[MagicSize..].SequenceEqual("version\0\0\0\0\0"u8)
            ? $"V2 transport error: V1 peer with wrong MessageStart {Hex.Encode(start[..MagicSize])}"
            : null;
    }

    private void TakeKey(byte[] theirs)
    {
        SessionCipher cipher = new(_secret!, _key, theirs, _isInitiator, _magic.Span); // kept until now
        lock (_gate)
        {
            _own.Write(cipher.SendTerminator);
            var packet = _own.GetSpan(SessionCipher.Expansion)[..SessionCipher.Expansion];
            cipher.Encrypt([], _garbage, isDecoy: false, packet); // the version packet, which says nothing yet
            _own.Advance(packet.Length);
            _cipher = cipher;
            ForgetSecrets();
            _state = State.Garbage;
        }
    }

    private void ForgetSecrets()
    {
        _garbage = [];
        _secret?.Dispose();
        _secret = null;
    }

    // Everything up to the terminator; the first packet proves it.
    private bool TakeGarbage(ref ReadOnlySequence<byte> input, out string? fault)
    {
        fault = null;
        var most = (int)Math.Min(input.Length, MaxGarbage + SessionCipher.TerminatorSize);
        var seen = input.Slice(0, most).ToArray();
        var at = seen.AsSpan().IndexOf(_cipher!.ReceiveTerminator); // set with the state
        if (at >= 0)
        {
            _associated = seen[..at];
            input = input.Slice(at + SessionCipher.TerminatorSize);
            _state = State.Version;
            return true;
        }

        fault = most == MaxGarbage + SessionCipher.TerminatorSize ? "V2 transport error: missing garbage terminator" : null;
        return false;
    }

    // Null: go on with what follows.
    private TransportStatus? TakePacket(ref ReadOnlySequence<byte> input, out ReceivedMessage message, out string? fault)
    {
        message = default;
        fault = null;
        var cipher = _cipher!; // set before this state
        if (_length < 0)
        {
            if (input.Length < SessionCipher.LengthSize)
            {
                return TransportStatus.Incomplete;
            }

            Span<byte> hidden = stackalloc byte[SessionCipher.LengthSize];
            input.Slice(0, SessionCipher.LengthSize).CopyTo(hidden);
            input = input.Slice(SessionCipher.LengthSize);
            _length = cipher.DecryptLength(hidden);
            if (_length > MaxContents)
            {
                fault = $"V2 transport error: packet too large ({_length} bytes)";
                return TransportStatus.Failed;
            }
        }

        var size = _length + SessionCipher.Expansion - SessionCipher.LengthSize;
        if (input.Length < size)
        {
            return TransportStatus.Incomplete;
        }

        var room = ArrayPool<byte>.Shared.Rent(size);
        var packet = room.AsSpan(0, size);
        input.Slice(0, size).CopyTo(packet);
        input = input.Slice(size);
        var isGood = cipher.TryDecrypt(packet, _associated, out var isDecoy, out var contents);
        ArrayPool<byte>.Shared.Return(room);
        if (!isGood)
        {
            fault = $"V2 transport error: packet decryption failure ({_length} bytes)";
            return TransportStatus.Failed;
        }

        var wireSize = _length + SessionCipher.Expansion;
        _associated = [];
        _length = -1;
        if (isDecoy)
        {
            return null;
        }

        if (_state == State.Version)
        {
            _state = State.Messages;
            return null;
        }

        var rest = contents;
        if (NameOf(ref rest) is not { } name)
        {
            fault = $"V2 transport error: invalid message type ({contents.Length} bytes contents)";
            message = new ReceivedMessage(MessageTypes.Other, default, wireSize);
            return TransportStatus.Rejected;
        }

        if (name == MessageTypes.Version && rest.Length >= sizeof(int))
        {
            lock (_gate)
            {
                _peerVersion = BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
            }
        }

        message = new ReceivedMessage(name, rest, wireSize);
        return TransportStatus.Message;
    }
}
