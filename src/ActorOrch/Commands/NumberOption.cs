using System.CommandLine;
using System.Globalization;

namespace ActorOrch.Commands;

/// <summary>Options that are whole numbers: what is none, or is out of range, is an error that names option, value and range.</summary>
internal static class NumberOption
{
    /// <param name="description">What the number is, in a sentence; the range is added to it.</param>
    /// <param name="least">The least that will do.</param>
    /// <param name="most">The most that will do.</param>
    public static Option<int> Create(string name, string description, int least, int most, int byDefault) => new(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{description} From {least} to {most}."),
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var isWhole = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
            if (isWhole && number >= least && number <= most) return (int)number;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: {text} is {(isWhole ? "out of range" : "not a whole number")}: it must be between {least} and {most}"));
            return byDefault;
        },
    };

    /// <summary>The port of the API.</summary>
    public static Option<int> ApiPort() => Create("--api-port", "The port of the Kubernetes API.", 1, 65535, 6443);
}
