using System.Globalization;

namespace ActorOrch.Resources.Decoding;

/// <summary>Times of the API: RFC 3339, read as Go's <c>time.Parse</c> reads them and refused in its words.</summary>
internal static class GoTime
{
    private const string Layout = "2006-01-02T15:04:05Z07:00";
    private const string MicroLayout = "2006-01-02T15:04:05.000000Z07:00";

    /// <summary>UTC, whole seconds.</summary>
    public static string Seconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>UTC, microseconds.</summary>
    public static string Micros(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The canonical text of a time. Throws <see cref="DecodingException"/>.</summary>
    public static string Canonical(string text, bool micro)
    {
        var time = Parse(text, micro ? MicroLayout : Layout);
        return micro ? Micros(time) : Seconds(time);
    }

    private static DateTimeOffset Parse(string text, string layout)
    {
        var at = 0;
        var year = Digits(4, "2006", 0, 9999, "year");
        Literal("-");
        var month = Digits(2, "01", 1, 12, "month");
        Literal("-");
        var day = Digits(2, "02", 1, 31, "day");
        Literal("T");
        var hour = Digits(2, "15", 0, 23, "hour");
        Literal(":");
        var minute = Digits(2, "04", 0, 59, "minute");
        Literal(":");
        var second = Digits(2, "05", 0, 59, "second");
        var ticks = Fraction();
        var offset = Zone();
        if (at < text.Length) throw Fail($": extra text: \"{text[at..]}\"");
        // Go has a year 0, .NET has not; no object of ours was made then.
        if (year == 0) throw Fail(": year out of range");
        if (day > DateTime.DaysInMonth(year, month)) throw Fail(": day out of range");
        var local = new DateTime(year, month, day, hour, minute, second).Ticks + ticks;
        var utc = local - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks) throw Fail(": year out of range");
        return new(utc, TimeSpan.Zero);

        int Digits(int count, string element, int least, int most, string name)
        {
            if (at + count > text.Length || !text.AsSpan(at, count).ContainsOnlyDigits()) throw CannotParse(element);
            var value = int.Parse(text.AsSpan(at, count), NumberStyles.None, CultureInfo.InvariantCulture);
            if (value < least || value > most) throw Fail($": {name} out of range");
            at += count;
            return value;
        }

        void Literal(string expected)
        {
            if (!text.AsSpan(at).StartsWith(expected, StringComparison.Ordinal)) throw CannotParse(expected);
            at += expected.Length;
        }

        long Fraction()
        {
            if (at + 1 >= text.Length || text[at] is not ('.' or ',') || !char.IsAsciiDigit(text[at + 1])) return 0;
            at++;
            long value = 0;
            var unit = TimeSpan.TicksPerSecond / 10;
            for (; at < text.Length && char.IsAsciiDigit(text[at]); at++, unit /= 10) value += (text[at] - '0') * unit;
            return value;
        }

        TimeSpan Zone()
        {
            if (at < text.Length && text[at] == 'Z')
            {
                at++;
                return TimeSpan.Zero;
            }
            var rest = text.AsSpan(at);
            if (rest.Length < 6 || rest[0] is not ('+' or '-') || rest[3] != ':' ||
                !rest.Slice(1, 2).ContainsOnlyDigits() || !rest.Slice(4, 2).ContainsOnlyDigits()) throw CannotParse("Z07:00");
            var hours = int.Parse(rest.Slice(1, 2), NumberStyles.None, CultureInfo.InvariantCulture);
            var minutes = int.Parse(rest.Slice(4, 2), NumberStyles.None, CultureInfo.InvariantCulture);
            if (hours > 24) throw Fail(": time zone offset hour out of range");
            if (minutes > 60) throw Fail(": time zone offset minute out of range");
            at += 6;
            var offset = new TimeSpan(hours, minutes, 0);
            return rest[0] == '-' ? -offset : offset;
        }

        DecodingException CannotParse(string element) => Fail($" as \"{layout}\": cannot parse \"{text[at..]}\" as \"{element}\"");

        DecodingException Fail(string what) => new($"parsing time \"{text}\"{what}");
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
