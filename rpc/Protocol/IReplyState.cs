using System.Text.Json;

namespace Dash.Rpc.Protocol;

/// <summary>The state that a reply reflects, for callers that ask for it.</summary>
public interface IReplyState
{
    /// <summary>Writes it as an object.</summary>
    public void Write(Utf8JsonWriter writer);
}
