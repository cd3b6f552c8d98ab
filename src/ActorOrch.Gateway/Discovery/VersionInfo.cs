using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Discovery;

/// <summary>What <c>/version</c> says: which version of the Kubernetes API this is.</summary>
public sealed record VersionInfo
{
    private const int CommitDigits = 40;

    private static readonly string? Revision = RevisionOf(typeof(VersionInfo).Assembly);

    public string Major { get; init; } = KubernetesVersion.Major;
    public string Minor { get; init; } = KubernetesVersion.Minor;
    public string GitVersion { get; init; } = KubernetesVersion.Text + "+actororch";

    /// <summary>40 hexadecimal digits: the commit that this was built from, or of a build that does not know it the build's own identity.</summary>
    public string GitCommit { get; init; } = Revision ?? BuildOf(typeof(VersionInfo).Module);
    public string BuildDate { get; init; } = "1970-01-01T00:00:00Z";

    internal JsonObject ToJson() => new()
    {
        ["major"] = Major,
        ["minor"] = Minor,
        ["gitVersion"] = GitVersion,
        ["gitCommit"] = GitCommit,
        ["gitTreeState"] = Revision is null ? "archive" : "clean",
        ["buildDate"] = BuildDate,
        ["goVersion"] = $"dotnet{Environment.Version}",
        ["compiler"] = "roslyn",
        ["platform"] = $"linux/{Architecture()}",
    };

    // The build adds it behind the version: 1.2.3+COMMIT.
    private static string? RevisionOf(Assembly assembly)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var revision = version[(version.IndexOf('+', StringComparison.Ordinal) + 1)..];
        return revision.Length == CommitDigits && revision.All(char.IsAsciiHexDigitLower) ? revision : null;
    }

    private static string BuildOf(Module module) =>
        Convert.ToHexStringLower(SHA256.HashData(module.ModuleVersionId.ToByteArray()))[..CommitDigits];

    private static string Architecture() => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };
}
