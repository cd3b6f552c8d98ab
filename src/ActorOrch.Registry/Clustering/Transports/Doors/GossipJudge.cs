using System.Collections.Immutable;
using ActorOrch.Registry.Clustering.Pki;
using Akka.Cluster;

namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>
/// Whether a worker's gossip leaves the control plane as this process knows it. A worker may be the cluster's leader, the member with the
/// lowest address, and then it moves members on: those steps it may tell of. What it may not is bring in a member of the control plane,
/// give a member other roles, or have one of the control plane leave that does not want to and can be reached.
/// </summary>
/// <remarks>News of the control plane that a worker happens to hear of first is dropped: it comes from the control plane itself, too.</remarks>
internal static class GossipJudge
{
    public static bool Allows(IReadOnlyList<ToldMember> told, ClusterEvent.CurrentClusterState known) => Allows(told, known.Members, known.Unreachable);

    internal static bool Allows(IReadOnlyList<ToldMember> told, ImmutableSortedSet<Member> members, ImmutableHashSet<Member> unreachable)
    {
        var known = members.ToDictionary(m => m.UniqueAddress);
        foreach (var member in told)
        {
            var before = known.GetValueOrDefault(member.Node);
            if (before is not null && !before.Roles.SetEquals(member.Roles)) return false;
            if (IsWorker(member.Roles)) continue;
            if (before is null || !MayBecome(before, member.Status, unreachable.Contains(before))) return false;
        }
        var named = told.Select(m => m.Node).ToHashSet();
        return known.Values.All(m => named.Contains(m.UniqueAddress) || IsWorker(m.Roles) || m.Status is MemberStatus.Exiting or MemberStatus.Down or MemberStatus.Removed);
    }

    private static bool IsWorker(IEnumerable<string> roles) => NodeRoles.Allows(NodeRole.Worker, roles);

    private static bool MayBecome(Member before, MemberStatus status, bool isUnreachable) =>
        status == before.Status || status switch
        {
            MemberStatus.WeaklyUp => before.Status is MemberStatus.Joining,
            MemberStatus.Up => before.Status is MemberStatus.Joining or MemberStatus.WeaklyUp,
            MemberStatus.Exiting => before.Status is MemberStatus.Leaving,
            MemberStatus.Down => isUnreachable,
            _ => false,
        };
}
