using System.Globalization;

namespace ActorOrch.Resources.Errors;

/// <summary>The way to a field, a step at a time: a name, a key of a map, or an index.</summary>
internal sealed class FieldPath
{
    public static readonly FieldPath Root = new(null, "", isKey: false);

    private readonly FieldPath? _parent;
    private readonly string? _name;
    private readonly int _index;
    private readonly bool _isKey;

    public FieldPath(FieldPath? parent, string name, bool isKey)
    {
        _parent = parent;
        _name = name;
        _isKey = isKey;
    }

    public FieldPath(FieldPath parent, int index)
    {
        _parent = parent;
        _index = index;
    }

    public override string ToString()
    {
        var before = _parent?.ToString() ?? "";
        if (_name is null) return string.Create(CultureInfo.InvariantCulture, $"{before}[{_index}]");
        if (_isKey) return $"{before}[{_name}]";
        return before.Length == 0 ? _name : $"{before}.{_name}";
    }
}
