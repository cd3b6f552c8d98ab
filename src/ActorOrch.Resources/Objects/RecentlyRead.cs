using System.Runtime.CompilerServices;

namespace ActorOrch.Resources.Objects;

/// <summary>
/// Remembers of which objects something has been read out, and lets them forget it in time: a collection of a hundred thousand objects,
/// each of which was looked at once, must not keep a parsed copy beside the bytes of each. All is forgotten at each full garbage
/// collection, so that versions that nobody else holds are freed. Safe for parallel use; never waits.
/// </summary>
internal static class RecentlyRead
{
    /// <summary>More objects than are looked at again and again in a short while; a power of two.</summary>
    private const int Places = 1 << 15;

    /// <summary>Larger objects are read anew each time: this holds on to old versions, too.</summary>
    private const int LargestObject = 32 * 1024;

    static RecentlyRead() => _ = new FullCollection();

    // One place an object, found by its hash: whoever comes next to the same place takes it.
    private static readonly StoredObject?[] Objects = new StoredObject?[Places];

    /// <summary>Whether the object may keep what was read, until <see cref="StoredObject.Forget"/> is called.</summary>
    public static bool TryAdd(StoredObject obj)
    {
        if (obj.Json.Length > LargestObject) return false;
        ref var place = ref Objects[RuntimeHelpers.GetHashCode(obj) & (Places - 1)];
        if (Volatile.Read(ref place) == obj) return true;
        Interlocked.Exchange(ref place, obj)?.Forget();
        return true;
    }

    private static void Clear()
    {
        for (var i = 0; i < Places; i++) Interlocked.Exchange(ref Objects[i], null)?.Forget();
    }

    /// <summary>Garbage that is found again by each collection; once it is old, by each full one.</summary>
    private sealed class FullCollection
    {
        ~FullCollection()
        {
            if (Environment.HasShutdownStarted) return;
            if (GC.GetGeneration(this) == GC.MaxGeneration) Clear();
            GC.ReRegisterForFinalize(this);
        }
    }
}
