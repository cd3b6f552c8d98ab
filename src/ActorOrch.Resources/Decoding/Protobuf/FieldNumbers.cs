using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Decoding.Protobuf;

/// <summary>What a number of a message stands for.</summary>
/// <param name="Name">The field's name in JSON; of an inlined message, the name of its own numbers in the table.</param>
/// <param name="IsInline">The message's fields are fields of the object around it (an embedded struct upstream).</param>
/// <param name="KeepsZero">A zero, an empty string or false is part of the document: upstream's field is a pointer, or JSON too always has it.</param>
internal sealed record NumberedField(string Name, bool IsInline, bool KeepsZero);

/// <summary>
/// The field numbers of Kubernetes' protobuf messages, a contract that never changes once published. The table
/// <c>field-numbers.txt</c> has a line a message: <c>PodSpec: 1 volumes, 2 containers, …</c>; <c>?</c> behind a name marks a field that
/// keeps its zero, <c>+</c> before it an inlined message. Where groups share a name, the line has that of the model class.
/// </summary>
internal static class FieldNumbers
{
    private static readonly Lazy<FrozenDictionary<string, FrozenDictionary<int, NumberedField>>> Table = new(Read);

    /// <summary>The names of all lines.</summary>
    public static IReadOnlyCollection<string> Messages => Table.Value.Keys;

    /// <summary>The numbers of an object's message, or null where the table does not have it.</summary>
    public static FrozenDictionary<int, NumberedField>? Of(Schema schema) =>
        (schema.Model is { } model ? Table.Value.GetValueOrDefault(model.Name) : null) ?? Table.Value.GetValueOrDefault(schema.Name);

    /// <summary>The numbers of a message whose fields are fields of the object around it.</summary>
    public static FrozenDictionary<int, NumberedField> OfInlined(string message) => Table.Value[message];

    private static FrozenDictionary<string, FrozenDictionary<int, NumberedField>> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("field-numbers.txt")
            ?? throw new InvalidOperationException("the table of field numbers is not part of the assembly");
        using var reader = new StreamReader(stream);
        var messages = new Dictionary<string, FrozenDictionary<int, NumberedField>>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            messages.Add(line[..colon], line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(Parse).ToFrozenDictionary(f => f.Number, f => f.Field));
        }
        return messages.ToFrozenDictionary();
    }

    private static (int Number, NumberedField Field) Parse(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var name = text[(space + 1)..];
        return (int.Parse(text[..space], CultureInfo.InvariantCulture), new(name.Trim('+', '?'), name.StartsWith('+'), name.EndsWith('?')));
    }
}
