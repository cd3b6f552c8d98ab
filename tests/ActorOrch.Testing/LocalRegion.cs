using ActorOrch.Reconciling;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorOrch.Testing;

/// <summary>Does for one process what a sharding region does: one child a key, passivation without losing messages.</summary>
public sealed class LocalRegion(Func<ObjectKey, Props> props) : UntypedActor
{
    private readonly Dictionary<ObjectKey, IActorRef> _children = [];
    private readonly Dictionary<IActorRef, List<Wake>> _stopping = [];

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Wake wake:
                if (!_children.TryGetValue(wake.Key, out var child)) _children[wake.Key] = child = Context.Watch(Context.ActorOf(props(wake.Key)));
                if (_stopping.TryGetValue(child, out var buffered)) buffered.Add(wake);
                else child.Tell(wake);
                break;
            case Passivate passivate:
                _stopping[Sender] = [];
                Sender.Tell(passivate.StopMessage);
                break;
            case Terminated terminated:
                _children.Remove(_children.First(c => c.Value.Equals(terminated.ActorRef)).Key);
                if (_stopping.Remove(terminated.ActorRef, out var waiting)) waiting.ForEach(Self.Tell);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
