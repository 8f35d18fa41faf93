using System.Globalization;
using System.Numerics;
using Dash.Common.Time;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// Says in the log what the tip is, and warns of rules that this program does not know. Changed by the validation loop; the
/// warning is for any thread.
/// </summary>
internal sealed class TipReport(ChainParams network, VersionBits deployments, Clock clock, ILogger log)
{
    // Core: an invalid chain counts from so many blocks' work more on.
    private const int ForkLead = 6;
    private const string ForkWarning =
        "Warning: We do not appear to fully agree with our peers! You may need to upgrade, or other nodes may need to upgrade.";

    private readonly UnknownRules _unknown = new(network, deployments);
    private string _warning = "";
    private bool _hasAlerted;
    private bool _isForkBetter;

    /// <summary>What an operator should know; empty for nothing. Any thread.</summary>
    public string Warning => Volatile.Read(ref _isForkBetter) ? ForkWarning : Volatile.Read(ref _warning);

    /// <summary>Called on the loop with the first warning.</summary>
    public Action<string>? Alerted { get; set; }

    /// <summary>Tells of a new tip.</summary>
    /// <param name="tip">The tip.</param>
    /// <param name="coins">The coins at it.</param>
    /// <param name="isInitialDownload">The chain is far from the present: what was signalled long ago is no news.</param>
    public void Tell(BlockNode tip, CoinsCache coins, bool isInitialDownload)
    {
        var pending = isInitialDownload ? "" : CheckRules(tip);
        if (!log.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var version = tip.Header.Version.ToString("x8", CultureInfo.InvariantCulture);
        var work = BigInteger.Log(tip.ChainWork, 2).ToString("F6", CultureInfo.InvariantCulture);
        var date = DateTimeOffset.FromUnixTimeSeconds(tip.Header.Time)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var progress = VerificationProgress.At(tip, network, clock.RealUtcNow.ToUnixTimeSeconds())
            .ToString("F6", CultureInfo.InvariantCulture);
        var cache = (coins.MemoryUsage / (double)(1 << 20)).ToString("F1", CultureInfo.InvariantCulture);
        var warning = pending.Length > 0 ? $" warning='{pending}'" : "";
        Log.NewTip(
            log, tip.Hash, tip.Height, version, work, tip.ChainTransactionCount, date, progress, cache, coins.Count, warning);
    }

    /// <summary>Warns while a chain that is invalid has much more work than ours.</summary>
    /// <param name="tip">The tip.</param>
    /// <param name="invalid">The invalid block with most work; null for none.</param>
    /// <param name="isInitialDownload">The chain is far from the present: nothing is said then.</param>
    public void CheckFork(BlockNode tip, BlockNode? invalid, bool isInitialDownload)
    {
        if (isInitialDownload)
        {
            return;
        }

        var isBetter = invalid is not null
            && invalid.ChainWork > tip.ChainWork + (CompactTarget.Work(tip.Header.Bits) * ForkLead);
        if (isBetter)
        {
            Log.BetterForkIsInvalid(log);
        }

        Volatile.Write(ref _isForkBetter, isBetter);
    }

    // Active rules are a warning; those that will be active are only noted.
    private string CheckRules(BlockNode tip)
    {
        var pending = new List<string>();
        foreach (var (bit, isActive) in _unknown.After(tip))
        {
            var text = $"Unknown new rules activated (versionbit {bit})";
            if (!isActive)
            {
                pending.Add(text);
                continue;
            }

            Volatile.Write(ref _warning, text);
            if (!_hasAlerted)
            {
                _hasAlerted = true;
                Alerted?.Invoke(text);
            }
        }

        return string.Join(", ", pending);
    }
}
