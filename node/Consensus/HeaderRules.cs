using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;

namespace Dash.Node.Consensus;

/// <summary>What a header must satisfy.</summary>
internal static class HeaderRules
{
    // Up to here mainnet took any target within half of the computed one: the first waves differed between nodes.
    private const int LenientMainnetHeight = 68589;

    /// <summary>What can be said of a header alone: its proof of work, and that it is of this devnet.</summary>
    /// <param name="header">The header.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="network">The network's parameters.</param>
    /// <param name="checkProofOfWork">False for a proposal that is not mined yet.</param>
    public static ValidationState Check(BlockHeader header, BlockHash hash, ChainParams network, bool checkProofOfWork = true)
    {
        if (checkProofOfWork && !CompactTarget.CheckProofOfWork(hash, header.Bits, network.PowLimit))
        {
            return ValidationState.Invalid(InvalidKind.InvalidHeader, "high-hash", "proof of work failed");
        }

        return network.DevnetGenesis is { } second && header.Previous == network.Genesis.Hash && hash != second.Hash
            ? ValidationState.Consensus("devnet-genesis", "")
            : ValidationState.Valid;
    }

    /// <summary>What depends on the headers before it and on our clock.</summary>
    /// <param name="header">The header.</param>
    /// <param name="previous">The parent.</param>
    /// <param name="now">Our time, Unix seconds.</param>
    /// <param name="network">The network's parameters.</param>
    public static ValidationState CheckAfter(BlockHeader header, BlockNode previous, long now, ChainParams network)
    {
        var height = previous.Height + 1;
        if (CheckBits(header, previous, network) is { IsInvalid: true } bits)
        {
            return bits;
        }

        if (header.Time <= previous.MedianTimePast)
        {
            return Invalid(
                "time-too-old", $"block's timestamp is too early {header.Time} {previous.MedianTimePast}");
        }

        if (header.Time > now + Limits.FutureBlockTime)
        {
            return ValidationState.Invalid(
                InvalidKind.TimeFuture,
                "time-too-new",
                $"block timestamp too far in the future {header.Time} {now + Limits.FutureBlockTime}");
        }

        var isOutdated = (header.Version < 2 && height >= network.Heights.Bip34)
            || (header.Version < 3 && height >= network.Heights.Bip66)
            || (header.Version < 4 && height >= network.Heights.Bip65);
        return isOutdated
            ? Invalid($"bad-version(0x{header.Version:x8})", $"rejected nVersion=0x{header.Version:x8} block")
            : ValidationState.Valid;
    }

    private static ValidationState CheckBits(BlockHeader header, BlockNode previous, ChainParams network)
    {
        var height = previous.Height + 1;
        var expected = Difficulty.NextBits(previous, header.Time, network);
        if (height <= LenientMainnetHeight && network.Name == ChainParams.Main.Name)
        {
            var claimed = Difficulty.Of(header.Bits);
            return Math.Abs(claimed - Difficulty.Of(expected)) > claimed * 0.5
                ? Invalid("bad-diffbits", "")
                : ValidationState.Valid;
        }

        return header.Bits == expected
            ? ValidationState.Valid
            : Invalid("bad-diffbits", $"incorrect proof of work at {height}");
    }

    private static ValidationState Invalid(string reason, string debug) =>
        ValidationState.Invalid(InvalidKind.InvalidHeader, reason, debug);
}
