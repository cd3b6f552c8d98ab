using k8s.Models;

namespace ActorOrch.Networking.Services;

/// <summary>Deals the endpoints of one family and one set of ports out to slices: those that are there first, new ones for the rest.</summary>
internal static class SliceFilling
{
    private const int Most = EndpointSliceDecision.MostEndpoints;

    public static void Decide(
        List<V1EndpointSlice> slices, Dictionary<(string, string?), V1Endpoint> wanted, Dictionary<string, string> labels,
        Func<List<V1Endpoint>, V1EndpointSlice> create, List<SliceAction> actions)
    {
        var missing = new Dictionary<(string, string?), V1Endpoint>(wanted);
        var plans = slices.Select(slice => Plan.Keep(slice, missing, labels)).ToList();
        Place(plans, [.. missing.Values], create, actions);

        // One slice stays where all would go: the placeholder of a service without endpoints.
        var kept = plans.Exists(p => p.Endpoints.Count > 0);
        foreach (var plan in plans)
        {
            if (plan.Endpoints.Count == 0 && (kept || actions.Exists(a => a is SliceAction.Create c && c.Slice.AddressType == plan.Slice.AddressType && c.Slice.Endpoints.Count > 0)))
                actions.Add(new SliceAction.Delete(plan.Slice.Metadata.Name, "it has no endpoints left"));
            else if (plan.Reason is { } reason)
                actions.Add(new SliceAction.Update(plan.Slice, plan.Endpoints, labels, reason));
            kept |= plan.Endpoints.Count == 0;
        }
        if (plans.Count == 0 && wanted.Count == 0) actions.Add(new SliceAction.Create(create([]), "the service has no endpoints"));
    }

    // Slices that are written anyway take the new endpoints first; then the fullest that has room for all that are left; then new slices.
    private static void Place(List<Plan> plans, List<V1Endpoint> rest, Func<List<V1Endpoint>, V1EndpointSlice> create, List<SliceAction> actions)
    {
        var next = 0;
        foreach (var plan in plans.Where(p => p.Reason is not null && p.Endpoints.Count > 0).OrderByDescending(p => p.Endpoints.Count))
            next = plan.Take(rest, next);
        if (next == rest.Count) return;
        var left = rest.Count - next;
        var fit = plans.Where(p => p.Endpoints.Count + left <= Most).OrderByDescending(p => p.Endpoints.Count).FirstOrDefault();
        if (fit is not null) next = fit.Take(rest, next);
        for (; next < rest.Count; next += Most)
            actions.Add(new SliceAction.Create(create(rest.GetRange(next, Math.Min(Most, rest.Count - next))), "there are new endpoints"));
    }

    private sealed class Plan(V1EndpointSlice slice)
    {
        public V1EndpointSlice Slice { get; } = slice;
        public List<V1Endpoint> Endpoints { get; } = [];

        /// <summary>Why the slice is to be written; null when it stays as it is.</summary>
        public string? Reason { get; private set; }

        public static Plan Keep(V1EndpointSlice slice, Dictionary<(string, string?), V1Endpoint> missing, Dictionary<string, string> labels)
        {
            var plan = new Plan(slice);
            foreach (var present in slice.Endpoints ?? [])
            {
                if (!missing.Remove(SliceContents.Identity(present), out var endpoint)) plan.Reason = "an endpoint has gone";
                else
                {
                    if (!SliceContents.Same(present, endpoint)) plan.Reason ??= "an endpoint has changed";
                    plan.Endpoints.Add(endpoint);
                }
            }
            if (!SliceContents.Same(slice.Metadata.Labels, labels)) plan.Reason ??= "the service's labels have changed";
            return plan;
        }

        public int Take(List<V1Endpoint> rest, int next)
        {
            for (; next < rest.Count && Endpoints.Count < Most; next++)
            {
                Endpoints.Add(rest[next]);
                Reason ??= "there are new endpoints";
            }
            return next;
        }
    }
}
