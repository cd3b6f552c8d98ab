using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace ActorOrch.Gateway;

/// <summary>What <c>/version</c> says: which version of the Kubernetes API this is.</summary>
public sealed record VersionInfo
{
    public string Major { get; init; } = "1";
    public string Minor { get; init; } = "32";
    public string GitVersion { get; init; } = "v1.32.4+actororch";
    public string GitCommit { get; init; } = "";
    public string BuildDate { get; init; } = "1970-01-01T00:00:00Z";

    internal JsonObject ToJson() => new()
    {
        ["major"] = Major,
        ["minor"] = Minor,
        ["gitVersion"] = GitVersion,
        ["gitCommit"] = GitCommit,
        ["gitTreeState"] = "clean",
        ["buildDate"] = BuildDate,
        ["goVersion"] = $"dotnet{Environment.Version}",
        ["compiler"] = "roslyn",
        ["platform"] = $"linux/{Architecture()}",
    };

    private static string Architecture() => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };
}
