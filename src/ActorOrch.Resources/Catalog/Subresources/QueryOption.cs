namespace ActorOrch.Resources.Catalog.Subresources;

/// <summary>What a value in a query is.</summary>
public enum QueryOptionType
{
    Text,
    Flag,
    Texts,
    Number,
    Numbers,
}

/// <summary>A field of the options of a <see cref="Connection"/>, which stand in the query of its request.</summary>
public sealed record QueryOption(string Name, QueryOptionType Type = QueryOptionType.Text);
