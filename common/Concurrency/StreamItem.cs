namespace Dash.Common.Concurrency;

/// <summary>What a reader of an <see cref="EventStream{T}"/> gets: the next event, or the news that it missed some.</summary>
/// <param name="Sequence">Number of the event; when lagged, of the newest one published.</param>
/// <param name="Event">The event; default when lagged.</param>
/// <param name="IsLagged">The reader was too slow: events up to <paramref name="Sequence"/> are lost for it.</param>
public readonly record struct StreamItem<T>(ulong Sequence, T? Event, bool IsLagged);
