using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>The defaults of <c>core/v1 Volume</c>.</summary>
internal static class VolumeDefaults
{
    // 0644
    private const long DefaultMode = 420;
    private const long TokenSeconds = 3600;

    public static void Apply(JsonObject volume)
    {
        var hasSource = false;
        foreach (var (name, value) in volume.ToArray())
        {
            if (name == "name" || value is not JsonObject source) continue;
            hasSource = true;
            ApplyToSource(name, source);
        }
        if (!hasSource) volume["emptyDir"] = new JsonObject();
    }

    private static void ApplyToSource(string name, JsonObject source)
    {
        switch (name)
        {
            case "secret" or "configMap":
                source.Default("defaultMode", DefaultMode);
                break;
            case "downwardAPI":
                source.Default("defaultMode", DefaultMode);
                DownwardFiles(source);
                break;
            case "projected":
                source.Default("defaultMode", DefaultMode);
                foreach (var projection in source.Objects("sources"))
                {
                    if (projection.Find("downwardAPI") is { } downward) DownwardFiles(downward);
                    projection.Find("serviceAccountToken")?.DefaultNonZero("expirationSeconds", TokenSeconds);
                }
                break;
            case "hostPath":
                source.Default("type", "");
                break;
            case "emptyDir" when ResourceDefaults.TryRead(source["sizeLimit"], out var limit):
                source["sizeLimit"] = limit.ToString();
                break;
            case "ephemeral":
                source.Find("volumeClaimTemplate")?.Find("spec")?.Default("volumeMode", "Filesystem");
                break;
            case "iscsi":
                source.Default("iscsiInterface", "default");
                break;
        }
    }

    private static void DownwardFiles(JsonObject source)
    {
        foreach (var file in source.Objects("items")) ContainerDefaults.DownwardReference(file);
    }
}
