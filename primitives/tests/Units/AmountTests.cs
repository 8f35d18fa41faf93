using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Units;

public sealed class AmountTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("1", 100000000)]
    [InlineData("0.00000001", 1)]
    [InlineData("0.5", 50000000)]
    [InlineData("-0.1", -10000000)]
    [InlineData("1.1e0", 110000000)]
    [InlineData("1e-8", 1)]
    [InlineData("0.00000001e8", 100000000)]
    [InlineData("0.1000000000000000", 10000000)]
    [InlineData("20999999.9769", 2099999997690000)]
    [InlineData("0.00000000000000000000000000000000000001e+30", 1)]
    [InlineData("9999999999.99999999", 999999999999999999)]
    public void Reads_what_JSON_can_write(string text, long duffs)
    {
        Assert.True(Amount.TryParse(text, out var amount), text);
        Assert.Equal(duffs, amount.Duffs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("1 ")]
    [InlineData(" 1")]
    [InlineData("+1")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("0.000000001")]
    [InlineData("1e-9")]
    [InlineData("10000000000.0")]
    [InlineData("1e11")]
    [InlineData("0x1")]
    [InlineData("92233720368.54775808")]
    public void Refuses_the_rest(string text) => Assert.False(Amount.TryParse(text, out _), text);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 100_000_000)]
    [InlineData(" 0.5 ", 50_000_000)]
    [InlineData(".5", 50_000_000)]
    [InlineData("1.", 100_000_000)]
    [InlineData("007.00000001", 700_000_001)]
    [InlineData("21000000", 2_100_000_000_000_000)]
    public void Reads_amounts_of_options(string text, long duffs)
    {
        Assert.True(Amount.TryParseMoney(text, out var amount), text);
        Assert.Equal(new Amount(duffs), amount);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("0x1")]
    [InlineData("1 0")]
    [InlineData("0.000000001")]
    [InlineData("21000000.00000001")]
    [InlineData("12345678901")]
    [InlineData("1.2.3")]
    public void Refuses_other_amounts_of_options(string text) => Assert.False(Amount.TryParseMoney(text, out _), text);

    [Theory]
    [InlineData(0, "0.00000000")]
    [InlineData(1, "0.00000001")]
    [InlineData(-1, "-0.00000001")]
    [InlineData(123456789012, "1234.56789012")]
    [InlineData(-250000000, "-2.50000000")]
    [InlineData(long.MinValue, "-92233720368.54775808")]
    public void Writes_eight_decimals(long duffs, string text) => Assert.Equal(text, new Amount(duffs).ToString());

    [Fact]
    public void Arithmetic_does_not_wrap()
    {
        Assert.Throws<OverflowException>(() => new Amount(long.MaxValue) + new Amount(1));
        Assert.Throws<OverflowException>(() => -new Amount(long.MinValue));
        Assert.True(Amount.MaxMoney.IsInRange);
        Assert.False((Amount.MaxMoney + new Amount(1)).IsInRange);
        Assert.False(new Amount(-1).IsInRange);
    }

    [Theory]
    [InlineData(1000, 225, 225)]
    [InlineData(1000, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(123, 1001, 124)]
    [InlineData(-1, 1, -1)]
    [InlineData(-1000, 250, -250)]
    [InlineData(0, 1000, 0)]
    public void A_fee_is_rounded_up(long rate, int bytes, long fee) =>
        Assert.Equal(fee, new FeeRate(rate).GetFee(bytes).Duffs);
}
