using System.Text;

namespace ActorOrch.Resources.Decoding;

/// <summary>Collects what field validation finds; at most <see cref="Most"/>, each text once, as upstream does.</summary>
internal sealed class StrictErrorList
{
    private const int Most = 100;

    // The same may be wrong a million times in one document.
    private const int MostReports = 10_000;

    private readonly List<string> _errors = [];
    private int _reports;

    /// <summary>Whether another is worth its words.</summary>
    public bool Wants => _errors.Count < Most && _reports < MostReports;

    public IReadOnlyList<string> All => _errors;

    public void Add(string error)
    {
        if (!Wants) return;
        _reports++;
        if (!_errors.Contains(error)) _errors.Add(error);
    }
}

/// <summary>Where in a document a walk is. Printed only when there is something to say.</summary>
internal sealed class DocumentPath(StrictErrorList errors)
{
    // A name may be as long as a body, and much may be wrong below it.
    private const int LongestText = 1000;

    private readonly List<(string? Name, int Index)> _parts = [];

    public void Push(string name) => _parts.Add((name, 0));

    public void Push(int index) => _parts.Add((null, index));

    public void Pop() => _parts.RemoveAt(_parts.Count - 1);

    /// <summary>Notes that the field here is <paramref name="what"/>: <c>unknown field "spec.containers[0].foo"</c>.</summary>
    public void Report(string what)
    {
        if (errors.Wants) errors.Add($"{what} field \"{this}\"");
    }

    /// <summary>Names and indexes: <c>spec.containers[0].image</c>; the beginning of what is very long.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, index) in _parts)
        {
            if (name is null) text.Append('[').Append(index).Append(']');
            else text.Append(text.Length > 0 ? "." : "").Append(name.AsSpan(0, Math.Min(name.Length, LongestText)));
            if (text.Length > LongestText) return text.ToString(0, LongestText) + "...";
        }
        return text.ToString();
    }
}
