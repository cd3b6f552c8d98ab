using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace ActorOrch.Testing.Crashes;

/// <summary>Clients that write until the process is gone: some make, change and delete objects of their own, some fight over one register.</summary>
internal sealed class CrashWorkload(ConfigMapClient client, int round, int seed)
{
    public const string Register = "register";

    private const int Writers = 6;
    private const int Fighters = 5;

    private readonly ConcurrentQueue<Attempt> _attempts = new();
    private readonly ConcurrentQueue<RegisterOperation> _operations = new();
    private long _highest;

    public IReadOnlyList<Attempt> Attempts => [.. _attempts];

    public IReadOnlyList<RegisterOperation> Operations => [.. _operations];

    public long HighestSeen => Interlocked.Read(ref _highest);

    /// <summary>Completes when every client has lost its connection.</summary>
    public Task RunAsync() => Task.WhenAll([
        .. Enumerable.Range(0, Writers).Select(w => UntilGoneAsync(() => WriteAsync(w, new Random(HashCode.Combine(seed, round, w))))),
        .. Enumerable.Range(0, Fighters).Select(f => UntilGoneAsync(() => FightAsync(f, new Random(HashCode.Combine(seed, round, -1 - f)))))]);

    private static async Task UntilGoneAsync(Func<Task> work)
    {
        try
        {
            await Task.Run(work);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
        {
            // The process was killed; whoever was waiting for an answer has written that down.
        }
    }

    private async Task WriteAsync(int writer, Random random)
    {
        for (var n = 0; ; n++)
        {
            var name = $"r{round}-w{writer}-{n}";
            var value = $"{name}-0";
            var written = await AttemptAsync("ADDED", name, value, HttpStatusCode.Created, () => client.CreateAsync(name, value));
            for (var change = 1; written is not null && random.Next(3) > 0; change++)
            {
                var (revision, next) = (written.Value, $"{name}-{change}");
                written = await AttemptAsync("MODIFIED", name, next, HttpStatusCode.OK, () => client.ReplaceAsync(name, next, revision));
                if (written is not null) value = next;
            }
            if (written is { } last && random.Next(5) > 0) await AttemptAsync("DELETED", name, value, HttpStatusCode.OK, () => client.DeleteAsync(name, last));
        }
    }

    /// <summary>The revision of the acknowledgement, 0 where it told none; null where there was none.</summary>
    private async Task<long?> AttemptAsync(string type, string name, string value, HttpStatusCode success, Func<Task<ConfigMapClient.Reply>> write)
    {
        var outcome = AttemptOutcome.Unknown;
        long? revision = null;
        try
        {
            var reply = await write();
            outcome = reply.Code == success ? AttemptOutcome.Acknowledged : (int)reply.Code >= 500 ? AttemptOutcome.Unknown : AttemptOutcome.Refused;
            if (reply.Revision > 0 && outcome == AttemptOutcome.Acknowledged) revision = reply.Revision;
            Saw(reply.Revision);
        }
        finally
        {
            _attempts.Enqueue(new(type, name, value, outcome, revision));
        }
        return outcome == AttemptOutcome.Acknowledged ? revision ?? 0 : null;
    }

    private async Task FightAsync(int fighter, Random random)
    {
        for (var n = 0; ; n++)
        {
            var invoked = Stopwatch.GetTimestamp();
            var read = await client.GetAsync(Register);
            if (read.Code != HttpStatusCode.OK) continue;
            _operations.Enqueue(new RegisterOperation.Read(invoked, Stopwatch.GetTimestamp(), read.Value));
            Saw(read.Revision);
            if (random.Next(4) == 0) continue;
            var value = $"r{round}-f{fighter}-{n}";
            await SetAsync(read, value);
        }
    }

    private async Task SetAsync(ConfigMapClient.Reply read, string value)
    {
        var invoked = Stopwatch.GetTimestamp();
        var returned = long.MaxValue;
        var done = false;
        try
        {
            await AttemptAsync("MODIFIED", Register, value, HttpStatusCode.OK, async () =>
            {
                var reply = await client.ReplaceAsync(Register, value, read.Revision);
                done = reply.Code == HttpStatusCode.OK;
                // Anything but yes and no leaves open what happened.
                if (done || reply.Code == HttpStatusCode.Conflict) returned = Stopwatch.GetTimestamp();
                return reply;
            });
        }
        finally
        {
            _operations.Enqueue(new RegisterOperation.CompareAndSet(invoked, returned, read.Value, value, done));
        }
    }

    private void Saw(long revision)
    {
        for (var known = HighestSeen; revision > known; known = HighestSeen)
            if (Interlocked.CompareExchange(ref _highest, revision, known) == known)
                return;
    }
}
