namespace ActorOrch.Agent.Pods.Specs;

/// <summary>FNV-1a, 64 bit: a hash that stays the same from one process to the next, unlike <see cref="HashCode"/>.</summary>
internal struct HashCode64
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private ulong _hash = Offset;

    public HashCode64()
    {
    }

    public void Add(string? text)
    {
        foreach (var c in text ?? "") _hash = (_hash ^ c) * Prime;
        _hash = (_hash ^ 0xff) * Prime;
    }

    public override readonly string ToString() => _hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
