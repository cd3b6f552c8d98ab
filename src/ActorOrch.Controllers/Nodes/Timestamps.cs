using System.Globalization;

namespace ActorOrch.Controllers.Nodes;

internal static class Timestamps
{
    /// <summary><c>meta/v1 Time</c>: whole seconds.</summary>
    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary><c>meta/v1 MicroTime</c>.</summary>
    internal static string MicroTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
