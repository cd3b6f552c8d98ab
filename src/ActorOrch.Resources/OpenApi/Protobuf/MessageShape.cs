using System.Text.Json;

namespace ActorOrch.Resources.OpenApi.Protobuf;

/// <summary>Writes a value of a JSON document as one field of a message.</summary>
internal delegate void FieldWriter(ProtobufWriter output, int number, JsonElement value);

/// <summary>Which field of a message a JSON object's member goes to, and how.</summary>
internal sealed class MessageShape
{
    private readonly Dictionary<string, (int Number, FieldWriter Write)> _fields = new(StringComparer.Ordinal);
    private (int Number, FieldWriter Write)? _extensions;
    private (int Number, FieldWriter Write)? _entries;

    public MessageShape With(string member, int number, FieldWriter write)
    {
        _fields.Add(member, (number, write));
        return this;
    }

    /// <summary>Members that begin with <c>x-</c> go to one repeated field, each with its name.</summary>
    public MessageShape WithExtensions(int number)
    {
        _extensions = (number, Fields.Yaml);
        return this;
    }

    /// <summary>All other members go to one repeated field, each with its name.</summary>
    public MessageShape WithEntries(int number, FieldWriter write)
    {
        _entries = (number, write);
        return this;
    }

    /// <summary>Throws <see cref="InvalidOperationException"/> for a member that the message has no field for: nothing is left out.</summary>
    public void Write(ProtobufWriter output, JsonElement document)
    {
        foreach (var member in document.EnumerateObject())
        {
            if (_fields.TryGetValue(member.Name, out var field)) field.Write(output, field.Number, member.Value);
            else if (_extensions is { } extensions && member.Name.StartsWith("x-", StringComparison.Ordinal)) WriteNamed(output, extensions, member);
            else if (_entries is { } entries) WriteNamed(output, entries, member);
            else throw new InvalidOperationException($"the published document says \"{member.Name}\", which its protobuf form has no field for");
        }
    }

    // A map is a list of messages: 1 the name, 2 the value.
    private static void WriteNamed(ProtobufWriter output, (int Number, FieldWriter Write) field, JsonProperty member) =>
        output.WriteMessage(field.Number, (field.Write, member), static (inner, state) =>
        {
            inner.WriteText(1, state.member.Name);
            state.Write(inner, 2, state.member.Value);
        });
}
