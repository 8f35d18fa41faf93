using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Dash.Ipc.Transports;

/// <summary>
/// Gathers what is written and hands it to a stream in one go at each flush. The memory is used again and again, and is wiped
/// when it was sent if there may have been a passphrase in it. One writer at a time.
/// </summary>
internal sealed class WipingPipeWriter(Stream stream) : PipeWriter
{
    private const int UsualSize = 64 * 1024;

    // More than what is gathered before a flush; a buffer that had to be larger is not kept.
    private const int LargestKept = 512 * 1024;

    private byte[] _buffer = [];
    private int _used;
    private bool _isComplete;
    private bool _isSecret;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _used;

    /// <summary>What is written until the next flush may be a secret.</summary>
    internal void MarkSecret() => _isSecret = true;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_used);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_used);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _buffer.Length - _used);
        _used += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_isComplete || _used == 0)
        {
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: _isComplete));
        }

        var writing = stream.WriteAsync(_buffer.AsMemory(0, _used), cancellationToken);
        if (!writing.IsCompletedSuccessfully)
        {
            return FinishAsync(writing);
        }

        writing.GetAwaiter().GetResult();
        Wipe();
        return new ValueTask<FlushResult>(default(FlushResult));
    }

    /// <summary>Sends what was gathered, and then the source from where it is.</summary>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (stream is DirectSocketStream direct && _used > 0 && !_isComplete)
        {
            var together = direct.WriteAsync(_buffer.AsMemory(0, _used), source);
            if (!together.IsCompletedSuccessfully)
            {
                return FinishAsync(together);
            }

            Wipe();
            return default;
        }

        var gathered = FlushAsync(cancellationToken);
        if (!gathered.IsCompletedSuccessfully)
        {
            return WriteAfterAsync(gathered, source, cancellationToken);
        }

        var flushed = gathered.Result;
        if (flushed.IsCompleted)
        {
            return new ValueTask<FlushResult>(flushed);
        }

        var writing = stream.WriteAsync(source, cancellationToken);
        return writing.IsCompletedSuccessfully ? default : FinishAsync(writing);
    }

    /// <summary>Nothing to do: a flush that waits ends when the stream is closed.</summary>
    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
        _isComplete = true;
        Wipe();
    }

    private async ValueTask<FlushResult> WriteAfterAsync(ValueTask<FlushResult> gathered, ReadOnlyMemory<byte> source, CancellationToken ct)
    {
        var flushed = await gathered.ConfigureAwait(false);
        if (!flushed.IsCompleted)
        {
            await stream.WriteAsync(source, ct).ConfigureAwait(false);
        }

        return flushed;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FinishAsync(ValueTask writing)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        finally
        {
            Wipe(); // of what was written directly nothing is here
        }

        return default;
    }

    private void Reserve(int sizeHint)
    {
        var needed = _used + Math.Max(sizeHint, 1);
        if (needed <= _buffer.Length)
        {
            return;
        }

        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(needed, Math.Max(UsualSize, (int)Math.Min(2L * _buffer.Length, Array.MaxLength))));
        _buffer.AsSpan(0, _used).CopyTo(larger);
        if (_isSecret)
        {
            _buffer.AsSpan(0, _used).Clear();
        }

        _buffer = larger;
    }

    private void Wipe()
    {
        if (_isSecret)
        {
            _buffer.AsSpan(0, _used).Clear();
            _isSecret = false;
        }

        _used = 0;
        if (_buffer.Length > LargestKept)
        {
            _buffer = [];
        }
    }
}
