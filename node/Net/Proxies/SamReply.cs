namespace Dash.Node.Net.Proxies;

/// <summary>A line a SAM bridge answered: words, some of them "key=value".</summary>
internal sealed class SamReply
{
    private readonly string _request;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Takes a line apart.</summary>
    /// <param name="request">What was asked, as it may be shown.</param>
    /// <param name="line">The answer.</param>
    public SamReply(string request, string line)
    {
        _request = request;
        Line = line;
        foreach (var word in line.Split(' '))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                _values.TryAdd(word[..equals], word[(equals + 1)..]);
            }
        }
    }

    /// <summary>The whole line.</summary>
    public string Line { get; }

    /// <summary>The value of a key.</summary>
    /// <exception cref="InvalidDataException">It is not there.</exception>
    public string this[string key] => _values.TryGetValue(key, out var value)
        ? value
        : throw new InvalidDataException($"Missing {key}= in the reply to \"{_request}\": \"{Line}\"");

    /// <summary>Itself, if the result is good.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public SamReply Checked() => this["RESULT"] == "OK"
        ? this
        : throw new InvalidDataException($"Unexpected reply to \"{_request}\": \"{Line}\"");
}
