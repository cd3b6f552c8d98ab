using System.Text.Json.Nodes;

namespace ActorOrch.Resources;

/// <summary>One thing that is wrong with a document, as upstream's <c>field.Error</c> has it.</summary>
/// <param name="Reason">The cause's reason: <c>FieldValueRequired</c>, <c>FieldValueInvalid</c>, …</param>
/// <param name="Message">The whole message without the path: <c>Invalid value: -1: must be greater than or equal to 0</c>.</param>
public sealed record FieldError(string Reason, string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>Collects what is wrong, in the words of upstream's validation.</summary>
public sealed class FieldErrors
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> All => _errors;

    public bool Any => _errors.Count > 0;

    public void Required(Field field, string detail = "") =>
        Add("FieldValueRequired", field.Path, "Required value", detail);

    public void Invalid(Field field, string detail) => Invalid(field, field.Node, detail);

    public void Invalid(Field field, object? value, string detail) =>
        Add("FieldValueInvalid", field.Path, $"Invalid value: {Print(value)}", detail);

    public void NotSupported(Field field, params IEnumerable<string> supported) =>
        Add("FieldValueNotSupported", field.Path, $"Unsupported value: {Print(field.Node)}",
            $"supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");

    public void Forbidden(Field field, string detail) => Add("FieldValueForbidden", field.Path, "Forbidden", detail);

    public void Duplicate(Field field) => Duplicate(field, field.Node);

    public void Duplicate(Field field, object? value, string detail = "") =>
        Add("FieldValueDuplicate", field.Path, $"Duplicate value: {Print(value)}", detail);

    public void NotFound(Field field) => Add("FieldValueNotFound", field.Path, $"Not found: {Print(field.Node)}", "");

    public void TooLong(Field field, int most) => Add("FieldValueTooLong", field.Path, "Too long", $"may not be more than {most} bytes");

    public void TooMany(Field field, int actual, int most) =>
        Add("FieldValueTooMany", field.Path, $"Too many: {actual}", $"must have at most {most} items");

    public void TypeInvalid(Field field, string detail) => Add("FieldValueTypeInvalid", field.Path, $"Invalid value: {Print(field.Node)}", detail);

    private void Add(string reason, string path, string what, string detail) =>
        _errors.Add(new(reason, path, detail.Length == 0 ? what : $"{what}: {detail}"));

    private static string Print(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        JsonNode node => node.ToJsonString(),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };
}
