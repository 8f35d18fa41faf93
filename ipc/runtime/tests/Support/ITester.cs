namespace Dash.Ipc.Tests.Support;

/// <summary>What generated code makes of a schema, written by hand: one method of each kind a connection must bear.</summary>
internal interface ITester : IAsyncDisposable
{
    public ValueTask<long> AddAsync(long a, long b, CancellationToken ct);

    public ValueTask FailAsync(string kind, CancellationToken ct);

    public ValueTask<long> NestAsync(long depth, ITester? peer, CancellationToken ct);

    public ValueTask<ITester> MakeAsync(CancellationToken ct);

    public ValueTask WaitAsync(CancellationToken ct);

    public ValueTask<ITester?> GiveBackAsync(ITester? tester, CancellationToken ct);

    /// <summary>Without a context.</summary>
    public ValueTask<long> QuickAsync(CancellationToken ct);

    public ValueTask<ReadOnlyMemory<byte>> EchoAsync(ReadOnlyMemory<byte> data, CancellationToken ct);
}
