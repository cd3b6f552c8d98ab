using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Collections.Tree;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Selectors;

namespace ActorOrch.Gateway.Reading;

/// <summary>Which objects of a collection a request is about: its namespace, its name where it has one, its selectors.</summary>
internal sealed class ObjectFilter
{
    private readonly ResourceType _type;
    private readonly string _namespace;
    private readonly string _name;
    private readonly LabelSelector? _labels;
    private readonly FieldSelector? _fields;

    private ObjectFilter(ResourceType type, string @namespace, string name, LabelSelector? labels, FieldSelector? fields)
    {
        _type = type;
        _namespace = @namespace;
        _name = name;
        _labels = labels;
        _fields = fields;
    }

    /// <summary>Whether more than the namespace limits the result, so that its size cannot be known without looking.</summary>
    public bool HasSelectors => _labels is not null || _fields is not null || _name.Length > 0;

    /// <summary>All objects of a type.</summary>
    public static ObjectFilter Everything(ResourceType type) => new(type, "", "", null, null);

    /// <summary>Throws 400 where a selector cannot be read, names an unknown field or another object than the URL does.</summary>
    public static ObjectFilter Of(ApiRequest request, ListQuery query)
    {
        var fields = query.Fields.Length == 0 ? null : FieldSelector.Parse(query.Fields, request.Type);
        var name = request.Info.Name;
        if (name.Length > 0 && fields is not null && fields.RequiredValue("metadata.name") != name)
            throw ApiException.BadRequest("fieldSelector metadata.name doesn't match requested name");
        var labels = query.Labels.Length == 0 ? null : LabelSelector.Parse(query.Labels);
        return new(request.Type, request.Type.Namespaced ? request.Info.Namespace : "", name, labels, fields);
    }

    /// <summary>The objects among which those that match are found, by an index where one helps: all of them, where there are no selectors.</summary>
    public ObjectTree Candidates(Snapshot snapshot)
    {
        var name = _name.Length > 0 ? _name : _fields?.RequiredValue("metadata.name") ?? "";
        if (name.Length > 0 && (!_type.Namespaced || _namespace.Length > 0))
            return snapshot.Get(new(_namespace, name)) is { } only ? ObjectTree.Of([only]) : ObjectTree.Empty;
        if (_fields is not null)
            foreach (var field in _type.Rules.IndexedFields)
                if (_fields.RequiredValue(field.Name) is { } value && (value.Length > 0 || field.HasEmpty)) return snapshot.With(field.Index, value);
        return snapshot.Within(_namespace);
    }

    public bool Matches(StoredObject obj) =>
        (_namespace.Length == 0 || obj.Key.Namespace == _namespace)
        && (_name.Length == 0 || obj.Key.Name == _name)
        && (_fields is null || _fields.Matches(obj))
        && (_labels is null || _labels.Matches(obj.Meta.Labels));
}
