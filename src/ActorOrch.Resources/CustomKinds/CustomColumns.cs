using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Columns;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.CustomKinds;

/// <summary>The columns of a custom kind: <c>additionalPrinterColumns</c>, or the age where there are none.</summary>
internal static class CustomColumns
{
    private static readonly IReadOnlyList<TableColumn> Plain = [ColumnSet.Name, ColumnSet.Age];

    public static IReadOnlyList<TableColumn> Read(Field columns)
    {
        if (columns.Items.FirstOrDefault() is not { Exists: true }) return Plain;
        return [ColumnSet.Name, .. columns.Items.Select(Column)];
    }

    private static TableColumn Column(Field column)
    {
        var path = FieldQuery.Parse(column["jsonPath"].Text);
        var type = column["type"].Text;
        return new(column["name"].Text, type == "date" ? "string" : type, (obj, now) => Cell(path, type, obj, now))
        {
            Format = column["format"].Text,
            Description = column["description"].Text,
            Priority = (int)(column["priority"].Integer ?? 0),
        };
    }

    private static object? Cell(FieldQuery path, string type, StoredObject obj, DateTimeOffset now)
    {
        var found = path.Find(obj.Facts(static o => o.ToJson())).ToList();
        if (found.Count == 0) return null;
        if (type == "string") return string.Join(',', found.Select(Text));
        return (type, found[0]) switch
        {
            ("integer", JsonValue value) when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number) => number,
            ("number", JsonValue value) when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) => number,
            ("boolean", JsonValue value) when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
            ("date", JsonValue value) when value.GetValueKind() == JsonValueKind.String => DateTimeOffset.TryParse(
                value.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? HumanDuration.Since(time, now) : "<invalid>",
            _ => null,
        };
    }

    private static string Text(JsonNode? value) => value is JsonValue scalar && scalar.GetValueKind() == JsonValueKind.String ? scalar.GetValue<string>() : value?.ToJsonString() ?? "";
}
