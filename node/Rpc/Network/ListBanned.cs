using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Network;

internal static class ListBanned
{
    public static readonly NodeMethod Method = new("network", "listbanned", "The addresses and ranges that the user keeps out.")
    {
        Results =
        [
            Result.Arr("", "", Result.Obj("", "",
                Result.Str("address", "The address or range."),
                Result.Time("ban_created", "When it was banned."),
                Result.Time("banned_until", "When that ends."),
                Result.Time("ban_duration", "For how many seconds altogether."),
                Result.Time("time_remaining", "For how many seconds from now on."))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var now = call.Node.Clock.UnixSeconds;
        result.WriteStartArray();
        foreach (var (range, ban) in call.Node.Peers.Surroundings.Bans.All)
        {
            result.WriteStartObject();
            result.WriteString("address", range.ToString());
            result.WriteNumber("ban_created", ban.Created);
            result.WriteNumber("banned_until", ban.Until);
            result.WriteNumber("ban_duration", ban.Until - ban.Created);
            result.WriteNumber("time_remaining", ban.Until - now);
            result.WriteEndObject();
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
