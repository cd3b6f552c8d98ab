using System.Runtime.CompilerServices;
using Akka.Serialization;

namespace ActorOrch.Architecture.Tests;

/// <summary>Processes of two versions talk to each other, and a newer one reads what an older one wrote: no change of that goes unseen.</summary>
public sealed class ProtocolTests
{
    private static readonly string Listed = Path.Combine(Sources.Top, "src", "protocol.txt");

    [Fact]
    public async Task The_protocol_is_the_one_that_is_listed()
    {
        var now = Protocol.Describe();
        if (Environment.GetEnvironmentVariable("ACTORORCH_WRITE_PROTOCOL") is { Length: > 0 }) await File.WriteAllTextAsync(Listed, now);
        Assert.Equal(await File.ReadAllTextAsync(Listed), now);
    }

    [Fact]
    public void Every_serializer_of_ours_is_configured() => Code.Modules
        .SelectMany(m => m.GetTypes())
        .Where(t => t.BaseType?.Name == nameof(SerializerWithStringManifest) && Protocol.Serializers.All(s => s.FullName != t.FullName))
        .Select(t => $"{t.FullName} serves nobody")
        .AssertNone();

    [Fact]
    public void No_two_serializers_have_one_number()
    {
        var numbers = Protocol.Serializers.Select(s => Protocol.Blank(s).Identifier).ToArray();
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }

    [Fact]
    public void What_is_written_is_read() => (
        from type in Protocol.Serializers
        let read = Protocol.Read(type).ToHashSet()
        from message in Protocol.MessagesOf(type)
        let manifest = Protocol.Blank(type).Manifest(RuntimeHelpers.GetUninitializedObject(message))
        where !read.Contains(manifest)
        select $"{type.Name} writes {manifest} and does not read it")
        .AssertNone();
}
