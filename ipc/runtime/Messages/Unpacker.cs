using System.Buffers;
using Dash.Ipc.Layout;

namespace Dash.Ipc.Messages;

/// <summary>Unpacks a packed stream that arrives in pieces, cut anywhere. See <see cref="Packing"/>.</summary>
/// <param name="output">Gets the words.</param>
/// <param name="maxBytes">More than that in all is refused.</param>
public sealed class Unpacker(IBufferWriter<byte> output, long maxBytes)
{
    private const int WordBytes = 8;

    private State _state = State.Tag;
    private byte _tag;
    private int _bit;
    private long _raw;
    private long _left = maxBytes;

    private enum State
    {
        Tag,
        Word,
        ZeroCount,
        RawCount,
        Raw,
    }

    /// <summary>Whether the stream may end here.</summary>
    public bool IsBetweenWords => _state == State.Tag;

    /// <summary>Takes the next piece.</summary>
    /// <exception cref="IpcFormatException">It unpacks to too much.</exception>
    public void Feed(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            switch (_state)
            {
                case State.Tag:
                    _tag = piece[0];
                    piece = piece[1..];
                    Charge(WordBytes);
                    _bit = 0;
                    _state = _tag == 0 ? State.ZeroCount : State.Word;
                    break;
                case State.Word:
                    piece = FeedWord(piece);
                    break;
                case State.ZeroCount:
                    Zeros((piece[0] + 1) * WordBytes);
                    piece = piece[1..];
                    _state = State.Tag;
                    break;
                case State.RawCount:
                    _raw = piece[0] * WordBytes;
                    piece = piece[1..];
                    Charge(_raw);
                    _state = _raw > 0 ? State.Raw : State.Tag;
                    break;
                default:
                    var part = piece[..(int)Math.Min(piece.Length, _raw)];
                    output.Write(part);
                    piece = piece[part.Length..];
                    _raw -= part.Length;
                    _state = _raw > 0 ? State.Raw : State.Tag;
                    break;
            }
        }
    }

    private ReadOnlySpan<byte> FeedWord(ReadOnlySpan<byte> piece)
    {
        while (_bit < WordBytes)
        {
            var isGiven = (_tag >> _bit & 1) != 0;
            if (isGiven && piece.IsEmpty)
            {
                return piece;
            }

            output.GetSpan(1)[0] = isGiven ? piece[0] : (byte)0;
            output.Advance(1);
            piece = isGiven ? piece[1..] : piece;
            _bit++;
        }

        _state = _tag == 0xff ? State.RawCount : State.Tag;
        return piece;
    }

    private void Zeros(int count)
    {
        Charge(count - WordBytes); // the first word was charged with its tag
        output.GetSpan(count)[..count].Clear();
        output.Advance(count);
    }

    private void Charge(long bytes)
    {
        _left -= bytes;
        if (_left < 0)
        {
            throw new IpcFormatException("The packed stream unpacks to more than is allowed.");
        }
    }
}
