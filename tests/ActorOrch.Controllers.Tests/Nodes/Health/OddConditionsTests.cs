using System.Text.Json.Nodes;
using ActorOrch.Controllers.Nodes.Health;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Controllers.Tests.Nodes.Health;

public sealed class OddConditionsTests : ControllersTest
{
    [Theory]
    [InlineData("""[{}]""", false)]
    [InlineData("""[{"lastHeartbeatTime":"2026-01-01T00:00:00Z"},{"type":"Ready","status":"True"}]""", true)]
    [InlineData("""[{"type":"Ready"}]""", false)]
    [InlineData("""[{"status":"True"}]""", false)]
    [InlineData("""[]""", false)]
    public async Task A_condition_may_lack_its_type_or_status(string conditions, bool ready)
    {
        await Registry.PutAsync(BuiltIn.Nodes, JsonNode.Parse($$$"""{"metadata":{"name":"odd"},"status":{"conditions":{{{conditions}}}}}""")!.AsObject());

        Assert.Equal(ready, NodeReadiness.IsReady(Registry[BuiltIn.Nodes].Latest.Get(new("", "odd"))!));
    }
}
