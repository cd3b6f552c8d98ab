using ActorOrch.Resources.Schemas.Validation;

namespace ActorOrch.Resources.Tests.Schemas.Validation;

public sealed class FormatsTests
{
    [Theory]
    [InlineData("date", "2024-02-29", "2024-02-30", "2024-2-1", "")]
    [InlineData("date-time", "2024-02-29T23:59:59Z", "2024-02-29", "2024-02-29T24:00:00Z", "2024-02-29 10:00:00Z", "T")]
    [InlineData("datetime", "2024-02-29t10:00:00.123+02:00", "2024-02-29T10:00Z", "10:00:00Z")]
    [InlineData("duration", "1h30m", "an hour", "", "1", "h")]
    [InlineData("duration", "2 days", "2 moons", "99999999999999999999 days")]
    [InlineData("duration", "-1.5s", "-2 days", "9999999999999.5h", "9999999999999999999999999999999999999999.5h")]
    [InlineData("duration", "0", "-")]
    [InlineData("duration", "10 milliseconds 3 ns", "ms 10")]
    [InlineData("byte", "YWI=", "YWI", "", "a b=", "YW-_")]
    [InlineData("password", "")]
    [InlineData("uuid", "123E4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-42661417400", "x")]
    [InlineData("uuid", "123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}")]
    [InlineData("uuid3", "123e4567-e89b-32d3-a456-426614174000", "123e4567-e89b-42d3-a456-426614174000")]
    [InlineData("uuid4", "123e4567-e89b-42d3-a456-426614174000", "123e4567-e89b-42d3-c456-426614174000")]
    [InlineData("uuid5", "123e4567-e89b-52d3-b456-426614174000", "123e4567-e89b-12d3-a456-426614174000")]
    [InlineData("ipv4", "10.0.0.1", "10.0.0", "010.0.0.1", "::1", "10.0.0.256")]
    [InlineData("ipv6", "fd00::1", "10.0.0.1", "fd00::1%eth0", ":", "[::1]")]
    [InlineData("cidr", "10.0.0.0/8", "10.0.0.0", "10.0.0.0/33", "/8", "10.0.0.0/-1")]
    [InlineData("cidr", "fd00::/64", "fd00::/129")]
    [InlineData("mac", "00:00:5e:00:53:01", "00:00:5e:00:53", "00:00:5e:00:53-01", "00005e005301")]
    [InlineData("mac", "0000.5e00.5301", "02-00-5e-10-00-00-00", "0000.5e00")]
    [InlineData("mac", "02-00-5e-10-00-00-00-01", "02:00:5e:10:00:00:00:0g")]
    [InlineData("email", "someone@example.com", "someone", "@example.com", "")]
    [InlineData("email", "Some One <someone@example.com>", "<>")]
    [InlineData("hostname", "example.com", "", "-a.com", "a..b", "a.b", "example.com.")]
    [InlineData("hostname", "localhost", "local host", "a_b.com", "a-b-c")]
    [InlineData("hostname", "b\u00fccher.example", "example.c-", "example.a--b")]
    [InlineData("uri", "https://user@example.com:8080/a%20b?c=d", "example.com", "", "http://exa mple.com", "https://a/%zz", ":a")]
    [InlineData("uri", "/a/b", "a/b", "#a")]
    [InlineData("uri", "http://[::1]:80/", "http://[::1", "http://a:b/")]
    [InlineData("uri", "mailto:a@example.com", "1a:b")]
    [InlineData("isbn", "978-0321751041", "978-0321751042", "x")]
    [InlineData("isbn10", "0321751043", "0321751044", "978-0321751041")]
    [InlineData("isbn13", "978-0321751041", "0321751043")]
    [InlineData("creditcard", "4111 1111 1111 1111", "4111 1111 1111 1112", "1")]
    [InlineData("ssn", "111-11-1111", "111111111", "111-11-111")]
    [InlineData("hexcolor", "#FFFFFF", "#FFFFF", "white")]
    [InlineData("rgbcolor", "rgb(255, 0,7)", "rgb(256,0,0)", "rgb(1,2)")]
    [InlineData("bsonobjectid", "507f1f77bcf86cd799439011", "507f1f77bcf86cd79943901", "z07f1f77bcf86cd799439011")]
    [InlineData("quantity", "1.5Gi", "1.5 Gi", "a", "")]
    [InlineData("k8s-short-name", "a-1", "A", "a.b", "-a", "")]
    [InlineData("k8s-long-name", "a-1.b", "a..b", "A.b", "")]
    public void A_format_takes_what_upstream_takes(string format, string right, params string[] wrong)
    {
        Assert.True(Formats.Applies(format, ["string"]));
        Assert.True(Formats.IsValid(format, right), $"\"{right}\" is a {format}");
        foreach (var text in wrong) Assert.False(Formats.IsValid(format, text), $"\"{text}\" is no {format}");
    }

    [Fact]
    public void A_format_of_another_type_means_nothing()
    {
        Assert.False(Formats.Applies("int32", ["string"]));
        Assert.False(Formats.Applies("date", ["integer"]));
        Assert.False(Formats.Applies("date", ["object"]));
        Assert.False(Formats.Applies("odd", []));
        Assert.True(Formats.Applies("date", []));
        Assert.True(Formats.Applies("double", ["number"]));
    }
}
