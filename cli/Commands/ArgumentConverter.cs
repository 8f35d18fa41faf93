namespace Dash.Cli.Commands;

/// <summary>Turns the words of the command line into the parameters of a method, as JSON.</summary>
/// <param name="method">The method's name.</param>
/// <param name="words">What follows it.</param>
/// <param name="named">Words are name=value.</param>
internal delegate string ArgumentConverter(string method, IReadOnlyList<string> words, bool named);
