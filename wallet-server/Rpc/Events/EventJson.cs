using System.Text;
using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Events;

/// <summary>Lines of the event log as users see them.</summary>
internal static class EventJson
{
    /// <summary>Declaration of a line.</summary>
    public static RpcResult Result { get; } = Dash.Rpc.Methods.Result.Obj("", "An event.",
        Dash.Rpc.Methods.Result.Num("seq", "Its number; numbers rise by one."),
        Dash.Rpc.Methods.Result.Str("type",
            "What happened: \"added\" (the wallet has a new transaction), \"confirmed\", \"unconfirmed\" (a reorganisation took its\n" +
            "block back), \"conflicted\", \"abandoned\", \"instantlock\", \"chainlock\", \"removed\", \"updated\" (its notes changed),\n" +
            "\"quarantined\" (coins of it were set aside by -quarantinedust),\n" +
            "\"block\" (stored up to this block), \"reorg\" (the chain went back to this block)."),
        Dash.Rpc.Methods.Result.Hex("txid", "The transaction.", optional: true),
        Dash.Rpc.Methods.Result.Hex("blockhash", "The block.", optional: true),
        Dash.Rpc.Methods.Result.Num("height", "Its height.", optional: true),
        Dash.Rpc.Methods.Result.Time("time", "When the wallet stored it, seconds since 1970."));

    /// <summary>A kind's name.</summary>
    public static string NameOf(EventKind kind) => kind switch
    {
        EventKind.Added => "added",
        EventKind.Confirmed => "confirmed",
        EventKind.Unconfirmed => "unconfirmed",
        EventKind.Conflicted => "conflicted",
        EventKind.Abandoned => "abandoned",
        EventKind.InstantLocked => "instantlock",
        EventKind.ChainLocked => "chainlock",
        EventKind.Removed => "removed",
        EventKind.Block => "block",
        EventKind.Reorganized => "reorg",
        EventKind.Quarantined => "quarantined",
        _ => "updated",
    };

    /// <summary>Writes a line as an object.</summary>
    public static void Write(Utf8JsonWriter writer, LoggedEvent line)
    {
        writer.WriteStartObject();
        writer.WriteNumber("seq", line.Sequence);
        writer.WriteString("type", NameOf(line.Kind));
        if (line.Txid is { } txid)
        {
            writer.WriteHash("txid", txid);
        }

        if (line.Block is { } block)
        {
            writer.WriteHash("blockhash", block);
        }

        if (line.Height >= 0)
        {
            writer.WriteNumber("height", line.Height);
        }

        writer.WriteNumber("time", line.Time);
        writer.WriteEndObject();
    }

    /// <summary>A line as text.</summary>
    public static string ToText(LoggedEvent line)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions))
        {
            Write(writer, line);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
