using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Registry.Clustering;

/// <summary>
/// Parent of the actors that feed this process's mirrors, named like their collections with dots for slashes. Follows the definitions of kinds, where
/// this process mirrors them: a kind is in the catalogue once its mirror is complete, and its mirror ends once it is out of it.
/// </summary>
internal sealed class RegistryActor : UntypedActor
{
    private readonly IReadOnlyList<ResourceType> _builtIn;
    private readonly MirrorSet _mirrors;
    private readonly Catalogue _catalogue;
    private readonly IActorRef _region;
    private readonly RegistrySettings _settings;
    private readonly TaskCompletionSource _complete;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly DefinitionReader _reader;
    private readonly Dictionary<ResourceId, Served> _served = [];
    private IReadOnlyList<ResourceType> _wanted = [];
    private Follower? _definitions;

    /// <summary>A kind from outside whose collection is mirrored.</summary>
    private sealed class Served(IActorRef feeder)
    {
        public IActorRef Feeder { get; } = feeder;
        public bool IsReady { get; set; }
    }

    private sealed record DefinitionsReady : INoSerializationVerificationNeeded;

    private sealed record Ready(ResourceId Resource, IActorRef Feeder) : INoSerializationVerificationNeeded;

    private sealed record Failed(ResourceId Resource, Exception Cause) : INoSerializationVerificationNeeded;

    /// <param name="builtIn">The kinds that are there from the start; where they have one of definitions, it is followed.</param>
    /// <param name="complete">Completes when every kind is in the catalogue; fails where a collection cannot be recovered.</param>
    public RegistryActor(
        IReadOnlyList<ResourceType> builtIn, MirrorSet mirrors, Catalogue catalogue, IActorRef region, RegistrySettings settings, TaskCompletionSource complete)
    {
        _builtIn = builtIn;
        _mirrors = mirrors;
        _catalogue = catalogue;
        _region = region;
        _settings = settings;
        _complete = complete;
        _reader = new(builtIn);
    }

    protected override void PreStart()
    {
        foreach (var type in _builtIn) Feed(_mirrors.Of(type));
        if (!_builtIn.Contains(BuiltIn.CustomResourceDefinitions)) _complete.TrySetResult();
        else
            _mirrors.Of(BuiltIn.CustomResourceDefinitions).Ready.PipeTo(
                Self, success: () => new DefinitionsReady(), failure: cause => new Failed(BuiltIn.CustomResourceDefinitions, cause));
    }

    protected override void PostStop() => _definitions?.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DefinitionsReady:
                var definitions = _mirrors.Of(BuiltIn.CustomResourceDefinitions);
                _definitions = Follower.Start(definitions, Self, new(Define, _ => Define(definitions.Latest)));
                break;
            case FollowerNews news:
                news.Take();
                break;
            case Ready ready when _served.TryGetValue(ready.Resource, out var served) && served.Feeder.Equals(ready.Feeder):
                served.IsReady = true;
                Publish();
                break;
            case Failed failed:
                _log.Error(failed.Cause, "{0} cannot be served", failed.Resource);
                _complete.TrySetException(failed.Cause);
                break;
            case Ready:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Define(Snapshot definitions)
    {
        _wanted = _reader.Read(definitions.Objects.Values, wrong => _log.Warning("{0}", wrong));
        var wanted = _wanted.Select(t => t.Id).ToHashSet();
        var gone = _served.Keys.Where(id => !wanted.Contains(id)).ToList();
        foreach (var type in _wanted)
            if (!_served.ContainsKey(type.Id)) _served[type.Id] = Serve(_mirrors.Of(type));
        var ended = gone.Select(id => (Id: id, _served[id].Feeder)).ToList();
        foreach (var id in gone) _served.Remove(id);
        Publish();
        foreach (var (id, feeder) in ended) End(_mirrors.Of(id), feeder);
    }

    private Served Serve(Mirror mirror)
    {
        var ready = mirror.BeginFollowing();
        var feeder = Feed(mirror);
        var resource = mirror.Resource;
        ready.PipeTo(Self, success: () => new Ready(resource, feeder), failure: cause => new Failed(resource, cause));
        return new(feeder);
    }

    /// <summary>Its objects are gone by now, or are none of anybody's any more.</summary>
    private static void End(Mirror mirror, IActorRef feeder)
    {
        Context.Stop(feeder);
        mirror.Retire();
    }

    private void Publish()
    {
        _catalogue.Replace([.. _builtIn, .. _wanted.Where(t => _served[t.Id].IsReady)]);
        if (_served.Values.All(s => s.IsReady)) _complete.TrySetResult();
    }

    // No name is used twice: the last feeder of a collection may not have ended yet.
    private IActorRef Feed(Mirror mirror)
    {
        var name = mirror.Resource.Collection.Replace('/', '.');
        var props = Props.Create(() => new MirrorActor(mirror, _region, _settings));
        return Context.Child(name).IsNobody() ? Context.ActorOf(props, name) : Context.ActorOf(props, $"{name}-{Guid.NewGuid():N}");
    }
}
