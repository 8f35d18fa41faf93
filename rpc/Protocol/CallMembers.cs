using System.Text.Json;

namespace Dash.Rpc.Protocol;

/// <summary>What a request says beside method and parameters, as it came. Of members with one name the first counts.</summary>
internal struct CallMembers
{
    private bool _hasAny;

    /// <summary><c>idempotency_key</c>.</summary>
    public JsonElement Key { get; private set; }

    /// <summary><c>deadline</c>.</summary>
    public JsonElement Deadline { get; private set; }

    /// <summary><c>spool</c>.</summary>
    public JsonElement Spool { get; private set; }

    /// <summary><c>state</c>.</summary>
    public JsonElement State { get; private set; }

    /// <summary><c>snapshot</c>.</summary>
    public JsonElement Snapshot { get; private set; }

    /// <summary><c>min_height</c>.</summary>
    public JsonElement MinHeight { get; private set; }

    /// <summary><c>min_seq</c>.</summary>
    public JsonElement MinSequence { get; private set; }

    /// <summary><c>lease</c>.</summary>
    public JsonElement Lease { get; private set; }

    /// <summary><c>passphrase</c>: a secret.</summary>
    public JsonElement Passphrase { get; private set; }

    /// <summary>Nothing of this was said.</summary>
    public readonly bool IsEmpty => !_hasAny;

    /// <summary>Is this the name of a member that is said again by <see cref="CallOptions.AddTo"/>?</summary>
    public static bool IsOption(string name) =>
        name is "idempotency_key" or "deadline" or "spool" or "state" or "snapshot" or "min_height" or "min_seq" or "lease";

    /// <summary>Takes a member if it is one of these.</summary>
    public void Take(JsonProperty member)
    {
        if (member.NameEquals("idempotency_key"u8))
        {
            Key = First(Key, member);
        }
        else if (member.NameEquals("deadline"u8))
        {
            Deadline = First(Deadline, member);
        }
        else if (member.NameEquals("spool"u8))
        {
            Spool = First(Spool, member);
        }
        else if (member.NameEquals("state"u8))
        {
            State = First(State, member);
        }
        else if (member.NameEquals("snapshot"u8))
        {
            Snapshot = First(Snapshot, member);
        }
        else if (member.NameEquals("min_height"u8))
        {
            MinHeight = First(MinHeight, member);
        }
        else if (member.NameEquals("min_seq"u8))
        {
            MinSequence = First(MinSequence, member);
        }
        else if (member.NameEquals("lease"u8))
        {
            Lease = First(Lease, member);
        }
        else if (member.NameEquals("passphrase"u8))
        {
            Passphrase = First(Passphrase, member);
        }
    }

    private JsonElement First(JsonElement known, JsonProperty member)
    {
        _hasAny = true;
        return known.ValueKind == JsonValueKind.Undefined ? member.Value : known;
    }
}
