using ActorOrch.Resources;

namespace ActorOrch.Gateway;

/// <summary>Which objects of a collection a request is about: its namespace, its name where it has one, its selectors.</summary>
internal sealed class ObjectFilter
{
    private readonly string _namespace;
    private readonly string _name;
    private readonly LabelSelector? _labels;
    private readonly FieldSelector? _fields;

    private ObjectFilter(string @namespace, string name, LabelSelector? labels, FieldSelector? fields)
    {
        _namespace = @namespace;
        _name = name;
        _labels = labels;
        _fields = fields;
    }

    /// <summary>Whether more than the namespace limits the result, so that its size cannot be known without looking.</summary>
    public bool HasSelectors => _labels is not null || _fields is not null || _name.Length > 0;

    /// <summary>Empty for all namespaces.</summary>
    public string Namespace => _namespace;

    /// <summary>Throws 400 where a selector cannot be read or names an unknown field.</summary>
    public static ObjectFilter Of(ApiRequest request, ListQuery query) => new(
        request.Type.Namespaced ? request.Info.Namespace : "",
        request.Info.Name,
        query.Labels.Length == 0 ? null : LabelSelector.Parse(query.Labels),
        query.Fields.Length == 0 ? null : FieldSelector.Parse(query.Fields, request.Type));

    public bool Matches(StoredObject obj) =>
        (_namespace.Length == 0 || obj.Key.Namespace == _namespace)
        && (_name.Length == 0 || obj.Key.Name == _name)
        && (_fields is null || _fields.Matches(obj))
        && (_labels is null || _labels.Matches(obj.Meta.Labels));
}
