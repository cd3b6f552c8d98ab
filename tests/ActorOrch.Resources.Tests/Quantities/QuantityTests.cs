using System.Globalization;
using ActorOrch.Resources.Quantities;
using CsCheck;

namespace ActorOrch.Resources.Tests.Quantities;

public class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("1", "1")]
    [InlineData("1000m", "1")]
    [InlineData("0.5", "500m")]
    [InlineData("1.", "1")]
    [InlineData(".001", "1m")]
    [InlineData("+100", "100")]
    [InlineData("-0.1", "-100m")]
    [InlineData("1500", "1500")]
    [InlineData("12000", "12k")]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("0.5Gi", "512Mi")]
    [InlineData("512Ki", "512Ki")]
    [InlineData("0.5Ki", "512")]
    [InlineData("1000Ki", "1000Ki")]
    [InlineData("0.0001Ki", "102400u")]
    [InlineData("12e6", "12e6")]
    [InlineData("1500e3", "1500e3")]
    [InlineData("1e0", "1")]
    [InlineData("1E", "1E")]
    [InlineData("1E3", "1e3")]
    [InlineData("0.1n", "1n")]
    [InlineData("0.0000000001", "1n")]
    [InlineData("100000000000000000000000", "9223372036854775807")]
    [InlineData("9223372036854775808Ki", "9223372036854775807")]
    [InlineData("1e-3", "1e-3")]
    [InlineData("1e2147483647", "9223372036854775807")]
    [InlineData("1e2147483648", "9223372036854775807")]
    [InlineData("-1e9223372036854775807", "-9223372036854775807")]
    [InlineData("1e-2147483648", "1e-9")]
    [InlineData("1e-9223372036854775808", "1e-9")]
    [InlineData("0e9223372036854775807", "0")]
    [InlineData("0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001e91", "1")]
    [InlineData("1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000e-90", "1")]
    [InlineData("1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001e-90", "1000000001e-9")]
    public void Prints_the_canonical_form(string text, string canonical) => Assert.Equal(canonical, Quantity.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("lots")]
    [InlineData("1 Gi")]
    [InlineData("1Gib!")]
    public void What_is_no_quantity_is_refused_in_upstreams_words(string text)
    {
        Assert.False(Quantity.TryParse(text, out _, out var error));
        Assert.Equal("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'", error);
    }

    [Theory]
    [InlineData("1..5", "unable to parse numeric part of quantity")]
    [InlineData(".", "unable to parse numeric part of quantity")]
    [InlineData("1KK", "unable to parse quantity's suffix")]
    [InlineData("1mi", "unable to parse quantity's suffix")]
    [InlineData("1e", "unable to parse quantity's suffix")]
    [InlineData("1e9223372036854775808", "unable to parse quantity's suffix")]
    public void A_bad_number_and_a_bad_suffix_are_told_apart(string text, string message)
    {
        Assert.False(Quantity.TryParse(text, out _, out var error));
        Assert.Equal(message, error);
    }

    [Fact]
    public void Values_are_rounded_away_from_zero()
    {
        Assert.Equal(1, Quantity.Parse("1n").MilliValue);
        Assert.Equal(1, Quantity.Parse("1n").Value);
        Assert.Equal(-1, Quantity.Parse("-0.5").Value);
        Assert.Equal(250, Quantity.Parse("250m").MilliValue);
        Assert.Equal(1L << 30, Quantity.Parse("1Gi").Value);
        Assert.Equal(long.MaxValue, Quantity.Parse("8Ei").MilliValue);
    }

    [Fact]
    public void Amounts_are_equal_however_they_are_written()
    {
        Assert.Equal(Quantity.Parse("1024Mi"), Quantity.Parse("1Gi"));
        Assert.Equal(Quantity.Parse("1"), Quantity.Parse("1000m"));
        Assert.True(Quantity.Parse("1G") < Quantity.Parse("1Gi"));
    }

    [Fact]
    public void The_canonical_form_stands_for_the_same_amount_and_stays_as_it_is() => Texts.Sample(text =>
    {
        var quantity = Quantity.Parse(text);
        var again = Quantity.Parse(quantity.ToString());
        // Less than a whole unit of a binary amount is rounded up in print.
        if (quantity.Format != QuantityFormat.BinarySI || quantity.IsWhole) Assert.Equal(quantity, again);
        var isLargeBinary = quantity.Format == QuantityFormat.BinarySI && (quantity >= Quantity.FromValue(1024) || quantity <= Quantity.FromValue(-1024));
        // Where no binary suffix fits there is none, and it is read as a decimal amount: 1.953125Ki prints as 2000, and that as 2k.
        if (isLargeBinary && again.Format != QuantityFormat.BinarySI) Assert.Equal(quantity.Value.ToString(CultureInfo.InvariantCulture), quantity.ToString());
        else Assert.Equal(quantity.ToString(), again.ToString());
    });

    [Fact]
    public void A_binary_amount_that_no_binary_suffix_fits_prints_its_units()
    {
        Assert.Equal("-49727040000", Quantity.Parse("-48561562.5Ki").ToString());
        Assert.Equal("2000", Quantity.Parse("1.953125Ki").ToString());
    }

    [Fact]
    public void Sums_are_exact_and_order_does_not_matter() =>
        Gen.Select(Millis, Millis, Millis).Sample((a, b, c) =>
        {
            Assert.Equal(a + b, b + a);
            Assert.Equal(a + b + c, a + (b + c));
            Assert.Equal(a, a + b - b);
            Assert.Equal(a.MilliValue + b.MilliValue, (a + b).MilliValue);
        });

    [Fact]
    public void Order_is_that_of_the_amounts() =>
        Gen.Select(Millis, Millis).Sample((a, b) => Assert.Equal(a.MilliValue.CompareTo(b.MilliValue), a.CompareTo(b)));

    private static readonly Gen<Quantity> Millis = Gen.Long[-1_000_000_000, 1_000_000_000].Select(Quantity.FromMilli);

    private static readonly Gen<string> Texts =
        Gen.Select(
            Gen.OneOf("", "-", "+"),
            Gen.ULong[0, 99_999_999],
            Gen.OneOf("", ".5", ".25", ".001", "."),
            Gen.OneOf("", "n", "u", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3", "E-3", "e6"),
            (sign, number, fraction, suffix) => $"{sign}{number}{fraction}{suffix}");
}
