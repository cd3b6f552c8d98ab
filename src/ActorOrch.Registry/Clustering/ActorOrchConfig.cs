using System.Collections;
using System.Text;
using ActorOrch.Registry.Clustering.Transports;
using ActorOrch.Registry.Persistence;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.DistributedData;

namespace ActorOrch.Registry.Clustering;

/// <summary>Where a process's configuration comes from.</summary>
public sealed record ConfigSources
{
    /// <summary>Holds <c>reference.hocon</c>, a file each for scheduling and nodes, and one a role; <c>config</c> beside the executable by default.</summary>
    public string Directory { get; init; } = Path.Combine(AppContext.BaseDirectory, "config");

    /// <summary>A role of the process: the name of a file in <see cref="Directory"/> without <c>.hocon</c>.</summary>
    public string Role { get; init; } = "control-plane";

    /// <summary>The user's file (<c>--config</c>).</summary>
    public string? UserFile { get; init; }

    private string? _userText;

    /// <summary>What stands in the user's file, read once: it may be a pipe.</summary>
    internal string UserText => _userText ??= File.ReadAllText(UserFile!);

    /// <summary>HOCON that wins over all: what the command line says.</summary>
    public string Overrides { get; init; } = "";

    /// <summary>Variables of the environment; the process's own by default.</summary>
    public IDictionary Environment { get; init; } = System.Environment.GetEnvironmentVariables();
}

/// <summary>Puts a process's configuration together.</summary>
public static class ActorOrchConfig
{
    private const string Prefix = "ACTORORCH__";

    /// <summary>
    /// Merges command line over user file over environment over role file over reference, and derives the settings of the store's plugins.
    /// Throws <see cref="ConfigurationException"/> where a file is missing or is not HOCON, naming it.
    /// </summary>
    public static Config Load(ConfigSources sources)
    {
        var config = Parse("the command line", sources.Overrides);
        if (sources.UserFile is { } file) config = config.WithFallback(Read(file, () => sources.UserText));
        config = config
            .WithFallback(Parse("the environment", FromEnvironment(sources.Environment)))
            .WithFallback(Read(Path.Combine(sources.Directory, $"{sources.Role}.hocon")))
            .WithFallback(Read(Path.Combine(sources.Directory, "scheduling.hocon")))
            .WithFallback(Read(Path.Combine(sources.Directory, "nodes.hocon")))
            .WithFallback(Read(Path.Combine(sources.Directory, "reference.hocon")));
        // What the user says about the plugins themselves wins over what is derived. The defaults of sharding's parts are here from the
        // start: a process that has joined understands what the others send before it has started its own sharding.
        return ClusterTransports.ConfigOf(config).WithFallback(config
            .WithFallback(Store.PluginConfig(config))
            .WithFallback(ClusterSharding.DefaultConfig())
            .WithFallback(DistributedData.DefaultConfig()));
    }

    /// <summary>What the user says: user file over environment. Throws <see cref="ConfigurationException"/> as <see cref="Load"/> does.</summary>
    public static Config Given(ConfigSources sources)
    {
        var environment = Parse("the environment", FromEnvironment(sources.Environment));
        if (sources.UserFile is not { } file) return environment;
        var user = Read(file, () => sources.UserText);
        // Two that are empty are the same.
        return ReferenceEquals(user, environment) ? user : user.WithFallback(environment);
    }

    /// <summary><c>ACTORORCH__AKKA__LOGLEVEL=DEBUG</c> as <c>akka.loglevel = "DEBUG"</c>; a value that begins with <c>[</c>, <c>{</c> or <c>"</c> is HOCON already.</summary>
    internal static string FromEnvironment(IDictionary environment)
    {
        var hocon = new StringBuilder();
        foreach (DictionaryEntry entry in environment)
        {
            if (entry.Key is not string name || entry.Value is not string value || !name.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            var path = name[Prefix.Length..].ToLowerInvariant().Replace("__", ".").Replace('_', '-');
            var isHocon = value.Length > 0 && value[0] is '[' or '{' or '"';
            hocon.Append(path).Append(" = ").AppendLine(isHocon ? value : $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"");
        }
        return hocon.ToString();
    }

    private static Config Read(string file) => Read(file, () => File.ReadAllText(file));

    private static Config Read(string file, Func<string> text)
    {
        try
        {
            return Parse(file, text());
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{file} cannot be read: {unread.Message}", unread);
        }
    }

    private static Config Parse(string source, string hocon)
    {
        if (string.IsNullOrWhiteSpace(hocon)) return Config.Empty;
        if (HoconBrackets.FirstWrong(hocon) is { } wrong) throw new ConfigurationException($"{source} is not HOCON: {wrong}");
        try
        {
            var config = ConfigurationFactory.ParseString(hocon);
            if (HoconCircles.First(config.Root) is { } path) throw new ConfigurationException($"${{{path}}} stands for itself");
            // What is no section would be lost when it is merged with the defaults.
            foreach (var section in (string[])["actororch", "akka"])
                if (config.GetValue(section) is { } value && !value.IsObject()) throw new ConfigurationException($"{section} must be a section: {section} {{ … }}");
            return config;
        }
        catch (Exception error) when (error is FormatException or ConfigurationException)
        {
            throw new ConfigurationException($"{source} is not HOCON: {error.Message}", error);
        }
    }
}
