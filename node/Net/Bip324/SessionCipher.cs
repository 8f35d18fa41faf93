using System.Security.Cryptography;
using Dash.Primitives.Keys;

namespace Dash.Node.Net.Bip324;

/// <summary>
/// Both directions of an encrypted connection once the keys are exchanged.
/// <code>packet = 3 bytes length of contents (hidden) | header, contents (encrypted) | 16 bytes tag</code>
/// </summary>
internal sealed class SessionCipher : IDisposable
{
    /// <summary>Bytes of a hidden length.</summary>
    public const int LengthSize = 3;

    /// <summary>Bytes of what ends the garbage after a key.</summary>
    public const int TerminatorSize = 16;

    /// <summary>Bytes of a packet without its contents.</summary>
    public const int Expansion = LengthSize + HeaderSize + PacketCipher.TagSize;

    private const int HeaderSize = 1;
    private const byte DecoyFlag = 0x80;

    private readonly LengthCipher _sendLength;
    private readonly LengthCipher _receiveLength;
    private readonly PacketCipher _send;
    private readonly PacketCipher _receive;

    /// <summary>Derives everything from the exchanged keys.</summary>
    /// <param name="key">The own key; not kept.</param>
    /// <param name="ours">Its public form as the other end was told.</param>
    /// <param name="theirs">The other end's.</param>
    /// <param name="isInitiator">Whether this end opened the connection.</param>
    /// <param name="magic">The network's four bytes.</param>
    /// <param name="decryptsOwn">Swaps the directions, so that a test can read what it wrote.</param>
    public SessionCipher(
        PrivateKey key, ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs, bool isInitiator, ReadOnlySpan<byte> magic, bool decryptsOwn = false)
    {
        var shared = EllSwift.Share(key, ours, theirs, isInitiator);
        var pseudoRandom = HKDF.Extract(HashAlgorithmName.SHA256, shared, [.. "bitcoin_v2_shared_secret"u8, .. magic]);
        CryptographicOperations.ZeroMemory(shared);
        byte[] Expand(ReadOnlySpan<byte> what) => HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandom, 32, what.ToArray());
        var initiatorLength = Expand("initiator_L"u8);
        var initiatorPacket = Expand("initiator_P"u8);
        var responderLength = Expand("responder_L"u8);
        var responderPacket = Expand("responder_P"u8);
        var terminators = Expand("garbage_terminators"u8);
        SessionId = Expand("session_id"u8);
        var sendsAsInitiator = isInitiator != decryptsOwn;
        _sendLength = new LengthCipher(sendsAsInitiator ? initiatorLength : responderLength);
        _send = new PacketCipher(sendsAsInitiator ? initiatorPacket : responderPacket);
        _receiveLength = new LengthCipher(sendsAsInitiator ? responderLength : initiatorLength);
        _receive = new PacketCipher(sendsAsInitiator ? responderPacket : initiatorPacket);
        var first = terminators[..TerminatorSize];
        var second = terminators[TerminatorSize..];
        (SendTerminator, ReceiveTerminator) = isInitiator ? (first, second) : (second, first);
        foreach (var secret in (byte[][])[pseudoRandom, initiatorLength, initiatorPacket, responderLength, responderPacket])
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Names the session at both ends; no secret.</summary>
    public byte[] SessionId { get; }

    /// <summary>What ends the garbage this end sends.</summary>
    public byte[] SendTerminator { get; }

    /// <summary>What ends the garbage the other end sends.</summary>
    public byte[] ReceiveTerminator { get; }

    /// <summary>Encrypts the next packet.</summary>
    /// <param name="contents">The contents, less than 16 MiB.</param>
    /// <param name="associated">What the tag also proves; not sent.</param>
    /// <param name="isDecoy">Whether the other end is to ignore it.</param>
    /// <param name="packet">Room for the contents and <see cref="Expansion"/> bytes.</param>
    public void Encrypt(ReadOnlySpan<byte> contents, ReadOnlySpan<byte> associated, bool isDecoy, Span<byte> packet)
    {
        packet[0] = (byte)contents.Length;
        packet[1] = (byte)(contents.Length >> 8);
        packet[2] = (byte)(contents.Length >> 16);
        _sendLength.Crypt(packet[..LengthSize]);
        var plain = new byte[HeaderSize + contents.Length];
        plain[0] = isDecoy ? DecoyFlag : (byte)0;
        contents.CopyTo(plain.AsSpan(HeaderSize));
        _send.Encrypt(plain, associated, packet[LengthSize..]);
    }

    /// <summary>The length of the next packet's contents, from its first three bytes.</summary>
    public int DecryptLength(ReadOnlySpan<byte> hidden)
    {
        Span<byte> length = stackalloc byte[LengthSize];
        hidden[..LengthSize].CopyTo(length);
        _receiveLength.Crypt(length);
        return length[0] | (length[1] << 8) | (length[2] << 16);
    }

    /// <summary>Decrypts what follows the length.</summary>
    /// <returns>False if it was not made by the other end, or something was changed, left out or repeated.</returns>
    public bool TryDecrypt(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> associated, out bool isDecoy, out ReadOnlyMemory<byte> contents)
    {
        var plain = new byte[packet.Length - PacketCipher.TagSize];
        var isGood = _receive.TryDecrypt(packet, associated, plain);
        isDecoy = isGood && (plain[0] & DecoyFlag) != 0;
        contents = isGood ? plain.AsMemory(HeaderSize) : default;
        return isGood;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sendLength.Dispose();
        _receiveLength.Dispose();
        _send.Dispose();
        _receive.Dispose();
    }
}
