using System.Text.RegularExpressions;

namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>
/// A pattern as Go's <c>regexp</c> reads it. As there, what matching costs grows with the length of the text alone: no back references, no looking around.
/// </summary>
internal sealed class ValuePattern
{
    // A text of the largest request takes a hundredth.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _text;
    private readonly Lazy<Regex?> _regex;

    public ValuePattern(string text)
    {
        _text = text;
        _regex = new(Compile);
    }

    /// <summary>Whether it is a pattern at all; nothing matches one that is none.</summary>
    public bool IsValid => _regex.Value is not null;

    /// <summary>Whether a part of the text matches.</summary>
    public bool Matches(string text)
    {
        try
        {
            return _regex.Value?.IsMatch(text) == true;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>As errors name it.</summary>
    public override string ToString() => IsValid ? _text : $"{_text}, but pattern is invalid";

    private Regex? Compile()
    {
        try
        {
            return new(GoPattern.Translate(_text), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
