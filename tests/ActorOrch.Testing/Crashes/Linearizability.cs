namespace ActorOrch.Testing.Crashes;

/// <summary>
/// Decides whether a history of one register can be explained by operations that take effect one at a time, each between its invocation
/// and its return. The search of Wing and Gong (Testing and verifying concurrent objects, 1993) with Lowe's memory of configurations that
/// have been tried (Testing for linearizability, 2017). An operation without an answer may take effect at any time after its invocation,
/// or never.
/// </summary>
public static class Linearizability
{
    /// <param name="initial">The register's value before all operations.</param>
    public static bool IsLinearizable(string initial, IReadOnlyCollection<RegisterOperation> history)
    {
        var operations = history.ToArray();
        var first = Line(operations);
        var left = operations.Count(o => o.IsCompleted);
        var tried = new HashSet<Configuration>();
        var taken = new Stack<(Point Call, string Before)>();
        var done = new ulong[(operations.Length + 63) / 64];
        var value = initial;
        var point = first.Next;
        while (left > 0)
        {
            // A return: what it belongs to must have taken effect by now, and has not. Go back.
            if (point is null or { IsReturn: true })
            {
                if (!taken.TryPop(out var last)) return false;
                (point, value) = last;
                Flip(done, point.Operation);
                point.PutBack();
                if (operations[point.Operation].IsCompleted) left++;
                point = point.Next;
                continue;
            }
            var operation = operations[point.Operation];
            if (operation.Step(value) is { } after)
            {
                Flip(done, point.Operation);
                if (tried.Add(new(done, after)))
                {
                    taken.Push((point, value));
                    value = after;
                    point.TakeOut();
                    if (operation.IsCompleted) left--;
                    point = first.Next;
                    continue;
                }
                Flip(done, point.Operation);
            }
            point = point.Next;
        }
        return true;
    }

    /// <summary>Invocations and returns by time; where two coincide, the invocation first: then neither is known to precede the other.</summary>
    private static Point Line(RegisterOperation[] operations)
    {
        var points = new List<(long Time, Point Point)>();
        for (var i = 0; i < operations.Length; i++)
        {
            var call = new Point(i, isReturn: false);
            points.Add((operations[i].Invoked, call));
            if (!operations[i].IsCompleted) continue;
            call.Return = new(i, isReturn: true);
            points.Add((operations[i].Returned, call.Return));
        }
        var head = new Point(-1, isReturn: false);
        var last = head;
        foreach (var (_, point) in points.OrderBy(p => p.Time).ThenBy(p => p.Point.IsReturn))
        {
            last.Next = point;
            point.Previous = last;
            last = point;
        }
        return head;
    }

    private static void Flip(ulong[] done, int operation) => done[operation / 64] ^= 1UL << (operation % 64);

    /// <summary>An invocation or a return in a list that the search takes operations out of and puts them back into.</summary>
    private sealed class Point(int operation, bool isReturn)
    {
        public int Operation { get; } = operation;
        public bool IsReturn { get; } = isReturn;
        public Point? Return { get; set; }
        public Point? Previous { get; set; }
        public Point? Next { get; set; }

        public void TakeOut()
        {
            Unlink();
            Return?.Unlink();
        }

        /// <summary>In the opposite order, as the links still say where.</summary>
        public void PutBack()
        {
            Return?.Link();
            Link();
        }

        private void Unlink()
        {
            Previous!.Next = Next;
            if (Next is not null) Next.Previous = Previous;
        }

        private void Link()
        {
            Previous!.Next = this;
            if (Next is not null) Next.Previous = this;
        }
    }

    /// <summary>Which operations have taken effect, and what the register holds then.</summary>
    private sealed class Configuration : IEquatable<Configuration>
    {
        private readonly ulong[] _done;
        private readonly string _value;
        private readonly int _hash;

        public Configuration(ulong[] done, string value)
        {
            _done = [.. done];
            _value = value;
            var hash = new HashCode();
            hash.Add(value, StringComparer.Ordinal);
            foreach (var word in done) hash.Add(word);
            _hash = hash.ToHashCode();
        }

        public bool Equals(Configuration? other) => other is not null && _value == other._value && _done.AsSpan().SequenceEqual(other._done);

        public override bool Equals(object? obj) => Equals(obj as Configuration);

        public override int GetHashCode() => _hash;
    }
}
