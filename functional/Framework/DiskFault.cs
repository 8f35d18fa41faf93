namespace Dash.Functional.Framework;

/// <summary>What happens at a call that changes the disk, as <c>disk-faults.c</c> reads it.</summary>
/// <param name="What">0: it fails; 1: the process ends before it; 2: a write stores the first half of what it was given.</param>
/// <param name="Error">With which number it fails.</param>
public readonly record struct DiskFault(int What, int Error = 0)
{
    public static readonly DiskFault Kill = new(1);
    public static readonly DiskFault ShortWrite = new(2);
    public static readonly DiskFault Interrupted = new(0, 4);
    public static readonly DiskFault Failed = new(0, 5);
    public static readonly DiskFault Full = new(0, 28);
}
