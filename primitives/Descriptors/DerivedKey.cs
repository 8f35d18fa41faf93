using Dash.Primitives.Keys;

namespace Dash.Primitives.Descriptors;

/// <summary>A public key a descriptor stands for at some place, and where it comes from.</summary>
public sealed record DerivedKey(PublicKey Key, KeyOrigin Origin);
