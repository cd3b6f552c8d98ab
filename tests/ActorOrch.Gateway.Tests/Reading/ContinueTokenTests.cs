using ActorOrch.Resources;
using CsCheck;

namespace ActorOrch.Gateway.Tests;

public sealed class ContinueTokenTests
{
    [Fact]
    public void What_was_encoded_is_decoded() =>
        Gen.Select(Gen.Long[-1, long.MaxValue], Gen.String.AlphaNumeric, Gen.String.AlphaNumeric).Sample((revision, ns, name) =>
        {
            var token = new ContinueToken(revision, new(ns, name));
            Assert.Equal(token, ContinueToken.Decode(token.Encode()));
        });

    [Fact]
    public void Anything_else_is_a_bad_request_and_nothing_worse() =>
        Gen.String.Sample(text => Assert.Equal(400, Assert.Throws<ApiException>(() => ContinueToken.Decode(text)).Code));
}
