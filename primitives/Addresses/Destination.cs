using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Addresses;

/// <summary>Whom a script pays, where an address can say it.</summary>
public abstract record Destination
{
    private Destination()
    {
    }

    /// <summary>The script that pays it; empty for none.</summary>
    public abstract Script ToScript();

    /// <summary>
    /// Whom a script pays. A script that names a public key outright pays that key's hash, as people see it; scripts
    /// of other forms pay <see cref="None"/>.
    /// </summary>
    public static Destination FromScript(Script script)
    {
        var solution = ScriptTemplates.Solve(script);
        return solution.Kind switch
        {
            ScriptKind.PubKeyHash => new PubKeyHash(new Hash160(solution.Data[0].Span)),
            ScriptKind.ScriptHash => new ScriptHash(new Hash160(solution.Data[0].Span)),
            ScriptKind.PubKey when PublicKey.TryParse(solution.Data[0].Span, out var key) => new PubKeyHash(key.Id),
            _ => None.Instance,
        };
    }

    /// <summary>The owner of the private key whose public key has this hash.</summary>
    public sealed record PubKeyHash(Hash160 KeyId) : Destination
    {
        /// <inheritdoc/>
        public override Script ToScript() => ScriptTemplates.PayToPubKeyHash(KeyId);
    }

    /// <summary>Whoever satisfies the script that has this hash.</summary>
    public sealed record ScriptHash(Hash160 ScriptId) : Destination
    {
        /// <inheritdoc/>
        public override Script ToScript() => ScriptTemplates.PayToScriptHash(ScriptId);
    }

    /// <summary>Nobody an address can name.</summary>
    public sealed record None : Destination
    {
        /// <summary>The only one there is.</summary>
        public static readonly None Instance = new();

        private None()
        {
        }

        /// <inheritdoc/>
        public override Script ToScript() => Script.Empty;
    }
}
