using System.Buffers;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Gateway.Forms;

/// <summary>Another form, of objects in a version that is not the one they are stored in.</summary>
internal sealed class VersionedForm(ResourceType served, ResponseForm form) : ResponseForm
{
    public override string ContentType => form.ContentType;

    public override void WriteObject(IBufferWriter<byte> output, StoredObject obj) => form.WriteObject(output, served.FromStorage(obj));

    public override void WriteEvent(IBufferWriter<byte> output, StoredObject obj, bool first) => form.WriteEvent(output, served.FromStorage(obj), first);

    public override void WriteBookmark(IBufferWriter<byte> output, StoredObject bookmark) => form.WriteBookmark(output, bookmark);

    public override void WriteListStart(IBufferWriter<byte> output, ResourceType type, ListMeta meta) => form.WriteListStart(output, type, meta);

    public override void WriteItem(IBufferWriter<byte> output, StoredObject obj, bool first) => form.WriteItem(output, served.FromStorage(obj), first);

    public override void WriteListEnd(IBufferWriter<byte> output) => form.WriteListEnd(output);
}
