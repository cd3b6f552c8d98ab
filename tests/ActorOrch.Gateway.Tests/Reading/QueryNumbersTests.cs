using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;
using CsCheck;

namespace ActorOrch.Gateway.Tests.Reading;

/// <summary>Whatever number stands in a query, the answer is one: never a failure of the server.</summary>
public sealed class QueryNumbersTests : GatewayTest
{
    private static readonly IReadOnlyList<string> Numbers =
    [
        .. NumberFields.Integers.Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        "99999999999999999999", "-99999999999999999999", "1e9", "+1", " 1", "0x1", "1.0", "%00", "NaN",
    ];

    [Theory]
    [InlineData("GET", "/api/v1/namespaces/default/configmaps?limit=")]
    [InlineData("GET", "/api/v1/namespaces/default/configmaps?timeoutSeconds=")]
    [InlineData("GET", "/api/v1/namespaces/default/configmaps?resourceVersionMatch=NotOlderThan&resourceVersion=-")]
    [InlineData("GET", "/api/v1/namespaces/default/pods/p/log?tailLines=")]
    [InlineData("GET", "/api/v1/namespaces/default/pods/p/log?sinceSeconds=")]
    [InlineData("GET", "/api/v1/namespaces/default/pods/p/log?limitBytes=")]
    [InlineData("DELETE", "/api/v1/namespaces/default/pods/gone?gracePeriodSeconds=")]
    [InlineData("DELETE", "/api/v1/namespaces/default/pods?labelSelector=none&gracePeriodSeconds=")]
    public async Task It_is_taken_or_refused(string method, string path)
    {
        await PutPodAsync("p");
        foreach (var number in Numbers)
        {
            using var response = await Gateway.RespondAsync(method, path + Uri.EscapeDataString(number));
            // The log's node is not there: that, too, is an answer.
            Assert.True((int)response.StatusCode < 500 || response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{path}{number}: {response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("GET", "configmaps", "limit")]
    [InlineData("GET", "configmaps", "timeoutSeconds")]
    [InlineData("GET", "configmaps?watch=true", "timeoutSeconds")]
    [InlineData("GET", "pods/p/log", "tailLines")]
    [InlineData("GET", "pods/p/log", "sinceSeconds")]
    [InlineData("GET", "pods/p/log", "limitBytes")]
    [InlineData("DELETE", "pods/p", "gracePeriodSeconds")]
    [InlineData("DELETE", "pods", "gracePeriodSeconds")]
    public async Task What_is_none_of_64_bits_is_refused_in_the_words_of_strconv(string method, string path, string parameter)
    {
        await PutPodAsync("p");
        await Gen.OneOf(Wrong, Large, Odd).SampleAsync(async text =>
        {
            var (code, status) = await Gateway.SendAsync(method, $"/api/v1/namespaces/default/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{parameter}={Uri.EscapeDataString(text)}");
            var digits = text.TrimStart('+', '-');
            var what = text.Length - digits.Length <= 1 && digits.Length > 0 && digits.All(char.IsAsciiDigit) ? "value out of range" : "invalid syntax";
            Assert.Equal((HttpStatusCode.BadRequest, $"strconv.ParseInt: parsing \"{text}\": {what}"), (code, (string)status["message"]!));
        }, iter: 60, threads: 1);
    }

    [Theory]
    [InlineData("18446744073709551616", "value out of range")]
    [InlineData("-1", "invalid syntax")]
    [InlineData("+1", "invalid syntax")]
    [InlineData("1\0", "invalid syntax")]
    public async Task A_revision_is_a_number_without_a_sign(string text, string what)
    {
        foreach (var path in (string[])["configmaps?", "configmaps?watch=true&", "configmaps/c?"])
        {
            var (code, status) = await Gateway.SendAsync("GET", $"/api/v1/namespaces/default/{path}resourceVersion={Uri.EscapeDataString(text)}");
            Assert.Equal(
                (HttpStatusCode.BadRequest, $"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": {what}"), (code, (string)status["message"]!));
        }
    }

    // Past the ends of what 64 bits hold, from just so to far.
    private static Gen<string> Large => Gen.OneOf(
        Gen.ULong[(ulong)long.MaxValue + 1, ulong.MaxValue].Select(n => $"{n}"),
        Gen.ULong[(ulong)long.MaxValue + 2, ulong.MaxValue].Select(n => $"-{n}"),
        Gen.Int[20, 400].Select(n => "+" + new string('9', n)));

    private static Gen<string> Wrong => Gen.String[Gen.Char[' ', '~'], 1, 12].Where(s => !long.TryParse(s, out _));

    private static readonly string[] OddTexts = ["-", "+", "--1", " 1", "1 ", "1\0", "0x1", "1_000", "1e9", "1.0", "\u0661", "NaN"];

    private static Gen<string> Odd => Gen.Int[0, OddTexts.Length - 1].Select(i => OddTexts[i]);

    [Fact]
    public async Task A_watch_may_last_as_long_as_anyone_likes()
    {
        foreach (var number in Numbers)
        {
            using var response = await Gateway.Client.GetAsync(
                "/api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds=" + Uri.EscapeDataString(number), HttpCompletionOption.ResponseHeadersRead);
            Assert.True((int)response.StatusCode < 500, $"{number}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task A_pod_may_be_deleted_with_any_grace_and_again()
    {
        foreach (var first in Numbers)
        {
            await PutPodAsync("p");
            foreach (var grace in (string[])[first, "300000000000", "0"])
            {
                using var response = await Gateway.RespondAsync("DELETE", "/api/v1/namespaces/default/pods/p?gracePeriodSeconds=" + Uri.EscapeDataString(grace));
                Assert.True((int)response.StatusCode < 500, $"{first}, {grace}: {response.StatusCode}");
            }
            Assert.Null(Gateway.Registry[BuiltIn.Pods].Latest.Get(new("default", "p")));
        }
    }

    private Task<StoredObject> PutPodAsync(string name) => Gateway.Registry.PutAsync(BuiltIn.Pods, JsonNode.Parse(
        $$"""{"metadata":{"name":"{{name}}","namespace":"default"},"spec":{"nodeName":"n1","terminationGracePeriodSeconds":9223372036854775807,"containers":[{"name":"a"}]} }""")!.AsObject());
}
