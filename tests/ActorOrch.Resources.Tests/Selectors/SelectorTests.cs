using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Selectors;
using k8s.Models;

namespace ActorOrch.Resources.Tests.Selectors;

public class SelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "web", ["tier"] = "front", ["n"] = "7", ["empty"] = "" };

    [Theory]
    [InlineData("", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web,tier!=back", true)]
    [InlineData("app in (db, web)", true)]
    [InlineData("app notin (db,web)", false)]
    [InlineData("app", true)]
    [InlineData("!app", false)]
    [InlineData("!other,other!=x,other notin (a)", true)]
    [InlineData("other in (a)", false)]
    [InlineData("n>5,n<8", true)]
    [InlineData("app>5", false)]
    [InlineData("empty=", true)]
    [InlineData("empty in ()", true)]
    [InlineData("app in (,web)", true)]
    [InlineData("in=notin", false)]
    public void A_label_selector_chooses(string selector, bool matches)
    {
        Assert.Equal(matches, LabelSelector.Parse(selector).Matches(Labels));
    }

    [Theory]
    [InlineData("app=web,", "found '', expected: identifier after ','")]
    [InlineData("app web", "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, >, <")]
    [InlineData(",a", "found ',', expected: !, identifier, or 'end of string'")]
    [InlineData("a in b", "unable to parse requirement: found 'b' expected: '('")]
    [InlineData("a>x", "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData("a=b c", "found 'c', expected: ',' or 'end of string'")]
    public void A_bad_label_selector_is_refused_in_the_words_of_upstream(string selector, string error)
    {
        var refused = Assert.Throws<ApiException>(() => LabelSelector.Parse(selector));

        Assert.Equal((400, error), (refused.Code, refused.Message));
    }

    [Fact]
    public void The_canonical_text_of_a_selector_parses_to_the_same()
    {
        var selector = LabelSelector.Parse("b notin (y,x), a==1 ,!c,d>3,e");

        Assert.Equal("a=1,b notin (x,y),!c,d>3,e", selector.ToString());
        Assert.Equal(selector.ToString(), LabelSelector.Parse(selector.ToString()).ToString());
    }

    [Fact]
    public void A_missing_selector_chooses_none_and_an_empty_one_all()
    {
        Assert.False(LabelSelector.From((V1LabelSelector?)null).Matches(Labels));
        Assert.True(LabelSelector.From(new V1LabelSelector()).Matches(Labels));
        Assert.False(LabelSelector.FromMap(null).Matches(Labels));
        Assert.True(LabelSelector.From(JsonNode.Parse("""
            {"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["front","back"]},{"key":"gone","operator":"DoesNotExist"}]}
            """)).Matches(Labels));
    }

    [Fact]
    public void A_field_selector_chooses()
    {
        var pod = Object(BuiltIn.Pods, """{"metadata":{"name":"a,b","namespace":"default"},"spec":{"nodeName":"n1"}}""");

        Assert.True(FieldSelector.Parse(@"metadata.name=a\,b,metadata.namespace!=other", BuiltIn.Pods).Matches(pod));
        Assert.False(FieldSelector.Parse("metadata.name==x", BuiltIn.Pods).Matches(pod));
        Assert.True(FieldSelector.Parse("spec.nodeName=n1", BuiltIn.Pods).Matches(pod));
        Assert.Equal("x", FieldSelector.Parse("metadata.name=x", BuiltIn.Pods).RequiredValue("metadata.name"));
    }

    [Theory]
    [InlineData("spec.foo=1", "field label not supported: spec.foo")]
    [InlineData("spec", "invalid selector: 'spec'; can't understand 'spec'")]
    public void A_bad_field_selector_is_refused_in_the_words_of_upstream(string selector, string error)
    {
        var refused = Assert.Throws<ApiException>(() => FieldSelector.Parse(selector, BuiltIn.Pods));

        Assert.Equal((400, error), (refused.Code, refused.Message));
    }

    [Fact]
    public void Kinds_without_fields_of_their_own_know_name_and_namespace_alone()
    {
        var refused = Assert.Throws<ApiException>(() => FieldSelector.Parse("data.x=1", BuiltIn.ConfigMaps));

        Assert.Equal("\"data.x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"", refused.Message);
    }

    private static StoredObject Object(ResourceType type, string json) => StoredObject.FromJson(type, Encoding.UTF8.GetBytes(json));
}
