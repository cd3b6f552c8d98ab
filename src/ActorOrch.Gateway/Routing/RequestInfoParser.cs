using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Routing;

/// <summary>
/// Reads a <see cref="RequestInfo"/> off a request line. The path is taken apart here and nowhere else: as it came, and each part is unescaped
/// once, after it was cut out, so that no escape can move a border.
/// </summary>
internal static class RequestInfoParser
{
    /// <summary>Throws 400 for escapes that are none, 404 where a part could be taken for several or for a way upwards.</summary>
    /// <param name="path">As the request line has it, without the query.</param>
    /// <param name="watching">Whether the query says <c>watch=true</c>.</param>
    public static RequestInfo Parse(string method, string path, bool watching)
    {
        var rest = path.AsSpan();
        var root = Take(ref rest);
        var grouped = root is "apis";
        if (!grouped && root is not "api") return NonResource(method, path);

        var group = grouped ? Take(ref rest) : "";
        var version = Take(ref rest);
        var first = Take(ref rest);
        if (first.Length == 0 || version.Length == 0) return NonResource(method, path);

        var verb = Verb(method);
        if (first is "watch" && verb is "get")
        {
            // The old form: /api/v1/watch/namespaces/NS/pods/NAME.
            watching = true;
            first = Take(ref rest);
            if (first.Length == 0) return NonResource(method, path);
            verb = "watch";
        }

        var @namespace = ReadOnlySpan<char>.Empty;
        var resource = first;
        var name = Take(ref rest);
        var subresource = Take(ref rest);
        if (first is "namespaces" && name.Length > 0)
        {
            @namespace = name;
            if (subresource.Length > 0 && !IsOfNamespaces(subresource))
            {
                resource = subresource;
                name = Take(ref rest);
                subresource = Take(ref rest);
            }
        }
        if (name.Length == 0)
        {
            if (verb is "get") verb = watching ? "watch" : "list";
            else if (verb is "delete") verb = "deletecollection";
        }
        return new()
        {
            IsResource = true,
            Verb = verb,
            Path = path,
            RestAt = path.Length - rest.Length,
            Group = Known(group),
            Version = Known(version),
            Namespace = Known(@namespace),
            Resource = Known(resource),
            Name = name.ToString(),
            Subresource = Known(subresource),
            Rest = rest.ToString(),
        };
    }

    /// <summary>Whether it is a subresource of a namespace, and no resource in it.</summary>
    private static bool IsOfNamespaces(ReadOnlySpan<char> name)
    {
        var subresources = BuiltIn.Namespaces.Subresources;
        for (var i = 0; i < subresources.Count; i++)
            if (name.SequenceEqual(subresources[i].Name)) return true;
        return false;
    }

    private static RequestInfo NonResource(string method, string path)
    {
        if (PathEscapes.Has(path)) path = string.Join('/', path.Split('/').Select(part => PathEscapes.Decode(part)));
        return new() { Verb = Lower(method), Path = path };
    }

    private static string Verb(string method) => method switch
    {
        "GET" or "HEAD" => "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => Lower(method),
    };

    private static string Lower(string method) => method switch
    {
        "GET" => "get",
        "POST" => "post",
        "PUT" => "put",
        _ => method.ToLowerInvariant(),
    };

    private static ReadOnlySpan<char> Take(scoped ref ReadOnlySpan<char> path)
    {
        path = path.TrimStart('/');
        var slash = path.IndexOf('/');
        var segment = slash < 0 ? path : path[..slash];
        path = slash < 0 ? "" : path[(slash + 1)..];
        return PathEscapes.Has(segment) ? PathEscapes.Decode(segment) : segment;
    }

    // What most requests name costs no allocation.
    private static string Known(ReadOnlySpan<char> segment) => segment switch
    {
        "" => "",
        "v1" => "v1",
        "apps" => "apps",
        "pods" => "pods",
        "default" => "default",
        "kube-system" => "kube-system",
        "configmaps" => "configmaps",
        "status" => "status",
        _ => segment.ToString(),
    };
}
