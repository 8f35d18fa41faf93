using System.Buffers;
using System.Text;
using System.Text.Json;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Import;

/// <summary>
/// Descriptors on their way into a wallet, as a job: they are stored together with the search for what they were paid and with the
/// answer, so that after a kill either all of that is there or nothing.
/// </summary>
internal sealed class DescriptorImport : IDisposable
{
    private readonly List<DescriptorRequest> _requests = [];
    private readonly WalletCall _call;
    private readonly Wallet _wallet;
    private readonly long _tipTime;

    private DescriptorImport(WalletCall call, Wallet wallet, long tipTime)
    {
        _call = call;
        _wallet = wallet;
        _tipTime = tipTime;
    }

    /// <summary>Reads what is asked for; nothing is changed.</summary>
    /// <exception cref="RpcError">The wallet is being rescanned, or a request has members of a wrong type.</exception>
    public static async Task<DescriptorImport> ReadAsync(WalletCall call, JsonElement requests, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var elements = requests.AsArray();
        RescanState.RequireNone(call, wallet);
        WalletCall.RequireUnlocked(wallet);
        var (tipTime, now) = await call.Context.Sync.TipTimesAsync(wallet, ct);
        DescriptorImport import = new(call, wallet, tipTime);
        try
        {
            foreach (var element in elements.EnumerateArray())
            {
                import._requests.Add(DescriptorRequest.Read(element, wallet.Snapshot, now));
            }

            return import;
        }
        catch
        {
            import.Dispose();
            throw;
        }
    }

    /// <summary>Takes in what can be taken in, and begins to look for what it was paid.</summary>
    /// <returns>The search; null if nothing was taken in.</returns>
    public async Task<Rescan?> BeginAsync(CancellationToken ct)
    {
        if (_requests.TrueForAll(static request => request.Descriptor is null))
        {
            return null;
        }

        var since = Math.Min(_tipTime, _requests.Min(static request => request.Timestamp));
        return await _call.Context.Sync.ImportAsync(_wallet, since, StoreAsync, ct);
    }

    /// <summary>Writes what became of each request.</summary>
    /// <param name="result">Where to.</param>
    /// <param name="failedTime">How the search failed, if it did (<see cref="RescanOutcome.FailedTime"/>).</param>
    public void Write(Utf8JsonWriter result, long? failedTime = null)
    {
        result.WriteStartArray();
        foreach (var request in _requests)
        {
            Write(result, request, failedTime);
        }

        result.WriteEndArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _requests.ForEach(static request => request.Dispose());

    private Task<WalletJob?> StoreAsync(WalletJob plan, CancellationToken ct) => _wallet.ImportAsync(
        [.. _requests.Select(static request => request.Descriptor)],
        refusals =>
        {
            for (var i = 0; i < _requests.Count; i++)
            {
                _requests[i].Refuse(refusals[i]);
            }

            return _requests.TrueForAll(static request => request.Refusal is not null) ? null : plan with
                {
                    Answer = AnswerText(),
                    Timestamps = [.. _requests.Select(static request => request.GivenTimestamp)],
                };
        },
        ct);

    private string AnswerText()
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter writer = new(text))
        {
            Write(writer);
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static RpcError? FailureOf(DescriptorRequest request, long? failedTime) =>
        failedTime is { } time && ImportFailure.ReasonFor(request.GivenTimestamp, time) is { } reason ? new RpcError(RpcErrorCode.Misc, reason) : null;

    private static void Write(Utf8JsonWriter result, DescriptorRequest request, long? failedTime)
    {
        result.WriteStartObject();
        var failure = request.Refusal is null ? FailureOf(request, failedTime) : null;
        var error = request.Refusal ?? failure;
        result.WriteBoolean("success", error is null);
        if (error is { } refusal)
        {
            result.WriteStartObject("error");
            result.WriteNumber("code", (int)refusal.Code);
            result.WriteString("message", refusal.Message);
            result.WriteEndObject();
        }

        if (request.Warnings.Count > 0 && failure is null)
        {
            result.WriteStartArray("warnings");
            foreach (var warning in request.Warnings)
            {
                result.WriteStringValue(warning);
            }

            result.WriteEndArray();
        }

        result.WriteEndObject();
    }
}
