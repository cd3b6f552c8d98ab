namespace ActorOrch.Resources.Numbers;

/// <summary>Arithmetic on numbers that anyone may write: it ends at the type's ends instead of beginning again at the other one.</summary>
public static class Saturating
{
    /// <summary>The nearest <see cref="int"/>.</summary>
    public static int ToInt32(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);

    /// <summary>The nearest <see cref="long"/>.</summary>
    public static long ToInt64(decimal value) => (long)Math.Clamp(value, long.MinValue, long.MaxValue);

    public static int Add(int one, int other) => ToInt32((long)one + other);

    public static long Add(long one, long other)
    {
        var sum = unchecked(one + other);
        // Two of one sign whose sum has the other.
        return ((one ^ sum) & (other ^ sum)) < 0 ? (one < 0 ? long.MinValue : long.MaxValue) : sum;
    }

    /// <summary>The sum of any number of them.</summary>
    public static int SumOf<T>(this IEnumerable<T> items, Func<T, int> number)
    {
        var sum = 0L;
        foreach (var item in items) sum += number(item);
        return ToInt32(sum);
    }
}
