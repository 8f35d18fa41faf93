using System.Text.Json;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Primitives.Networks;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBlockchainInfo
{
    public static readonly NodeMethod Method = new("blockchain", "getblockchaininfo", "Where the chain stands.")
    {
        Results =
        [
            Result.Obj(
                Result.Str("chain", "main, test, regtest, or devnet and its own name."),
                Result.Num("blocks", "Height of the active chain."),
                Result.Num("headers", "Height of the best known header."),
                Result.Hex("bestblockhash", "The active chain's last block."),
                Result.Num("difficulty", "Its difficulty."),
                Result.Time("time", "Its time."),
                Result.Time("mediantime", "Median of its time and the ten before it."),
                Result.Num("verificationprogress", "Which part of the chain has been checked, estimated, 0 to 1."),
                Result.Bool("initialblockdownload", "Whether the node is still catching up with the network."),
                Result.Hex("chainwork", "Hashes expected to make the active chain."),
                Result.Num("size_on_disk", "Bytes of block and undo files."),
                Result.Bool("pruned", "Whether old blocks are deleted."),
                Result.Num("pruneheight", "Lowest block that is kept with all above it; only when pruning.", optional: true),
                Result.Bool("automatic_pruning", "Whether they are deleted by themselves; only when pruning.", optional: true),
                Result.Num("prune_target_size", "Bytes that block files are held to; only when that is automatic.", optional: true),
                Result.ObjDyn("softforks", "Rules that were added to the first ones, by name.", Result.Obj("xxxx", "Its name.",
                    Result.Str("type", "buried or bip9."),
                    Result.Obj("bip9", "How miners' signals stand; only of type bip9.", Result.Elision()) with { IsOptional = true },
                    Result.Num("height", "From which height on it holds; of type bip9 only when it is active.", optional: true),
                    Result.Bool("active", "Whether it holds for the next block."))),
                Result.Str("warnings", "Anything an operator should know.")),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var view = call.View;
        var tip = view.Tip;
        var network = call.Node.Network;
        result.WriteStartObject();
        result.WriteString("chain", network.DevnetName is { Length: > 0 } own ? own : network.Name);
        result.WriteNumber("blocks", tip.Height);
        result.WriteNumber("headers", call.Node.Index.BestHeader?.Height ?? -1);
        result.WriteHash("bestblockhash", tip.Hash);
        result.WriteReal("difficulty", Difficulty.Of(tip.Header.Bits));
        result.WriteNumber("time", tip.Header.Time);
        result.WriteNumber("mediantime", tip.MedianTimePast);
        result.WriteReal("verificationprogress", VerificationProgress.At(tip, network, call.Node.Clock.UnixSeconds));
        result.WriteBoolean("initialblockdownload", call.Node.Chainstate.IsInitialBlockDownload);
        result.WriteWork("chainwork", tip.ChainWork);
        result.WriteNumber("size_on_disk", call.Node.Archive.SizeOnDisk);
        WritePruning(result, call.Node.Chainstate.Pruning, tip);
        result.WriteStartObject("softforks");
        foreach (var (name, height) in Buried(network.Heights))
        {
            result.WriteStartObject(name);
            result.WriteString("type", "buried");
            result.WriteBoolean("active", tip.Height + 1 >= height);
            result.WriteNumber("height", height);
            result.WriteEndObject();
        }

        // Core lists the deployment that masternodes signal before the one for tests.
        foreach (var deployment in network.Deployments.OrderBy(deployment => !deployment.UsesMasternodeSignal))
        {
            if (deployment.StartTime != VersionBitsDeployment.NeverActive)
            {
                WriteSignalled(result, deployment, call.Node.Chainstate.Deployments, tip);
            }
        }

        result.WriteEndObject();
        result.WriteString("warnings", call.Node.Chainstate.TipReport.Warning);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    private static void WritePruning(Utf8JsonWriter result, ChainPruning pruning, BlockNode tip)
    {
        result.WriteBoolean("pruned", pruning.Target is not null);
        if (pruning.Target is not { } target)
        {
            return;
        }

        result.WriteNumber("pruneheight", BlockArchive.FirstStored(tip).Height);
        result.WriteBoolean("automatic_pruning", pruning.IsAutomatic);
        if (pruning.IsAutomatic)
        {
            result.WriteNumber("prune_target_size", target);
        }
    }

    private static IEnumerable<(string Name, int Height)> Buried(ActivationHeights heights) =>
    [
        ("bip34", heights.Bip34), ("bip66", heights.Bip66), ("bip65", heights.Bip65), ("bip147", heights.Bip147), ("csv", heights.Csv),
        ("dip0001", heights.Dip0001), ("dip0003", heights.Dip0003), ("dip0008", heights.Dip0008), ("dip0020", heights.Dip0020),
        ("dip0024", heights.Dip0024), ("realloc", heights.Brr), ("v19", heights.V19), ("v20", heights.V20), ("mn_rr", heights.MnRr),
        ("withdrawals", heights.Withdrawals),
    ];

    private static void WriteSignalled(Utf8JsonWriter result, VersionBitsDeployment deployment, VersionBits versionBits, BlockNode tip)
    {
        var state = versionBits.StateAfter(tip, deployment);
        var since = versionBits.SinceHeight(tip, deployment);
        result.WriteStartObject(deployment.Name);
        result.WriteString("type", "bip9");
        result.WriteStartObject("bip9");
        result.WriteString("status", state switch
        {
            DeploymentState.Defined => "defined",
            DeploymentState.Started => "started",
            DeploymentState.LockedIn => "locked_in",
            DeploymentState.Active => "active",
            _ => "failed",
        });
        var counts = state is DeploymentState.Started or DeploymentState.LockedIn;
        if (counts)
        {
            result.WriteNumber("bit", deployment.Bit);
        }

        result.WriteNumber("start_time", deployment.StartTime);
        result.WriteNumber("timeout", deployment.Timeout);
        result.WriteNumber("min_activation_height", 0);
        result.WriteBoolean("ehf", deployment.UsesMasternodeSignal);
        result.WriteNumber("since", since);
        if (counts)
        {
            var statistics = versionBits.StatisticsAt(tip, deployment);
            result.WriteStartObject("statistics");
            result.WriteNumber("period", statistics.Period);
            result.WriteNumber("elapsed", statistics.Elapsed);
            result.WriteNumber("count", statistics.Count);
            if (state != DeploymentState.LockedIn)
            {
                result.WriteNumber("threshold", statistics.Threshold);
                result.WriteBoolean("possible", statistics.IsPossible);
            }

            result.WriteEndObject();
            if (state == DeploymentState.LockedIn)
            {
                result.WriteNumber("activation_height", since + statistics.Period);
                result.WriteNumber("min_activation_height", 0);
            }
        }

        result.WriteEndObject();
        if (state == DeploymentState.Active)
        {
            result.WriteNumber("height", since);
        }

        result.WriteBoolean("active", state == DeploymentState.Active);
        result.WriteEndObject();
    }
}
