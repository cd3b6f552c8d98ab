using System.Globalization;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Pods;
using k8s.Models;

namespace ActorOrch.Agent.Pods;

/// <summary>
/// Holds a pod's first steps back until the ConfigMaps and Secrets to which it refers are here, or known not to be there: a process that only works
/// has them no sooner than it has the pod.
/// </summary>
internal sealed class SourcesWait(IRegistry registry, TimeProvider time)
{
    /// <summary>Then it goes on with what there is, and again when the rest comes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>What was known once is kept up to date: containers that start again wait for nobody.</summary>
    private volatile bool _over;

    public async Task WhenKnownAsync(V1Pod pod, CancellationToken cancel)
    {
        if (_over) return;
        if (long.TryParse(pod.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
        {
            var collections = PodReferences.Of(pod).Select(r => r.Collection).ToHashSet();
            using var patience = new Patience(Longest, cancel, time);
            try
            {
                foreach (var type in (ResourceType[])[BuiltIn.ConfigMaps, BuiltIn.Secrets])
                    if (collections.Contains(type.Collection)) await registry[type].ReadForPodsAsync(revision, patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // Whoever has them does not answer: what is missing is missed by its name, until it comes.
            }
        }
        _over = true;
    }
}
