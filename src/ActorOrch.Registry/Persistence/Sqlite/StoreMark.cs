using System.Globalization;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>What is known of a file of SQLite: the number (<see cref="MarkedDatabase"/>) that it has by itself at least, and with its log.</summary>
/// <param name="Copied">Up to it the log was copied into the file, which was synced, before the log began anew.</param>
/// <param name="Written">Up to it all is durable, and was acknowledged.</param>
internal readonly record struct StoreMark(long Copied, long Written)
{
    /// <summary>Of a number, however small it is: it is overwritten where it stands.</summary>
    public const int Digits = 19;

    /// <summary>One line: the numbers stand at its end.</summary>
    public string ToLine(string name) => $"{name} {Text(Copied)} {Text(Written)}\n";

    /// <summary>Null for what is no such line.</summary>
    public static (string Name, StoreMark Mark)? Parse(string line) =>
        line.Split(' ') is [var name, { Length: Digits } copied, { Length: Digits } written]
        && long.TryParse(copied, NumberStyles.None, CultureInfo.InvariantCulture, out var c)
        && long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var w)
            ? (name, new(c, w))
            : null;

    private static string Text(long number) => number.ToString($"D{Digits}", CultureInfo.InvariantCulture);
}
