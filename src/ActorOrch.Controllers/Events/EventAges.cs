using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Controllers.Events;

/// <summary>
/// The events of the cluster in the order in which they are removed, each namespace by itself: what one fills with events costs that one's oldest.
/// Pure but for its own queues. An event is queued once, by the time of its creation; that it happened again is looked up when its turn comes,
/// so that repetition costs nothing.
/// </summary>
internal sealed class EventAges(EventSettings settings)
{
    private readonly Dictionary<string, Space> _spaces = [];

    /// <summary>How many there are, without those that were taken and are on their way out.</summary>
    public int Count { get; private set; }

    /// <summary>When the next may be due; null where there are none.</summary>
    public DateTimeOffset? Next => _spaces.Count == 0 ? null : _spaces.Values.Min(s => s.Next);

    public void Clear()
    {
        _spaces.Clear();
        Count = 0;
    }

    /// <summary>Takes one in.</summary>
    /// <returns>When it is due.</returns>
    public DateTimeOffset Add(StoredObject created)
    {
        var key = created.Key;
        if (!_spaces.TryGetValue(key.Namespace, out var space)) _spaces[key.Namespace] = space = new();
        var due = created.Meta.CreationTimestamp.After(settings.Age);
        Count += space.Counted(() => space.Add(key.Name, due));
        return due;
    }

    /// <summary>It was removed, whoever did it.</summary>
    public void Remove(ObjectKey key)
    {
        if (!_spaces.TryGetValue(key.Namespace, out var space)) return;
        Count += space.Counted(() => space.Remove(key.Name));
        if (space.Count == 0) _spaces.Remove(key.Namespace);
    }

    /// <summary>What is due, and what is too much: of the namespaces with the most, the oldest. They stay until they are removed.</summary>
    /// <param name="find">An event as it is now.</param>
    public IReadOnlyList<StoredObject> Take(DateTimeOffset now, Func<ObjectKey, StoredObject?> find)
    {
        var taken = new List<StoredObject>();
        foreach (var (name, space) in _spaces) Count += space.Counted(() => space.TakeUntil(now, Look(name), taken));
        if (Count <= settings.Number) return taken;
        // A twentieth more than must be removed, so that a stream of new ones is not answered one by one.
        var surplus = Count - (settings.Number - (settings.Number / 20));
        var largest = new PriorityQueue<string, int>(_spaces.Select(s => (s.Key, -s.Value.Waiting)));
        while (surplus > 0 && largest.TryDequeue(out var name, out _))
        {
            var space = _spaces[name];
            // Down to the next largest, at least one.
            var rest = largest.TryPeek(out _, out var next) ? -next : 0;
            var from = Math.Min(surplus, Math.Max(1, space.Waiting - rest));
            var fewer = -space.Counted(() => space.TakeOldest(from, Look(name), taken));
            Count -= fewer;
            surplus -= fewer;
            if (space.Waiting > 0) largest.Enqueue(name, -space.Waiting);
        }
        return taken;

        Func<string, (StoredObject? Event, DateTimeOffset Due)> Look(string @namespace) => name =>
        {
            var found = find(new(@namespace, name));
            return (found, found is null ? now : EventTimes.Last(found, now).After(settings.Age));
        };
    }

    /// <summary>They could not be removed: they are due again.</summary>
    public void PutBack(IEnumerable<ObjectKey> keys, DateTimeOffset due)
    {
        foreach (var key in keys)
            if (_spaces.TryGetValue(key.Namespace, out var space)) Count += space.Counted(() => space.PutBack(key.Name, due));
    }

    private sealed class Space
    {
        private readonly PriorityQueue<string, DateTimeOffset> _queue = new();

        // Those that are there, and whether they stand in the queue; one that was removed by others leaves its place in the queue behind.
        private readonly Dictionary<string, bool> _there = new(StringComparer.Ordinal);

        public int Count => _there.Count;

        /// <summary>Those in the queue, what was removed left out.</summary>
        public int Waiting { get; private set; }

        public DateTimeOffset Next => _queue.TryPeek(out _, out var due) ? due : DateTimeOffset.MaxValue;

        /// <summary>By how much an action changes <see cref="Waiting"/>.</summary>
        public int Counted(Action action)
        {
            var before = Waiting;
            action();
            return Waiting - before;
        }

        public void Add(string name, DateTimeOffset due)
        {
            if (_there.TryAdd(name, true)) Waiting++;
            _queue.Enqueue(name, due);
        }

        public void Remove(string name)
        {
            if (!_there.Remove(name, out var waits)) return;
            if (waits) Waiting--;
            if (_queue.Count > 1000 && _queue.Count > 2 * _there.Count) Compact();
        }

        public void PutBack(string name, DateTimeOffset due)
        {
            if (!_there.TryGetValue(name, out var waits) || waits) return;
            _there[name] = true;
            Waiting++;
            _queue.Enqueue(name, due);
        }

        public void TakeUntil(DateTimeOffset now, Func<string, (StoredObject? Event, DateTimeOffset Due)> look, List<StoredObject> taken)
        {
            while (_queue.TryPeek(out _, out var due) && due <= now)
                if (Pop(look, by: now) is { } one) taken.Add(one);
        }

        public void TakeOldest(int count, Func<string, (StoredObject? Event, DateTimeOffset Due)> look, List<StoredObject> taken)
        {
            while (count > 0 && _queue.Count > 0)
            {
                if (Pop(look, by: null) is not { } one) continue;
                taken.Add(one);
                count--;
            }
        }

        /// <summary>The first, unless it has gone or its time is another by now: then it waits on.</summary>
        private StoredObject? Pop(Func<string, (StoredObject? Event, DateTimeOffset Due)> look, DateTimeOffset? by)
        {
            _queue.TryDequeue(out var name, out var queued);
            if (!_there.TryGetValue(name!, out var waits) || !waits) return null;
            var (found, due) = look(name!);
            if (found is not null && due > queued && (by is null || due > by))
            {
                _queue.Enqueue(name!, due);
                return null;
            }
            _there[name!] = false;
            Waiting--;
            return found;
        }

        private void Compact()
        {
            var kept = _queue.UnorderedItems.Where(e => _there.GetValueOrDefault(e.Element)).GroupBy(e => e.Element).Select(g => (g.Key, g.Min(e => e.Priority))).ToArray();
            _queue.Clear();
            _queue.EnqueueRange(kept);
        }
    }
}
