using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Registry.Clustering.Transports.Doors;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorOrch.Hosting;

/// <summary>
/// Holds the settings against their defaults, which say what there is, and against <see cref="SettingRules"/>. A setting that is wrong is named
/// before anything reads it, however it would fail there.
/// </summary>
internal static class SettingKinds
{
    private const string Root = "actororch";
    private const string WorkerRules = "actororch.cluster.tls.worker-rules";

    /// <summary>Empty by default: a process that took a text for none would begin a cluster of its own.</summary>
    private const string SeedNodes = "akka.cluster.seed-nodes";

    /// <summary>What may stand below has names of its own, or comes from elsewhere.</summary>
    private static readonly string[] Free = [WorkerRules, NodeCredentials.DirectorySetting];

    /// <summary>What is wrong with the first that is; null where none is.</summary>
    public static string? FirstWrong(Config defaults, Config actual)
    {
        if (FirstOfWrongShape(defaults.GetValue(Root), actual, Root) is { } shape) return shape;
        if (FirstOfWrongShape(defaults.GetValue("akka"), actual, "akka") is { } akka) return akka;
        if (FirstUnknown(actual.GetValue(Root), defaults.GetValue(Root), Root) is { } unknown) return $"{unknown}: there is no such setting";
        foreach (var (path, rule) in SettingRules.All)
            if (rule.Wrong(path, actual.GetValue(path)) is { } wrong) return wrong;
        return AkkaSettings.OfClasses(actual, WorkerRules, typeof(IWorkerRule)) ?? AkkaSettings.FirstWrong(defaults, actual);
    }

    /// <summary>What somebody gave that the executable sets itself; null where there is nothing.</summary>
    public static string? FirstOwn(Config given) =>
        SettingRules.Own.Where(own => given.GetValue(own.Key) is { } value && (!value.IsString() || !string.IsNullOrEmpty(value.GetString())))
            .Select(own => $"{own.Key} cannot be set: {own.Value}").FirstOrDefault();

    /// <summary>Sections stay sections, and lists are of texts.</summary>
    private static string? FirstOfWrongShape(HoconValue? standard, Config actual, string path)
    {
        if (standard is null || Free.Contains(path)) return null;
        var given = actual.GetValue(path);
        if (standard.IsObject())
        {
            if (given is not null && !given.IsObject()) return $"{path} must be a section: {path} {{ … }}";
            return standard.GetObject().Items.Where(item => IsPlain(item.Key)).Select(item => FirstOfWrongShape(item.Value, actual, $"{path}.{item.Key}")).FirstOrDefault(wrong => wrong is not null);
        }
        if (given is null || !(standard.IsArray() || path == SeedNodes)) return null;
        // An empty list is none to the parser.
        if (given.IsObject() || given.IsString()) return $"{path} must be a list: [\"…\", \"…\"]";
        return given.IsArray() && given.GetArray().Any(item => item.IsObject() || item.IsArray() || item.GetString() is null) ? $"{path} must be a list of texts: [\"…\", \"…\"]" : null;
    }

    private static string? FirstUnknown(HoconValue? given, HoconValue? standard, string path)
    {
        if (Free.Contains(path)) return null;
        if (standard is null) return path;
        if (given is null || !given.IsObject() || !standard.IsObject()) return null;
        var known = standard.GetObject().Items;
        return given.GetObject().Items.Select(item => FirstUnknown(item.Value, known.GetValueOrDefault(item.Key), $"{path}.{item.Key}")).FirstOrDefault(unknown => unknown is not null);
    }

    /// <summary>A name with other characters cannot stand in a path without quotes.</summary>
    public static bool IsPlain(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>The paths of all settings of a section, lists too; not of those whose names are the user's own.</summary>
    public static IEnumerable<string> Settings(Config config, string section) =>
        Paths(config.GetValue(section), section).Where(path => path.Split('.').All(IsPlain));

    private static IEnumerable<string> Paths(HoconValue? value, string path)
    {
        if (value is null) yield break;
        if (value.IsObject())
        {
            foreach (var (name, item) in value.GetObject().Items)
                foreach (var setting in Paths(item, $"{path}.{name}")) yield return setting;
        }
        else yield return path;
    }
}
