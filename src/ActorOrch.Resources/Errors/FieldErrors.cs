using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Errors;

/// <summary>One thing that is wrong with a document, as upstream's <c>field.Error</c> has it.</summary>
/// <param name="Reason">The cause's reason: <c>FieldValueRequired</c>, <c>FieldValueInvalid</c>, …</param>
/// <param name="Message">The whole message without the path: <c>Invalid value: -1: must be greater than or equal to 0</c>.</param>
public sealed record FieldError(string Reason, string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>
/// Collects what is wrong, in the words of upstream's validation: all of it, as far as a person could read it. A document may have a hundred
/// thousand errors, and each may quote much of it.
/// </summary>
public sealed class FieldErrors
{
    /// <summary>In characters: what is found once this is used up is counted and not written out.</summary>
    private const int MostText = 64 * 1024;

    /// <summary>Of one error, in characters; upstream's are whole, and this is longer than most of those.</summary>
    private const int LongestText = 16 * 1024;

    private readonly List<FieldError> _errors = [];
    private int _text;

    public IReadOnlyList<FieldError> All => _errors;

    public bool Any => _errors.Count > 0;

    /// <summary>How many were found, those that are not written out included.</summary>
    public int Count { get; private set; }

    public void Required(Field field, string detail = "")
    {
        if (HasRoom()) Add("FieldValueRequired", field.Path, "Required value", detail);
    }

    public void Invalid(Field field, string detail) => Invalid(field, field.Node, detail);

    public void Invalid(Field field, object? value, string detail)
    {
        if (HasRoom()) Add("FieldValueInvalid", field.Path, $"Invalid value: {Print(value)}", detail);
    }

    public void NotSupported(Field field, params IEnumerable<string> supported) => NotSupported(field, field.Node, supported);

    public void NotSupported(Field field, object? value, IEnumerable<string> supported)
    {
        if (!HasRoom()) return;
        Add("FieldValueNotSupported", field.Path, $"Unsupported value: {Print(value)}",
            $"supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");
    }

    public void Forbidden(Field field, string detail)
    {
        if (HasRoom()) Add("FieldValueForbidden", field.Path, "Forbidden", detail);
    }

    public void Duplicate(Field field) => Duplicate(field, field.Node);

    public void Duplicate(Field field, object? value, string detail = "")
    {
        if (HasRoom()) Add("FieldValueDuplicate", field.Path, $"Duplicate value: {Print(value)}", detail);
    }

    public void NotFound(Field field)
    {
        if (HasRoom()) Add("FieldValueNotFound", field.Path, $"Not found: {Print(field.Node)}", "");
    }

    public void TooLong(Field field, long most)
    {
        if (HasRoom()) Add("FieldValueTooLong", field.Path, "Too long", $"may not be more than {most} {(most == 1 ? "byte" : "bytes")}");
    }

    public void TooMany(Field field, int actual, long most)
    {
        if (HasRoom()) Add("FieldValueTooMany", field.Path, $"Too many: {actual}", $"must have at most {most} {(most == 1 ? "item" : "items")}");
    }

    public void TypeInvalid(Field field, string detail) => TypeInvalid(field, field.Node, detail);

    public void TypeInvalid(Field field, object? value, string detail)
    {
        if (HasRoom()) Add("FieldValueTypeInvalid", field.Path, $"Invalid value: {Print(value)}", detail);
    }

    /// <summary>Takes over what another has found, each error once.</summary>
    public void Take(FieldErrors other)
    {
        if (!other.Any) return;
        var known = _errors.ToHashSet();
        Count += other.Count - other._errors.Count;
        foreach (var error in other._errors)
        {
            if (!known.Add(error)) continue;
            if (HasRoom()) Add(error);
        }
    }

    private bool HasRoom()
    {
        Count++;
        return _text < MostText;
    }

    private void Add(string reason, string path, string what, string detail)
    {
        Add(new FieldError(reason, Cut(path), Cut(detail.Length == 0 ? what : $"{Cut(what)}: {detail}")));
    }

    private void Add(FieldError error)
    {
        _text += error.Path.Length + error.Message.Length;
        _errors.Add(error);
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "...";

    private static string Print(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        JsonNode node => node.ToJsonString(),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };
}
