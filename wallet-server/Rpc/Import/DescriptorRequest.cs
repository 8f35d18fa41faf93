using System.Text.Json;
using Dash.Primitives.Descriptors;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Import;

/// <summary>One element of what <c>importdescriptors</c> is given, read and checked.</summary>
internal sealed class DescriptorRequest : IDisposable
{
    private const string UnknownType = "Unknown output type, cannot set descriptor to active.";

    private readonly List<string> _warnings = [];
    private bool _isTypeUnknown;

    private DescriptorRequest()
    {
    }

    /// <summary>What to take in; null when it is refused.</summary>
    public NewDescriptor? Descriptor { get; private set; }

    /// <summary>Why it is refused; null if it is not (yet).</summary>
    public RpcError? Refusal { get; private set; }

    /// <summary>What the user should know. That it is not active only of what was taken in: Core activates last.</summary>
    public IReadOnlyList<string> Warnings => _isTypeUnknown && Refusal is null ? [.. _warnings, UnknownType] : _warnings;

    /// <summary>Since when it may have been paid, seconds since 1970; at least 1.</summary>
    public long Timestamp { get; private init; }

    /// <summary>The same as it was given.</summary>
    public long GivenTimestamp { get; private init; }

    /// <summary>Reads an element.</summary>
    /// <param name="request">The element.</param>
    /// <param name="wallet">For whom.</param>
    /// <param name="now">What the timestamp "now" means.</param>
    /// <exception cref="RpcError">A member has the wrong type: that is an error of the whole call.</exception>
    public static DescriptorRequest Read(JsonElement request, WalletSnapshot wallet, long now)
    {
        var given = ReadTimestamp(request, now);
        var read = new DescriptorRequest { Timestamp = Math.Max(given, 1), GivenTimestamp = given };
        try
        {
            read.Descriptor = read.Check(request, wallet);
        }
        catch (RpcError refusal) when (refusal.Code is not (RpcErrorCode.Type or RpcErrorCode.Misc))
        {
            read.Refusal = refusal;
        }

        return read;
    }

    /// <summary>Says afterwards why the wallet did not take it.</summary>
    public void Refuse(WalletException? refusal) => Refusal ??= refusal is null ? null : WalletErrors.Translate(refusal);

    /// <inheritdoc/>
    public void Dispose() => Descriptor?.Dispose();

    private static long ReadTimestamp(JsonElement request, long now)
    {
        var timestamp = request.Find("timestamp");
        return timestamp.ValueKind switch
        {
            JsonValueKind.Undefined => throw new RpcError(RpcErrorCode.Type, "Missing required timestamp field for key"),
            JsonValueKind.Number => timestamp.AsLong(),
            JsonValueKind.String when timestamp.ValueEquals("now"u8) => now,
            _ => throw new RpcError(
                RpcErrorCode.Type,
                $"Expected number or \"now\" timestamp value for key. got type {JsonValues.TypeName(timestamp)}"),
        };
    }

    private static bool Has(JsonElement request, string name) => request.Find(name).ValueKind != JsonValueKind.Undefined;

    private static RpcError Refused(RpcErrorCode code, string message) => new(code, message);

    private NewDescriptor Check(JsonElement request, WalletSnapshot wallet)
    {
        if (!Has(request, "desc"))
        {
            throw Refused(RpcErrorCode.InvalidParameter, "Descriptor not found.");
        }

        var text = request.Find("desc").AsStr();
        var isActive = Has(request, "active") && request.Find("active").AsBool();
        var isInternal = Has(request, "internal") && request.Find("internal").AsBool();
        var label = Has(request, "label") ? request.Find("label").AsStr() : "";
        var keys = new DescriptorKeys();
        try
        {
            if (!Primitives.Descriptors.Descriptor.TryParse(
                text, wallet.Chain.Prefixes, requireChecksum: true, keys, out var descriptor, out var error))
            {
                throw Refused(RpcErrorCode.InvalidAddressOrKey, error);
            }

            var (start, end, next) = ReadRange(request, descriptor, wallet.Settings.KeypoolSize);
            RequireConsistent(request, descriptor, isActive, isInternal);
            RequireKeys(descriptor, keys, wallet);
            _isTypeUnknown = isActive && !descriptor.HasOutputType;
            return new NewDescriptor(descriptor, keys)
            {
                CreationTime = Timestamp,
                RangeStart = (int)start,
                RangeEnd = (int)Math.Min(end, int.MaxValue),
                NextIndex = (int)next,
                IsInternal = isInternal,
                IsActive = isActive,
                Label = label,
            };
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    private (long Start, long End, long Next) ReadRange(JsonElement request, Descriptor descriptor, int keypool)
    {
        var hasRange = Has(request, "range");
        if (!descriptor.IsRange)
        {
            return hasRange
                ? throw Refused(RpcErrorCode.InvalidParameter, "Range should not be specified for an un-ranged descriptor")
                : (0, 1, 0);
        }

        var (start, end) = (0L, (long)keypool);
        if (hasRange)
        {
            (start, end) = request.Find("range").AsRange();
            end++;
        }
        else
        {
            _warnings.Add("Range not given, using default keypool range");
        }

        var next = start;
        if (Has(request, "next_index"))
        {
            next = request.Find("next_index").AsLong();
            if (next < start || next >= end)
            {
                throw Refused(RpcErrorCode.InvalidParameter, "next_index is out of range");
            }
        }

        return (start, end, next);
    }

    private static void RequireConsistent(JsonElement request, Descriptor descriptor, bool isActive, bool isInternal)
    {
        if (isActive && !descriptor.IsRange)
        {
            throw Refused(RpcErrorCode.InvalidParameter, "Active descriptors must be ranged");
        }

        if (Has(request, "range") && Has(request, "label"))
        {
            throw Refused(RpcErrorCode.InvalidParameter, "Ranged descriptors should not have a label");
        }

        if (isInternal && Has(request, "label"))
        {
            throw Refused(RpcErrorCode.InvalidParameter, "Internal addresses should not have a label");
        }

        if (isActive && !descriptor.IsSingleType)
        {
            throw Refused(RpcErrorCode.Wallet, "Combo descriptors cannot be set to active");
        }
    }

    private void RequireKeys(Descriptor descriptor, DescriptorKeys keys, WalletSnapshot wallet)
    {
        if (wallet.IsWatchOnly && keys.Count > 0)
        {
            throw Refused(
                RpcErrorCode.Wallet, "Cannot import private keys to a wallet with private keys disabled");
        }

        if (!descriptor.TryExpand(0, keys, out var first))
        {
            throw Refused(
                RpcErrorCode.Wallet,
                "Cannot expand descriptor. Probably because of hardened derivations without private keys provided");
        }

        if (wallet.IsWatchOnly)
        {
            return;
        }

        if (keys.Count == 0)
        {
            throw Refused(
                RpcErrorCode.Wallet,
                "Cannot import descriptor without private keys to a wallet with private keys enabled");
        }

        var found = descriptor.DerivePrivateKeys(0, keys);
        var ids = found.Select(key => key.PublicKey.Id).ToHashSet();
        foreach (var key in found)
        {
            key.Dispose();
        }

        if (ids.Count == 0 || first.Keys.Any(key => !ids.Contains(key.Key.Id)))
        {
            _warnings.Add("Not all private keys provided. Some wallet functionality may return unexpected errors");
        }
    }
}
