using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Dash.Rpc.Http;

/// <summary>
/// What a client sent, with its end told only when nothing is left that was not looked at yet. Kestrel takes a body for cut off when it
/// hears of the end together with its last bytes, so that who sends no more after a whole request got no answer.
/// </summary>
internal sealed class WholeReader(PipeReader reader) : PipeReader
{
    private ReadResult _last;
    private long _seen; // bytes that were looked at and are not enough

    public override void AdvanceTo(SequencePosition consumed)
    {
        _seen = 0;
        reader.AdvanceTo(consumed);
    }

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _seen = consumed.Equals(examined) ? 0 : _last.Buffer.Slice(consumed, examined).Length;
        reader.AdvanceTo(consumed, examined);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = reader.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new(Show(read.Result)) : WaitAsync(read);
    }

    public override bool TryRead(out ReadResult result)
    {
        var isThere = reader.TryRead(out result);
        if (isThere)
        {
            result = Show(result);
        }

        return isThere;
    }

    public override void CancelPendingRead() => reader.CancelPendingRead();

    public override void Complete(Exception? exception = null) => reader.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => reader.CompleteAsync(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> read) => Show(await read.ConfigureAwait(false));

    private ReadResult Show(ReadResult read)
    {
        if (read.IsCompleted && read.Buffer.Length > _seen)
        {
            read = new ReadResult(read.Buffer, read.IsCanceled, isCompleted: false);
        }

        return _last = read;
    }
}
