using ActorOrch.Resources.Catalog;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Columns;

/// <summary>The columns that most kinds share, and the texts that several print alike.</summary>
internal static class ColumnSet
{
    public const string None = "<none>";

    public static readonly TableColumn Name = new("Name", "string", (obj, _) => obj.Key.Name)
    {
        Format = "name",
        Description = "Name must be unique within a namespace.",
    };

    public static readonly TableColumn Age = new("Age", "string", (obj, now) => HumanDuration.Since(obj.Meta.CreationTimestamp, now))
    {
        Description = "CreationTimestamp is a timestamp representing the server time when this object was created.",
    };

    /// <summary>For kinds that have nothing of their own to show.</summary>
    public static readonly IReadOnlyList<TableColumn> Plain =
    [
        Name,
        new("Created At", "date", (obj, _) => obj.Meta.CreationTimestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)),
    ];

    /// <summary>A column whose cell is made of the typed model.</summary>
    public static TableColumn Of<T>(string name, Func<T, object?> cell, string type = "string") where T : class =>
        new(name, type, (obj, _) => cell(obj.As<T>()));

    public static TableColumn Wide<T>(string name, Func<T, object?> cell, string type = "string") where T : class =>
        Of(name, cell, type) with { Priority = 1 };

    public static string Containers(IEnumerable<V1Container>? containers) => string.Join(',', containers?.Select(c => c.Name) ?? []);

    public static string Images(IEnumerable<V1Container>? containers) => string.Join(',', containers?.Select(c => c.Image) ?? []);

    /// <summary>Labels as <c>a=1,b=2</c>, sorted.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, string>>? labels)
    {
        var text = labels is null ? "" : string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));
        return text.Length == 0 ? None : text;
    }

    /// <summary>A label selector in the form that <c>-l</c> takes.</summary>
    public static string Selector(V1LabelSelector? selector)
    {
        if (selector is null) return None;
        var terms = (selector.MatchLabels ?? new Dictionary<string, string>())
            .Select(l => (l.Key, Text: $"{l.Key}={l.Value}"))
            .Concat((selector.MatchExpressions ?? []).Select(e => (e.Key, Text: Expression(e))))
            .OrderBy(t => t.Key, StringComparer.Ordinal)
            .Select(t => t.Text);
        var text = string.Join(',', terms);
        return text.Length == 0 ? None : text;
    }

    private static string Expression(V1LabelSelectorRequirement requirement)
    {
        var values = string.Join(',', requirement.Values?.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>());
        return requirement.OperatorProperty switch
        {
            "In" => $"{requirement.Key} in ({values})",
            "NotIn" => $"{requirement.Key} notin ({values})",
            "DoesNotExist" => $"!{requirement.Key}",
            _ => requirement.Key,
        };
    }
}
