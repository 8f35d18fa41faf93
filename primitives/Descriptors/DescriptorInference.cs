using System.Collections.Immutable;
using Dash.Primitives.Addresses;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Descriptors;

/// <summary>Finds the descriptor of a script, as far as keys and scripts behind it are known.</summary>
public static class DescriptorInference
{
    private static readonly Func<Hash160, DerivedKey?> NoKeys = _ => null;
    private static readonly Func<Hash160, Script?> NoScripts = _ => null;

    /// <summary>The descriptor of a script nothing else is known about.</summary>
    public static Descriptor Of(Script script, AddressPrefixes prefixes) => Of(script, prefixes, NoKeys, NoScripts);

    /// <summary>
    /// The descriptor of a script. <paramref name="keyById"/> finds the public key of a hash and where it comes from.
    /// <paramref name="scriptById"/> finds the script of a hash.
    /// </summary>
    public static Descriptor Of(
        Script script,
        AddressPrefixes prefixes,
        Func<Hash160, DerivedKey?> keyById,
        Func<Hash160, Script?> scriptById) =>
        Of(script, prefixes, keyById, scriptById, isTop: true);

    private static Descriptor Of(
        Script script,
        AddressPrefixes prefixes,
        Func<Hash160, DerivedKey?> keyById,
        Func<Hash160, Script?> scriptById,
        bool isTop)
    {
        var solution = ScriptTemplates.Solve(script);
        switch (solution.Kind)
        {
            case ScriptKind.PubKey when PublicKey.TryReadForm(solution.Data[0].Span, out var key):
                return Descriptor.OfKey(DescriptorKind.Pk, Expression(key, prefixes, keyById));
            case ScriptKind.PubKeyHash when keyById(new Hash160(solution.Data[0].Span)) is { } known:
                return Descriptor.OfKey(DescriptorKind.Pkh, Expression(known, prefixes));
            case ScriptKind.Multisig when TryKeys(solution, out var keys):
                return Descriptor.OfKeys(
                    DescriptorKind.Multi,
                    solution.Required,
                    [.. keys.Select(key => Expression(key, prefixes, keyById))]);
            case ScriptKind.ScriptHash when isTop && scriptById(new Hash160(solution.Data[0].Span)) is { } behind:
                return Descriptor.OfScript(Of(behind, prefixes, keyById, scriptById, isTop: false));
        }

        // An address must stand for exactly this script, which that of a public key alone does not.
        var destination = Destination.FromScript(script);
        return destination is not Destination.None && destination.ToScript() == script
            ? Descriptor.OfAddress(destination, prefixes)
            : Descriptor.OfRaw(script);
    }

    private static KeyExpression Expression(
        PublicKey key, AddressPrefixes prefixes, Func<Hash160, DerivedKey?> keyById) =>
        keyById(key.Id) is { } known ? Expression(known, prefixes) : new FixedKeyExpression(0, key, prefixes);

    private static OriginKeyExpression Expression(DerivedKey known, AddressPrefixes prefixes) =>
        new(0, known.Origin, new FixedKeyExpression(0, known.Key, prefixes));

    private static bool TryKeys(ScriptSolution solution, out ImmutableArray<PublicKey> keys)
    {
        var builder = ImmutableArray.CreateBuilder<PublicKey>(solution.Data.Length);
        foreach (var data in solution.Data)
        {
            if (!PublicKey.TryReadForm(data.Span, out var key))
            {
                keys = [];
                return false;
            }

            builder.Add(key);
        }

        keys = builder.DrainToImmutable();
        return true;
    }
}
