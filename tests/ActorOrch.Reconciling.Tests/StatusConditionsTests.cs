using System.Text.Json.Nodes;

namespace ActorOrch.Reconciling.Tests;

public sealed class StatusConditionsTests
{
    private static readonly string[] Own = ["Available"];

    [Theory]
    [InlineData("""{"replicas":1}""", """{"conditions":[{"type":"Mine","status":"True"}]}""", """{"replicas":1,"conditions":[{"type":"Mine","status":"True"}]}""")]
    [InlineData("""{"conditions":[{"type":"Available","status":"True"},{"type":"Mine","status":"old"}]}""", """{"conditions":[{"type":"Mine","status":"new"},{"type":"Available","status":"False"}]}""",
        """{"conditions":[{"type":"Available","status":"True"},{"type":"Mine","status":"new"}]}""")]
    [InlineData("""{"conditions":[{"type":"Mine","status":"gone"}]}""", """{"conditions":[{"type":"Available","status":"False"}]}""", "{}")]
    [InlineData("""{"replicas":1}""", "null", """{"replicas":1}""")]
    [InlineData("""{"replicas":1}""", """{"conditions":[{},null,"odd",{"type":7}]}""", """{"replicas":1,"conditions":[{},"odd",{"type":7}]}""")]
    public void Conditions_of_others_stay_as_they_are_stored(string decided, string stored, string expected)
    {
        var status = StatusConditions.WithOthers(JsonNode.Parse(decided)!.AsObject(), JsonNode.Parse(stored), Own);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), status), status.ToJsonString());
    }
}
