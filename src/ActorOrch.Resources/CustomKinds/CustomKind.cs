using System.Data;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.CustomKinds;

/// <summary>From the document of a CustomResourceDefinition (<c>apiextensions.k8s.io/v1</c>) to the kind that it defines. Pure.</summary>
public static class CustomKind
{
    /// <summary>Keeps a definition until the objects of its kind are gone.</summary>
    public const string Finalizer = "customresourcecleanup.apiextensions.k8s.io";

    /// <summary>The kind that a definition is about, also of one that defines none.</summary>
    public static ResourceId IdOf(JsonObject definition)
    {
        var spec = Field.Root(definition)["spec"];
        return new(spec["group"].Text, spec["names"]["plural"].Text);
    }

    /// <summary>The kind in the version in which it is stored. Throws <see cref="FormatException"/>, which names the field, for what defines none.</summary>
    public static ResourceType Read(JsonObject definition)
    {
        var root = Field.Root(definition);
        var (spec, metadata) = (root["spec"], root["metadata"]);
        var (group, names) = (Required(spec["group"]), spec["names"]);
        var plural = Required(names["plural"]);
        if (metadata["name"].Text != $"{plural}.{group}") throw Wrong(metadata["name"], $"must be spec.names.plural+\".\"+spec.group: {plural}.{group}");
        var versions = spec["versions"].Items.ToList();
        var stored = versions.Where(v => v["storage"].Flag == true).ToList();
        if (stored.Count != 1) throw Wrong(spec["versions"], "must have exactly one version marked as storage version");
        if (versions.Select(v => Required(v["name"])).Distinct(StringComparer.Ordinal).Count() != versions.Count) throw Wrong(spec["versions"], "must contain unique version names");
        var terminating = metadata["deletionTimestamp"].Exists;
        // The definition as a whole: whatever changes in it may change what is published.
        var fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{spec.Node!.ToJsonString()} {terminating}")));
        var others = versions.Where(v => v.Path != stored[0].Path).Select(v => Type(v, [])).OrderBy(t => t.Version, VersionOrder.NewestFirst).ToArray();
        return Type(stored[0], others);

        ResourceType Type(Field version, IReadOnlyList<ResourceType> otherVersions)
        {
            var kind = Required(names["kind"]);
            var schema = StructuralSchema.Read(version["schema"]["openAPIV3Schema"], kind);
            return new()
            {
                Group = group,
                Version = Required(version["name"]),
                Kind = kind,
                ListKind = names["listKind"].Text is { Length: > 0 } list ? list : $"{kind}List",
                Plural = plural,
                Singular = names["singular"].Text is { Length: > 0 } singular ? singular : kind.ToLowerInvariant(),
                ShortNames = Texts(names["shortNames"]),
                Categories = Texts(names["categories"]),
                Namespaced = Required(spec["scope"]) switch
                {
                    "Namespaced" => true,
                    "Cluster" => false,
                    var other => throw Wrong(spec["scope"], $"Unsupported value: \"{other}\": supported values: \"Cluster\", \"Namespaced\""),
                },
                Subresources = CustomSubresources.Read(version["subresources"]),
                IsServed = version["served"].Flag == true,
                IsTerminating = terminating,
                Fingerprint = fingerprint,
                Schema = schema,
                Rules = new CustomKindRules(schema, version["subresources"]["status"].Exists),
                Columns = CustomColumns.Read(version["additionalPrinterColumns"]),
                Conversion = SameShape.Instance,
                OtherVersions = otherVersions,
            };
        }
    }

    private static string[] Texts(Field list) => [.. list.Items.Select(i => i.Text)];

    private static string Required(Field field) => field.Text is { Length: > 0 } text ? text : throw Wrong(field, "Required value");

    private static FormatException Wrong(Field field, string what) => new($"{field.Path}: {what}");
}
