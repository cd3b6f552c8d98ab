using System.Text.Json.Nodes;
using ActorOrch.Resources.Schemas.Validation;

namespace ActorOrch.Resources.Tests.Schemas.Validation;

public sealed class ValueNumberTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-7", "-7")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("9223372036854775808", "9.223372036854776e+18")]
    [InlineData("1.0", "1")]
    [InlineData("1.50", "1.5")]
    [InlineData("-0.25", "-0.25")]
    [InlineData("100000.5", "100000.5")]
    [InlineData("123456789.0", "1.23456789e+08")]
    [InlineData("1e6", "1e+06")]
    [InlineData("1e21", "1e+21")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("1.5e-320", "1.5e-320")]
    public void Numbers_are_printed_as_Go_does(string number, string text) => Assert.Equal(text, ValueNumber.Of(JsonNode.Parse(number)!.AsValue()).ToString());
}
