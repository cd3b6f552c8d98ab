using System.Buffers.Text;
using System.Text.Json;
using ActorOrch.Gateway.Reading;
using ActorOrch.Resources.Errors;
using CsCheck;

namespace ActorOrch.Gateway.Tests.Reading;

public sealed class ContinueTokenTests
{
    [Theory]
    [InlineData("../../x")]
    [InlineData("./x")]
    [InlineData("default/..")]
    [InlineData("default/.")]
    [InlineData("default/")]
    [InlineData("default//x")]
    [InlineData("default/x/y")]
    [InlineData("default/../kube-system/x")]
    [InlineData("/../x")]
    [InlineData("x")]
    public void A_key_that_no_object_can_have_is_refused_by_its_name(string start)
    {
        var token = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new { v = "meta.k8s.io/v1", rv = 5, start = start + "\0" }));

        var error = Assert.Throws<ApiException>(() => ContinueToken.Decode(token));

        Assert.Equal((400, $"invalid continue token: continue key is not valid: {start}"), (error.Code, error.Message));
    }

    [Fact]
    public void What_was_encoded_is_decoded() =>
        Gen.Select(Gen.Long[-1, long.MaxValue], Gen.String.AlphaNumeric, Gen.Char.AlphaNumeric.Array[1, 20].Select(name => new string(name))).Sample((revision, ns, name) =>
        {
            var token = new ContinueToken(revision, new(ns, name));
            Assert.Equal(token, ContinueToken.Decode(token.Encode()));
        });

    [Fact]
    public void Anything_else_is_a_bad_request_and_nothing_worse() =>
        Gen.String.Sample(text => Assert.Equal(400, Assert.Throws<ApiException>(() => ContinueToken.Decode(text)).Code));
}
