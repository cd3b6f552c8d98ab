using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following.Selected;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Persistence;

/// <summary>What is sent between processes.</summary>
internal static class MessageFormats
{
    private const byte Create = 1, Replace = 2, Remove = 3, RemoveWithFinal = 4;

    public static byte[] Write(WriteRequest request)
    {
        var writer = new WireWriter(256);
        writer.Text(request.Collection);
        writer.Number(request.Writes.Count);
        foreach (var write in request.Writes) Write(writer, write);
        return writer.Finish();
    }

    public static WriteRequest ReadWriteRequest(WireReader reader)
    {
        var collection = reader.Text();
        var writes = new Write[reader.Count()];
        for (var i = 0; i < writes.Length; i++) writes[i] = ReadWrite(ref reader);
        return new(collection, writes);
    }

    public static byte[] Write(WriteReply reply)
    {
        var writer = new WireWriter(256);
        writer.Number(reply.Results.Count);
        foreach (var result in reply.Results)
        {
            writer.Byte((byte)result.Outcome);
            writer.Byte((byte)((result.Object is null ? 0 : 1) | (result.Detail is null ? 0 : 2)));
            if (result.Object is { } obj) RecordFormats.Write(writer, obj);
            if (result.Detail is { } detail) writer.Text(detail);
        }
        return writer.Finish();
    }

    public static WriteReply ReadWriteReply(WireReader reader)
    {
        var results = new RecordedResult[reader.Count()];
        for (var i = 0; i < results.Length; i++)
        {
            var outcome = (WriteOutcome)reader.Byte();
            var has = reader.Byte();
            RecordedObject? obj = (has & 1) != 0 ? RecordFormats.ReadObject(ref reader) : null;
            results[i] = new(outcome, obj, (has & 2) != 0 ? reader.Text() : null);
        }
        return new(results);
    }

    public static byte[] Write(RevisionRequest request)
    {
        var writer = new WireWriter(64);
        writer.Text(request.Collection);
        return writer.Finish();
    }

    public static RevisionRequest ReadRevisionRequest(WireReader reader) => new(reader.Text());

    public static byte[] Write(RevisionReply reply)
    {
        var writer = new WireWriter(10);
        writer.Number(reply.Revision);
        return writer.Finish();
    }

    public static RevisionReply ReadRevisionReply(WireReader reader) => new(reader.Number());

    public static byte[] Write(FollowRequest request)
    {
        var writer = new WireWriter(64);
        writer.Text(request.Collection);
        writer.Number(request.Session);
        writer.Number(request.KnownRevision);
        return writer.Finish();
    }

    public static FollowRequest ReadFollowRequest(WireReader reader)
    {
        var collection = reader.Text();
        var session = reader.Number();
        return new(collection, session, reader.Number());
    }

    public static byte[] Write(FollowSelectedRequest request)
    {
        var filter = request.Filter;
        var writer = new WireWriter(128);
        writer.Text(request.Collection);
        writer.Number(request.Session);
        writer.Number(request.KnownRevision);
        writer.Number(request.KnownPods);
        writer.Byte((byte)filter.By);
        writer.Text(filter.Field);
        writer.Number(filter.Values.Count);
        foreach (var value in filter.Values) writer.Text(value);
        return writer.Finish();
    }

    public static FollowSelectedRequest ReadFollowSelectedRequest(WireReader reader)
    {
        var collection = reader.Text();
        var (session, revision, pods) = (reader.Number(), reader.Number(), reader.Number());
        var by = (FollowBy)reader.Byte();
        if (by is not (FollowBy.Field or FollowBy.PodsOfNodes)) throw new FormatException($"unknown filter {by}");
        var field = reader.Text();
        // No more room than there are names: a worker sends this.
        var values = new List<string>();
        for (var left = reader.Count(); left > 0; left--) values.Add(reader.Text());
        return new(collection, session, revision, new(by, field, values), pods);
    }

    public static byte[] Write(FollowSelected message)
    {
        var writer = new WireWriter(4096);
        writer.Number(message.Session);
        writer.Number(message.Sequence);
        writer.Number(message.Revision);
        writer.Number(message.Pods);
        RecordFormats.Write(writer, message.Objects);
        writer.Number(message.Removed.Count);
        foreach (var key in message.Removed) writer.Key(key);
        return writer.Finish();
    }

    public static FollowSelected ReadFollowSelected(WireReader reader)
    {
        var (session, sequence, revision, pods) = (reader.Number(), reader.Number(), reader.Number(), reader.Number());
        var objects = RecordFormats.ReadObjects(ref reader);
        var removed = new ObjectKey[reader.Count()];
        for (var i = 0; i < removed.Length; i++) removed[i] = reader.Key();
        return new(session, sequence, revision, pods, objects, removed);
    }

    public static byte[] Write(FollowCommits message)
    {
        var writer = new WireWriter(4096);
        writer.Number(message.Session);
        writer.Number(message.Sequence);
        writer.Number(message.Revision);
        writer.Number(message.Commits.Count);
        foreach (var commit in message.Commits) RecordFormats.Write(writer, commit);
        return writer.Finish();
    }

    public static FollowCommits ReadFollowCommits(WireReader reader)
    {
        var session = reader.Number();
        var sequence = reader.Number();
        var revision = reader.Number();
        var commits = new CommitRecord[reader.Count()];
        for (var i = 0; i < commits.Length; i++) commits[i] = RecordFormats.ReadCommit(ref reader);
        return new(session, sequence, revision, commits);
    }

    public static byte[] Write(FollowObjects message)
    {
        var writer = new WireWriter(4096);
        writer.Number(message.Session);
        writer.Number(message.Sequence);
        writer.Number(message.Revision);
        writer.Byte(message.Last ? (byte)1 : (byte)0);
        RecordFormats.Write(writer, message.Objects);
        return writer.Finish();
    }

    public static FollowObjects ReadFollowObjects(WireReader reader)
    {
        var session = reader.Number();
        var sequence = reader.Number();
        var revision = reader.Number();
        var last = reader.Byte() == 1;
        return new(session, sequence, revision, last, RecordFormats.ReadObjects(ref reader));
    }

    private static void Write(WireWriter writer, Write write)
    {
        switch (write)
        {
            case Write.Create create:
                writer.Byte(Create);
                Write(writer, create.Draft);
                break;
            case Write.Replace replace:
                writer.Byte(Replace);
                writer.Number(replace.ExpectedRevision);
                Write(writer, replace.Draft);
                break;
            case Write.Remove remove:
                writer.Byte(remove.Final is null ? Remove : RemoveWithFinal);
                writer.Number(remove.ExpectedRevision);
                writer.Key(remove.Key);
                if (remove.Final is { } final) Write(writer, final);
                break;
            default:
                throw new ArgumentException($"unknown write {write.GetType()}", nameof(write));
        }
    }

    private static Write ReadWrite(ref WireReader reader)
    {
        var kind = reader.Byte();
        if (kind == Create) return new Write.Create(ReadDraft(ref reader));
        var expected = reader.Number();
        if (kind == Replace) return new Write.Replace(ReadDraft(ref reader), expected);
        var key = reader.Key();
        return kind switch
        {
            Remove => new Write.Remove(key, expected),
            RemoveWithFinal => new Write.Remove(key, expected, ReadDraft(ref reader)),
            _ => throw new FormatException($"unknown write {kind}"),
        };
    }

    private static void Write(WireWriter writer, ObjectDraft draft)
    {
        writer.Key(draft.Key);
        writer.Number(draft.RevisionOffset);
        writer.Bytes(draft.Json);
    }

    private static ObjectDraft ReadDraft(ref WireReader reader)
    {
        var key = reader.Key();
        var offset = reader.Count();
        return ObjectDraft.FromEncoded(key, reader.Bytes(), offset);
    }
}
