using System.Globalization;
using System.Text.RegularExpressions;
using ActorOrch.Registry;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorOrch.Hosting;

/// <summary>
/// Holds each setting of <c>actororch</c> against its default: a number stays a number, a duration a duration. A setting that is wrong is named
/// before anything reads it, however it would fail there.
/// </summary>
internal static partial class SettingKinds
{
    private const string Root = "actororch";

    /// <summary>Empty by default: a process that took a text for none would begin a cluster of its own.</summary>
    private const string SeedNodes = "akka.cluster.seed-nodes";

    /// <summary>What may stand below has names of its own, or comes from elsewhere.</summary>
    private static readonly string[] Free = ["actororch.cluster.tls.worker-rules", NodeCredentials.DirectorySetting];

    /// <summary>What is wrong with the first that is; null where none is.</summary>
    public static string? FirstWrong(Config defaults, Config actual)
    {
        if (FirstOfWrongShape(defaults.GetValue(Root), actual, Root) is { } shape) return shape;
        if (FirstOfWrongShape(defaults.GetValue("akka"), actual, "akka") is { } akka) return akka;
        if (FirstUnknown(actual.GetValue(Root), defaults.GetValue(Root), Root) is { } unknown) return $"{unknown}: there is no such setting";
        foreach (var (path, value) in Leaves(defaults.GetConfig(Root)?.Root, Root))
        {
            var (kind, fits, example) = KindOf(value);
            if (fits is null) continue;
            var given = actual.GetValue(path);
            if (given is null || given.IsArray() || given.IsObject()) return $"{path} must be {kind}, as {example}";
            var text = given.GetString() ?? "";
            if (!fits(text)) return $"{path}: \"{text}\" cannot be used: it must be {kind}, as {example}";
        }
        return null;
    }

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
    private static bool IsPlain(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static IEnumerable<(string Path, string Value)> Leaves(HoconValue? value, string path)
    {
        if (value is null || value.IsArray()) yield break;
        if (value.IsObject())
        {
            foreach (var (name, item) in value.GetObject().Items)
                foreach (var leaf in Leaves(item, $"{path}.{name}")) yield return leaf;
        }
        else yield return (path, value.GetString() ?? "");
    }

    private static (string Kind, Func<string, bool>? Fits, string Example) KindOf(string value)
    {
        if (value is "on" or "off" or "true" or "false") return ("a switch", text => text is "on" or "off" or "true" or "false" or "yes" or "no", value);
        if (IsWhole(value)) return ("a whole number", IsWhole, value);
        // Without a unit it is milliseconds.
        if (Duration().IsMatch(value)) return ("a duration", text => Duration().IsMatch(text) || IsWhole(text) || text == "infinite", value);
        return Size().IsMatch(value) ? ("a size", text => Size().IsMatch(text) || IsWhole(text), value) : ("", null, "");
    }

    private static bool IsWhole(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    [GeneratedRegex(@"\A[0-9]+(\.[0-9]+)?\s*(ns|us|ms|s|m|h|d|nano|nanos|micro|micros|milli|millis|second|seconds|minute|minutes|hour|hours|day|days|nanoseconds?|microseconds?|milliseconds?)\z")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\A[0-9]+(\.[0-9]+)?\s*([kKMGTP]i?B?|B|b|byte|bytes|(kilo|mega|giga|kibi|mebi|gibi)bytes?)\z")]
    private static partial Regex Size();
}
