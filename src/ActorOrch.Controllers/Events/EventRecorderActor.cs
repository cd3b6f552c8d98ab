using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Controllers.Events;

/// <summary>
/// Collects occurrences while a batch is being written, and writes each event once a batch however often it happened in it.
/// </summary>
internal sealed class EventRecorderActor : UntypedActor
{
    /// <summary>As many as client-go's correlator remembers.</summary>
    private const int Remembered = 4096;

    private const int MostWaiting = 10_000;

    private readonly IObjectApi _api;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<EventIdentity, Written> _written = [];
    private readonly Queue<EventIdentity> _oldest = new();
    private Dictionary<EventIdentity, Waiting> _waiting = [];
    private bool _writing;
    private long _serial;

    public EventRecorderActor(IObjectApi api) => _api = api;

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Occurrence occurrence:
                Collect(occurrence);
                break;
            case BatchWritten:
                _writing = false;
                break;
            case BatchFailed failed:
                _writing = false;
                _log.Error(failed.Cause, "A batch of events could not be written");
                break;
            default:
                Unhandled(message);
                return;
        }
        if (!_writing && _waiting.Count > 0) WriteBatch();
    }

    private void Collect(Occurrence occurrence)
    {
        if (_waiting.TryGetValue(occurrence.Event, out var waiting))
        {
            waiting.Count++;
            waiting.Last = occurrence.At;
        }
        else if (_waiting.Count < MostWaiting) _waiting[occurrence.Event] = new() { First = occurrence, Count = 1, Last = occurrence.At };
        else _log.Warning("Too many events wait to be written; dropped {0} {1}: {2}", occurrence.Event.Subject.Name, occurrence.Event.Reason, occurrence.Event.Message);
    }

    private void WriteBatch()
    {
        var batch = _waiting;
        _waiting = [];
        _writing = true;
        var writes = new List<Task>(batch.Count);
        foreach (var (identity, waiting) in batch) writes.Add(WriteAsync(Remember(identity, waiting), waiting));
        Task.WhenAll(writes).PipeTo(Self, success: () => BatchWritten.Instance, failure: cause => new BatchFailed(cause));
    }

    private Written Remember(EventIdentity identity, Waiting waiting)
    {
        if (_written.TryGetValue(identity, out var written))
        {
            written.Count += waiting.Count;
            return written;
        }
        if (_oldest.Count >= Remembered) _written.Remove(_oldest.Dequeue());
        written = new() { First = waiting.First, Name = EventDocument.Name(identity.Subject, waiting.First.At, _serial++), Count = waiting.Count };
        _written[identity] = written;
        _oldest.Enqueue(identity);
        return written;
    }

    private async Task WriteAsync(Written written, Waiting waiting)
    {
        var @namespace = EventDocument.Namespace(written.First.Event.Subject);
        try
        {
            if (written.Count > waiting.Count && await AgainAsync(new(@namespace, written.Name), written.Count, waiting.Last)) return;
            var document = EventDocument.Create(written.Name, written.First, written.Count, waiting.Last);
            await _api.CreateAsync(BuiltIn.Events, @namespace, document, WriteOptions.Default, _stopping.Token);
        }
        // An event of a namespace that is terminating is refused; that is nobody's fault.
        catch (ApiException refused) when (refused.Code is 403 or 404)
        {
            _log.Debug("Event not written, {0} {1}: {2}", written.First.Event.Subject.Name, written.First.Event.Reason, refused.Message);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The process ends.
        }
        catch (Exception failure)
        {
            // One event that cannot be written must not keep the others of its batch from being counted.
            _log.Warning(failure, "Event not written, {0} {1}", written.First.Event.Subject.Name, written.First.Event.Reason);
        }
    }

    /// <summary>False where the event is no longer there.</summary>
    private async Task<bool> AgainAsync(ObjectKey key, long count, DateTimeOffset last)
    {
        try
        {
            await _api.PatchAsync(BuiltIn.Events, key, PatchType.Merge, EventDocument.Again(count, last), WriteOptions.Default, _stopping.Token);
            return true;
        }
        catch (ApiException gone) when (gone.Code == 404)
        {
            return false;
        }
    }

    private sealed class Waiting
    {
        public required Occurrence First { get; init; }
        public int Count { get; set; }
        public DateTimeOffset Last { get; set; }
    }

    private sealed class Written
    {
        public required Occurrence First { get; init; }
        public required string Name { get; init; }
        public long Count { get; set; }
    }

    private sealed record BatchFailed(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed class BatchWritten : INoSerializationVerificationNeeded
    {
        public static readonly BatchWritten Instance = new();
    }
}
