using System.Text;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>A field that someone else owns with another value.</summary>
/// <param name="Manager">Who owns it.</param>
/// <param name="Path">As errors name it: <c>.spec.replicas</c>.</param>
internal sealed record FieldConflict(FieldManager Manager, string Path)
{
    private const int MostCauses = 500;

    /// <summary>The answer to an apply that is not forced.</summary>
    public static ApiException Refuse(IReadOnlyList<FieldConflict> conflicts)
    {
        var causes = conflicts.Take(MostCauses)
            .Select(c => new FieldError("FieldManagerConflict", c.Path, $"conflict with {c.Manager}")).ToList();
        return new(409, "Conflict", Message(conflicts)) { Causes = causes };
    }

    private static string Message(IReadOnlyList<FieldConflict> conflicts)
    {
        if (conflicts.Count == 1) return $"Apply failed with 1 conflict: conflict with {conflicts[0].Manager}: {conflicts[0].Path}";
        var text = new StringBuilder($"Apply failed with {conflicts.Count} conflicts: ");
        var separator = "";
        foreach (var manager in conflicts.GroupBy(c => c.Manager).OrderBy(g => g.Key.Key.Manager, StringComparer.Ordinal))
        {
            text.Append(separator).Append("conflicts with ").Append(manager.Key).Append(':');
            foreach (var conflict in manager.Take(MostCauses)) text.Append("\n- ").Append(conflict.Path);
            separator = "\n";
        }
        return text.ToString();
    }
}
