using System.Buffers;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Forms;

/// <summary>In which form a client wants objects: as they are, as their metadata alone, or as rows of a table.</summary>
internal abstract class ResponseForm
{
    /// <summary>The media type of a single answer or list.</summary>
    public abstract string ContentType { get; }

    /// <summary>A whole answer about one object.</summary>
    public abstract void WriteObject(IBufferWriter<byte> output, StoredObject obj);

    /// <summary>The object of a watch event; <paramref name="first"/> where it is the first of the stream.</summary>
    public virtual void WriteEvent(IBufferWriter<byte> output, StoredObject obj, bool first) => WriteObject(output, obj);

    /// <summary>The object of a bookmark, which has nothing but a revision.</summary>
    public virtual void WriteBookmark(IBufferWriter<byte> output, StoredObject bookmark) => WriteObject(output, bookmark);

    /// <summary>A list up to its first item.</summary>
    public abstract void WriteListStart(IBufferWriter<byte> output, ResourceType type, ListMeta meta);

    /// <summary>One item of a list; <paramref name="first"/> says that no separator goes before it.</summary>
    public abstract void WriteItem(IBufferWriter<byte> output, StoredObject obj, bool first);

    public virtual void WriteListEnd(IBufferWriter<byte> output) => output.Write("]}\n"u8);
}
