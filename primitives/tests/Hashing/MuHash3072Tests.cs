using Dash.Primitives.Hashing;

namespace Dash.Primitives.Tests.Hashing;

public class MuHash3072Tests
{
    [Fact]
    public void The_vector_of_Core_holds()
    {
        var set = new MuHash3072();
        set.Insert(Element(0));
        set.Insert(Element(1));
        set.Remove(Element(2));

        Assert.Equal("10d312b100cbd32ada024a6646e40d3482fcff103668d2625f10002a607d5863", set.Compute().ToString());
    }

    [Fact]
    public void The_order_does_not_matter_and_removing_undoes_adding()
    {
        var one = new MuHash3072();
        var other = new MuHash3072();
        for (byte i = 0; i < 20; i++)
        {
            one.Insert(Element(i));
            other.Insert(Element((byte)(19 - i)));
        }

        Assert.Equal(one.Compute(), other.Compute());
        for (byte i = 0; i < 20; i++)
        {
            one.Remove(Element(i));
        }

        Assert.Equal(new MuHash3072().Compute(), one.Compute());
        Assert.NotEqual(one.Compute(), other.Compute());
    }

    [Fact]
    public void The_stored_form_goes_on_where_it_was()
    {
        var set = new MuHash3072();
        set.Insert(Element(1));
        set.Remove(Element(2));
        var again = new MuHash3072(set.ToArray());
        again.Insert(Element(2));
        set.Insert(Element(2));

        Assert.Equal(set.Compute(), again.Compute());
        Assert.Throws<ArgumentException>(() => new MuHash3072(new byte[767]));
    }

    [Fact]
    public void Numbers_at_the_modulus_are_brought_below_it()
    {
        // The largest number of 3072 bits is 1,103,716 more than the modulus; with denominator one it is that number.
        byte[] Stored(byte[] numerator) => [.. numerator, 1, .. new byte[383]];
        byte[] small = [.. BitConverter.GetBytes(1_103_716L), .. new byte[376]];

        var large = new MuHash3072(Stored([.. Enumerable.Repeat((byte)255, 384)]));

        Assert.Equal(new MuHash3072(Stored(small)).Compute(), large.Compute());
    }

    private static byte[] Element(byte number) => [number, .. new byte[31]];
}
