using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Reading;

/// <summary>
/// Whole lists as gzip, for as long as nothing in their collection changes: client libraries ask for gzip, and compressing costs ten times
/// what everything else about a list does. Of each list only the latest is kept, the least used are dropped first.
/// </summary>
/// <param name="mostBytes">Of all that is kept.</param>
internal sealed class CompressedLists(int mostBytes)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _byUse = [];
    private int _bytes;

    private sealed record Entry(ResourceType Type, string Namespace, long Revision, ReadOnlyMemory<byte> Bytes);

    /// <summary>The list of a namespace, or of all where it is empty; null where it is not kept at this revision.</summary>
    public ReadOnlyMemory<byte>? Find(ResourceType type, string @namespace, long revision)
    {
        lock (_gate)
        {
            if (Place(type, @namespace) is not { } found || found.Value.Revision != revision) return null;
            _byUse.Remove(found);
            _byUse.AddFirst(found);
            return found.Value.Bytes;
        }
    }

    public void Keep(ResourceType type, string @namespace, long revision, ReadOnlyMemory<byte> bytes)
    {
        // One list does not push out all others.
        if (bytes.Length > mostBytes / 4) return;
        lock (_gate)
        {
            if (Place(type, @namespace) is { } known)
            {
                if (known.Value.Revision > revision) return;
                Drop(known);
            }
            _byUse.AddFirst(new Entry(type, @namespace, revision, bytes));
            _bytes += bytes.Length;
            while (_bytes > mostBytes) Drop(_byUse.Last!);
        }
    }

    private LinkedListNode<Entry>? Place(ResourceType type, string @namespace)
    {
        for (var node = _byUse.First; node is not null; node = node.Next)
            if (node.Value.Type == type && node.Value.Namespace == @namespace) return node;
        return null;
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _bytes -= node.Value.Bytes.Length;
    }
}
