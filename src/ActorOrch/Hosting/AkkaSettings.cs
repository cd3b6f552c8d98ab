using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.Persistence;
using Akka.Serialization;

namespace ActorOrch.Hosting;

/// <summary>What of Akka's settings is read only when the actor system is there, and would fail in an actor or amid the start.</summary>
internal static partial class AkkaSettings
{
    private const string Serializers = "akka.actor.serializers";
    private static readonly string[] Plugins = ["akka.persistence.journal.plugin", "akka.persistence.snapshot-store.plugin"];

    /// <summary>What is wrong with the first that is; null where none is.</summary>
    /// <param name="defaults">With a value for each that is looked at.</param>
    public static string? FirstWrong(Config defaults, Config actual) =>
        Leaves(defaults.GetValue("akka"), "akka").Select(leaf => OfKind(leaf.Path, leaf.Value, actual.GetValue(leaf.Path))).FirstOrDefault(wrong => wrong is not null)
            ?? OfClasses(actual, Serializers, typeof(Serializer))
            ?? Plugins.Select(plugin => OfPlugin(actual, plugin)).FirstOrDefault(wrong => wrong is not null);

    /// <summary>Every value of a section names a class of a kind.</summary>
    public static string? OfClasses(Config actual, string section, Type kind)
    {
        if (actual.GetValue(section) is not { } value || !value.IsObject()) return null;
        foreach (var (name, item) in value.GetObject().Items)
        {
            var text = item.IsString() ? item.GetString() ?? "" : "";
            if (!kind.IsAssignableFrom(ClassOf(text))) return $"{section}.{SettingRule.Shown(name)}: \"{SettingRule.Shown(text)}\" cannot be used: it must be the name of a class that is a {kind.Name}";
        }
        return null;
    }

    private static string? OfPlugin(Config actual, string path)
    {
        var name = actual.GetValue(path) is { } value && value.IsString() ? value.GetString() ?? "" : "";
        var section = IsPath().IsMatch(name) ? actual.GetValue(name) ?? Persistence.DefaultConfig().GetValue(name) : null;
        var type = section is not null && section.IsObject() ? section.GetObject().GetKey("class")?.GetString() ?? "" : "";
        return ClassOf(type) is null ? $"{path}: \"{SettingRule.Shown(name)}\" cannot be used: it must be the path of a plugin's section" : null;
    }

    private static string? OfKind(string path, string standard, HoconValue? given)
    {
        var isTime = Duration().IsMatch(standard);
        if (!isTime && !IsWhole(standard)) return null;
        var text = given is not null && given.IsString() ? given.GetString() ?? "" : "";
        // Much can be switched off, and a wait be none.
        if (text is "off" or "on" or "false" or "true") return null;
        if (!isTime) return IsWhole(text) ? null : Refused("a whole number");
        var time = given is null || text.Length == 0 ? null : SettingRule.TimeOf(given);
        if (text == "infinite" && !path.EndsWith("interval", StringComparison.Ordinal)) return null;
        return time is { } span && span <= TimeSpan.FromDays(365) && (span > TimeSpan.Zero || (span == TimeSpan.Zero && path.EndsWith("delay", StringComparison.Ordinal))) ? null : Refused("a duration of up to 365d, and longer than nothing");

        string Refused(string kind) => $"{path}: \"{SettingRule.Shown(text)}\" cannot be used: it must be {kind}, as {standard}";
    }

    private static Type? ClassOf(string name)
    {
        try
        {
            return name.Length == 0 ? null : Type.GetType(name);
        }
        catch (Exception e) when (e is ArgumentException or TypeLoadException or IOException or BadImageFormatException)
        {
            // The name of an assembly that is none.
            return null;
        }
    }

    private static IEnumerable<(string Path, string Value)> Leaves(HoconValue? value, string path)
    {
        if (value is null || value.IsArray()) yield break;
        if (value.IsObject())
        {
            foreach (var (name, item) in value.GetObject().Items.Where(item => SettingKinds.IsPlain(item.Key)))
                foreach (var leaf in Leaves(item, $"{path}.{name}")) yield return leaf;
        }
        else yield return (path, value.GetString() ?? "");
    }

    private static bool IsWhole(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    [GeneratedRegex(@"\A[0-9]+(\.[0-9]+)?\s*(ms|s|m|h|d)\z")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*\z")]
    private static partial Regex IsPath();
}
