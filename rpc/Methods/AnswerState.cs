namespace Dash.Rpc.Methods;

/// <summary>The state that an answer is made from, and from nothing else but the arguments.</summary>
/// <param name="Owner">Whose state it is.</param>
/// <param name="Version">An object for each state: as long as it is the same one, the same question has the same answer.</param>
/// <param name="Newest">The version now.</param>
public sealed record AnswerState(object Owner, object Version, Func<object> Newest);
