using System.Text.Json;

namespace ActorOrch.Resources.OpenApi.Protobuf;

/// <summary>The ways in which values of JSON become fields of a message.</summary>
internal static class Fields
{
    public static readonly FieldWriter Text = static (output, number, value) => output.WriteText(number, value.GetString()!);

    public static readonly FieldWriter Flag = static (output, number, value) => output.WriteInteger(number, value.GetBoolean() ? 1 : 0);

    public static readonly FieldWriter Integer = static (output, number, value) => output.WriteInteger(number, value.GetInt64());

    public static readonly FieldWriter Double = static (output, number, value) => output.WriteDouble(number, value.GetDouble());

    /// <summary>Any value at all, as YAML inside of a message. JSON is YAML.</summary>
    public static readonly FieldWriter Yaml = In(2, static (output, number, value) => output.WriteText(number, value.GetRawText()));

    /// <summary>A message of the shape, which may be made later: shapes refer to themselves.</summary>
    public static FieldWriter Message(Func<MessageShape> shape) =>
        (output, number, value) => output.WriteMessage(number, (shape, value), static (inner, state) => state.shape().Write(inner, state.value));

    /// <summary>The elements of an array, one field each.</summary>
    public static FieldWriter Each(FieldWriter element) => (output, number, value) =>
    {
        foreach (var item in value.EnumerateArray()) element(output, number, item);
    };

    /// <summary>As the only field of a message in between.</summary>
    public static FieldWriter In(int inner, FieldWriter write) => (output, number, value) =>
        output.WriteMessage(number, (inner, write, value), static (between, state) => state.write(between, state.inner, state.value));

    /// <summary>One way or the other, as the value says.</summary>
    public static FieldWriter Either(Func<JsonElement, bool> isFirst, FieldWriter first, FieldWriter second) => (output, number, value) =>
        (isFirst(value) ? first : second)(output, number, value);
}
