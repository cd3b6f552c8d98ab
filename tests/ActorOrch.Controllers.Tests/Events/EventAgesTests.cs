using System.Text;
using ActorOrch.Controllers.Events;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using CsCheck;

namespace ActorOrch.Controllers.Tests.Events;

public class EventAgesTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly EventSettings Settings = new() { Age = TimeSpan.FromHours(1), Number = 100 };
    private readonly Dictionary<ObjectKey, StoredObject> _stored = [];
    private readonly EventAges _ages = new(Settings);

    [Fact]
    public void What_is_old_goes_and_what_is_young_stays()
    {
        for (var i = 0; i < 10; i++) Put("a", $"e{i}", Start.AddMinutes(i));
        Assert.Equal(Start.AddHours(1), _ages.Next);
        Assert.Empty(Take(Start.AddMinutes(59)));
        Assert.Equal(["e0", "e1", "e2"], Take(Start.AddMinutes(62)));
        Assert.Equal(Start.AddMinutes(63), _ages.Next);
    }

    [Fact]
    public void One_that_happened_again_counts_from_then_and_one_that_says_it_will_happen_does_not()
    {
        Put("a", "again", Start, last: Start.AddMinutes(30));
        Put("a", "future", Start, last: DateTimeOffset.MaxValue);
        Assert.Equal(["future"], Take(Start.AddHours(1)));
        Assert.Equal(Start.AddMinutes(90), _ages.Next);
        Assert.Equal(["again"], Take(Start.AddMinutes(90)));
    }

    [Fact]
    public void Too_many_cost_the_namespace_with_the_most_its_oldest()
    {
        for (var i = 0; i < 10; i++) Put("quiet", $"q{i}", Start);
        for (var i = 0; i < 91; i++) Put("loud", $"l{i:D2}", Start.AddSeconds(i));
        Assert.Equal(["l00", "l01", "l02", "l03", "l04", "l05"], Take(Start.AddMinutes(5)));
        Assert.Equal(95, _ages.Count);
        Assert.Empty(Take(Start.AddMinutes(5)));
    }

    [Fact]
    public void What_could_not_be_removed_is_due_again()
    {
        Put("a", "e", Start);
        Assert.Single(_ages.Take(Start.AddHours(2), Find));
        Assert.Null(_ages.Next is { } none && none < DateTimeOffset.MaxValue ? none : null);
        _ages.PutBack([new("a", "e")], Start.AddHours(3));
        Assert.Equal(Start.AddHours(3), _ages.Next);
        Assert.Single(_ages.Take(Start.AddHours(3), Find));
    }

    [Fact]
    public void Whatever_comes_and_goes_what_is_left_is_young_and_few() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 60], Gen.Int[0, 200], Gen.Bool).Array[1, 400].Sample(steps =>
        {
            var test = new EventAgesTests();
            var now = Start;
            foreach (var (space, minutes, again, removes) in steps)
            {
                now = now.AddMinutes(minutes / 20.0);
                var key = new ObjectKey($"n{space}", $"e{again % 150}");
                if (removes) test.Remove(key);
                else if (!test._stored.ContainsKey(key)) test.Put(key.Namespace, key.Name, now);
                test.Take(now);
                Assert.True(test._stored.Count <= Settings.Number);
                Assert.Equal(test._stored.Count, test._ages.Count);
                Assert.All(test._stored.Values, e => Assert.True(e.Meta.CreationTimestamp > now - Settings.Age));
            }
        }, iter: 30);

    private StoredObject? Find(ObjectKey key) => _stored.GetValueOrDefault(key);

    private void Put(string space, string name, DateTimeOffset created, DateTimeOffset? last = null)
    {
        var stored = StoredObject.FromJson(BuiltIn.Events, Encoding.UTF8.GetBytes($$"""
            {"apiVersion":"v1","kind":"Event","metadata":{"name":"{{name}}","namespace":"{{space}}","uid":"u","resourceVersion":"1","creationTimestamp":"{{created:yyyy-MM-dd'T'HH:mm:ss'Z'}}"},
             "lastTimestamp":"{{last ?? created:yyyy-MM-dd'T'HH:mm:ss'Z'}}" }
            """));
        _stored[stored.Key] = stored;
        _ages.Add(stored);
    }

    private void Remove(ObjectKey key)
    {
        if (_stored.Remove(key)) _ages.Remove(key);
    }

    private IEnumerable<string> Take(DateTimeOffset now)
    {
        var taken = _ages.Take(now, Find);
        foreach (var one in taken) Remove(one.Key);
        return taken.Select(e => e.Key.Name).Order(StringComparer.Ordinal);
    }
}
