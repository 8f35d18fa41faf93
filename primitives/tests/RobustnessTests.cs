using Dash.Primitives.Tests.Robustness;

namespace Dash.Primitives.Tests;

/// <summary>A few thousand of what <c>bench/</c> runs by the million.</summary>
public sealed class RobustnessTests
{
    public static TheoryData<string> Names => [.. Parsers.All().Select(parser => parser.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_parser_takes_spoilt_inputs_or_refuses_them_as_it_says(string name)
    {
        var parser = Parsers.All().Single(each => each.Name == name);

        var taken = parser.Fuzz(seed: 1, count: 3000);

        Assert.InRange(taken, 0, 3000);
        Assert.NotEmpty(parser.Seeds);
    }

    [Fact]
    public void Random_transactions_are_read_as_they_were_written() =>
        RoundTrips.Transactions(new RandomValues(1), 3000);

    [Fact]
    public void Random_scripts_are_read_as_they_were_written() => RoundTrips.Scripts(new RandomValues(2), 3000);

    [Fact]
    public void Random_descriptors_are_read_as_they_were_written() => RoundTrips.Descriptors(new RandomValues(3), 2000);
}
