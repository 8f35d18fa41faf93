using System.Collections.Immutable;

namespace Dash.Primitives.Scripts;

/// <summary>
/// Which standard form a script has and what it holds: the public key, the hash, or the keys of a multisig; slices of
/// the script. <see cref="Required"/> is how many signatures a multisig asks for, else 0.
/// </summary>
public sealed record ScriptSolution(ScriptKind Kind, ImmutableArray<ReadOnlyMemory<byte>> Data, int Required = 0)
{
    internal static readonly ScriptSolution NonStandard = new(ScriptKind.NonStandard, []);

    internal static readonly ScriptSolution NullData = new(ScriptKind.NullData, []);
}
