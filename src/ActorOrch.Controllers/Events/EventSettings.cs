using Akka.Configuration;

namespace ActorOrch.Controllers.Events;

/// <summary>The section <c>actororch.events</c>.</summary>
public sealed record EventSettings
{
    /// <summary>How long an event is kept after it happened last.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many are kept in all namespaces together.</summary>
    public int Number { get; init; } = 50_000;

    /// <summary>Throws <see cref="ConfigurationException"/> for what makes no sense.</summary>
    public static EventSettings From(Config config)
    {
        var section = config.GetConfig("actororch.events");
        var defaults = new EventSettings();
        if (section.IsNullOrEmpty()) return defaults;
        var settings = new EventSettings { Age = section.GetTimeSpan("age", defaults.Age), Number = section.GetInt("number", defaults.Number) };
        if (settings.Age <= TimeSpan.Zero) throw new ConfigurationException($"actororch.events.age must be longer than nothing: {settings.Age}");
        if (settings.Number < 1) throw new ConfigurationException($"actororch.events.number must be at least 1: {settings.Number}");
        return settings;
    }
}
