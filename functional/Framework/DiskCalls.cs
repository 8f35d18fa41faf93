namespace Dash.Functional.Framework;

/// <summary>Calls that change the disk, as <c>disk-faults.c</c> tells them apart.</summary>
[Flags]
public enum DiskCalls
{
    Write = 1,
    Sync = 2,
    Cut = 4,
    Rename = 8,
    Remove = 16,

    /// <summary>With these: only what is written into a wallet's file itself, and not into its log.</summary>
    File = 32,
    All = Write | Sync | Cut | Rename | Remove,
}
