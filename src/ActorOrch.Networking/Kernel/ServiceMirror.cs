using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Networking.Kernel;

/// <summary>The services and their slices as they were last heard of, and which services have changed since they were last programmed.</summary>
public sealed class ServiceMirror
{
    private const string ServiceName = "kubernetes.io/service-name";

    private readonly Dictionary<ObjectKey, ServiceView> _services = [];
    private readonly Dictionary<ObjectKey, Dictionary<ObjectKey, V1EndpointSlice>> _slices = [];
    private readonly Dictionary<ObjectKey, ObjectKey> _owners = [];
    private HashSet<ObjectKey> _dirty = [];

    public bool IsDirty => _dirty.Count > 0;

    public ServiceView? Find(ObjectKey service) => _services.GetValueOrDefault(service);

    public IReadOnlyCollection<V1EndpointSlice> SlicesOf(ObjectKey service) =>
        _slices.TryGetValue(service, out var slices) ? slices.Values : [];

    /// <summary>The services to program again; forgotten by asking.</summary>
    public IReadOnlyCollection<ObjectKey> TakeDirty()
    {
        var dirty = _dirty;
        _dirty = [];
        return dirty;
    }

    public void SetServices(Snapshot all)
    {
        foreach (var key in _services.Keys) _dirty.Add(key);
        _services.Clear();
        foreach (var service in all.Objects.Values) Put(service);
    }

    public void SetSlices(Snapshot all)
    {
        foreach (var key in _slices.Keys) _dirty.Add(key);
        _slices.Clear();
        _owners.Clear();
        foreach (var slice in all.Objects.Values) PutSlice(slice);
    }

    public void ApplyServices(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change.Kind != ChangeKind.Deleted) Put(change.Object);
            else if (_services.Remove(change.Key)) _dirty.Add(change.Key);
        }
    }

    public void ApplySlices(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change.Kind == ChangeKind.Deleted) RemoveSlice(change.Key);
            else PutSlice(change.Object);
        }
    }

    private void Put(StoredObject stored)
    {
        var view = ServiceView.From(stored.Key, stored.As<V1Service>());
        var known = view is null ? _services.Remove(stored.Key) : true;
        if (view is not null) _services[stored.Key] = view;
        if (known) _dirty.Add(stored.Key);
    }

    private void PutSlice(StoredObject stored)
    {
        if (!stored.Meta.Labels.TryGetValue(ServiceName, out var name))
        {
            RemoveSlice(stored.Key);
            return;
        }
        var service = new ObjectKey(stored.Key.Namespace, name);
        if (_owners.TryGetValue(stored.Key, out var before) && before != service) RemoveSlice(stored.Key);
        _owners[stored.Key] = service;
        if (!_slices.TryGetValue(service, out var slices)) _slices[service] = slices = [];
        slices[stored.Key] = stored.As<V1EndpointSlice>();
        _dirty.Add(service);
    }

    private void RemoveSlice(ObjectKey slice)
    {
        if (!_owners.Remove(slice, out var service)) return;
        var slices = _slices[service];
        slices.Remove(slice);
        if (slices.Count == 0) _slices.Remove(service);
        _dirty.Add(service);
    }
}
