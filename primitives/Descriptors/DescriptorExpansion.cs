using System.Collections.Immutable;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Descriptors;

/// <summary>
/// What a descriptor stands for at one place: the scripts it pays to (one, or several for <c>combo</c>), the keys in
/// them, the scripts behind pay-to-script-hash, and what was learned for the cache.
/// </summary>
public sealed record DescriptorExpansion(
    ImmutableArray<Script> Scripts,
    ImmutableArray<DerivedKey> Keys,
    ImmutableArray<Script> RedeemScripts,
    DescriptorCache Cache);
