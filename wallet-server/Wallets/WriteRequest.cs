using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Wallets;

/// <summary>One caller's wish in the queue of the writer loop.</summary>
internal abstract class WriteRequest
{
    /// <summary>Decides on the newest state; a refusal is kept for the caller.</summary>
    /// <exception cref="UnreadableException">
    /// The file could not be read. SQLite may have ended the transaction, so nothing that was decided in it holds any more.
    /// </exception>
    public abstract ChangeSet Decide(LedgerState state);

    /// <summary>Answers the caller: all is stored.</summary>
    public abstract void Complete();

    /// <summary>Answers the caller: nothing of it happened.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>A wish with an answer.</summary>
internal sealed class WriteRequest<T>(Func<LedgerState, Decision<T>> decide, CancellationToken ct) : WriteRequest
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _refusal;

    /// <summary>The answer.</summary>
    public Task<T> Answer => _answer.Task;

    /// <inheritdoc/>
    public override ChangeSet Decide(LedgerState state)
    {
        // Whoever hung up before anything was decided changes nothing; afterwards nothing is cancelled.
        if (ct.IsCancellationRequested)
        {
            _refusal = new OperationCanceledException(ct);
            return ChangeSet.Nothing;
        }

        try
        {
            var decision = decide(state);
            _result = decision.Result;
            return decision.Changes;
        }
        catch (SqliteException error)
        {
            throw new UnreadableException(error);
        }
        catch (Exception error)
        {
            _refusal = error;
            return ChangeSet.Nothing;
        }
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (_refusal is null)
        {
            _answer.TrySetResult(_result!); // Set by the decision, which did not refuse.
        }
        else
        {
            _answer.TrySetException(_refusal);
        }
    }

    /// <inheritdoc/>
    public override void Fail(Exception error) => _answer.TrySetException(_refusal ?? error);
}
