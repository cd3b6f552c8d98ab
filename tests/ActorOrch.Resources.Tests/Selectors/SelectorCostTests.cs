using System.Text;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Quantities;
using ActorOrch.Resources.Selectors;

namespace ActorOrch.Resources.Tests.Selectors;

/// <summary>Texts that stand in queries and fields are read in proportion to their length.</summary>
public class SelectorCostTests
{
    private static readonly Dictionary<string, (Func<int, string> Text, Action<string> Read)> Texts = new()
    {
        ["labels that must be there"] = (n => Joined(n, i => $"k{i}"), t => LabelSelector.Parse(t)),
        ["labels that must not be there"] = (n => Joined(n, i => $"!k{i}"), t => LabelSelector.Parse(t)),
        ["labels that must be equal"] = (n => Joined(n, i => $"k{i}=v"), t => LabelSelector.Parse(t)),
        ["values of a set"] = (n => $"k in ({Joined(n, i => $"v{i}")})", t => LabelSelector.Parse(t)),
        ["one value of a set again and again"] = (n => $"k in ({Joined(n, _ => "v")})", t => LabelSelector.Parse(t)),
        ["commas"] = (n => new string(',', n), t => LabelSelector.Parse(t)),
        ["parentheses"] = (n => "k in " + new string('(', n), t => LabelSelector.Parse(t)),
        ["exclamation marks"] = (n => new string('!', n), t => LabelSelector.Parse(t)),
        ["spaces"] = (n => "a" + new string(' ', n) + "b", t => LabelSelector.Parse(t)),
        ["a key of slashes"] = (n => new string('/', n), t => LabelSelector.Parse(t)),
        ["a key of dots"] = (n => string.Concat(Enumerable.Repeat("a.", n)) + "/a", t => LabelSelector.Parse(t)),
        ["a key of dashes"] = (n => "a" + string.Concat(Enumerable.Repeat("-a", n)) + "_!", t => LabelSelector.Parse(t)),
        ["a long value"] = (n => "k=" + new string('v', n), t => LabelSelector.Parse(t)),
        ["fields"] = (n => Joined(n, _ => "metadata.name=a"), t => FieldSelector.Parse(t, BuiltIn.Pods)),
        ["fields that differ"] = (n => Joined(n, _ => "metadata.name!=a"), t => FieldSelector.Parse(t, BuiltIn.Pods)),
        ["escapes of a field"] = (n => "metadata.name=" + string.Concat(Enumerable.Repeat("\\,", n)), t => FieldSelector.Parse(t, BuiltIn.Pods)),
        ["a field of no sign"] = (n => new string('a', n), t => FieldSelector.Parse(t, BuiltIn.Pods)),
        ["a name of dots"] = (n => string.Concat(Enumerable.Repeat("a.", n)) + "!", t => Names.Dns1123Subdomain(t).Count()),
        ["a name of dashes"] = (n => string.Concat(Enumerable.Repeat("a-", n)) + "!", t => Names.Dns1123Subdomain(t).Count()),
        ["a label of dashes"] = (n => string.Concat(Enumerable.Repeat("a-", n)) + "!", t => Names.LabelValue(t).Count()),
        ["digits of a quantity"] = (n => new string('9', n), t => Quantity.TryParse(t, out _)),
        ["decimals of a quantity"] = (n => "0." + new string('9', n), t => Quantity.TryParse(t, out _)),
        ["zeros of a quantity"] = (n => new string('0', n) + "1", t => Quantity.TryParse(t, out _)),
        ["an exponent of a quantity"] = (n => "1e" + new string('0', n) + "3", t => Quantity.TryParse(t, out _)),
        ["a negative exponent of a quantity"] = (n => new string('9', n) + "e-2000000000", t => Quantity.TryParse(t, out _)),
        ["points of a quantity"] = (n => new string('.', n), t => Quantity.TryParse(t, out _)),
        ["a suffix of a quantity"] = (n => "1" + new string('E', n), t => Quantity.TryParse(t, out _)),
        ["fractions of a time"] = (n => "2024-05-01T12:00:00." + new string('9', n) + "Z", ReadTime),
        ["a time with a tail"] = (n => "2024-05-01T12:00:00Z" + new string('Z', n), ReadTime),
    };

    public static TheoryData<string> Shapes => [.. Texts.Keys];

    [Theory, MemberData(nameof(Shapes))]
    public void Texts_are_read_in_proportion(string name) => Complexity.IsNotSquare(25_000, n =>
    {
        var text = Texts[name].Text(n);
        return () => Refusable(() => Texts[name].Read(text));
    });

    [Fact]
    public void A_set_of_many_values_is_searched_and_not_walked_through()
    {
        var labels = new Dictionary<string, string> { ["k"] = "v9999" };
        Complexity.IsNotSquare(2_000, n =>
        {
            var selector = LabelSelector.Parse($"k in ({Joined(n, i => $"v{i}")})");
            return () =>
            {
                for (var i = 0; i < n; i++) selector.Matches(labels);
            };
        });
    }

    [Fact]
    public void A_set_holds_its_values_however_many_they_are()
    {
        for (var count = 1; count < 40; count++)
        {
            var values = Enumerable.Range(0, count).Select(i => i % 3 == 0 ? $"V{i}" : i % 3 == 1 ? $"v{i}" : $"{i}-x").ToList();
            var selector = LabelSelector.Parse($"k in ({string.Join(',', values)})");
            Assert.All(values, v => Assert.True(selector.Matches(new Dictionary<string, string> { ["k"] = v })));
            Assert.False(selector.Matches(new Dictionary<string, string> { ["k"] = "other" }));
        }
    }

    private static void ReadTime(string text)
    {
        var lease = Encoding.UTF8.GetBytes($$$"""{"metadata":{"name":"l"},"spec":{"renewTime":"{{{text}}}"}}""");
        ObjectDecoder.Decode(lease, "application/json", BuiltIn.Leases);
    }

    private static void Refusable(Action work)
    {
        try
        {
            work();
        }
        catch (ApiException refused)
        {
            Assert.InRange(refused.Code, 400, 499);
        }
    }

    private static string Joined(int count, Func<int, string> part) => string.Join(',', Enumerable.Range(0, count).Select(part));
}
