using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Networking.Addresses;

/// <summary>
/// Gives services their cluster IPs and node ports, or refuses those asked for, in upstream's words. Nothing need be released: an address is
/// taken as long as a stored service has it.
/// </summary>
public sealed class ServiceAddressAdmission : IMutatingAdmission
{
    private readonly NetworkSettings _settings;
    private readonly Random _random;
    private readonly IReadOnlyList<AddressRange> _ranges;
    private readonly IReadOnlyList<string> _families;
    private readonly ConcurrentDictionary<IRegistry, TakenAddresses> _taken = new();

    public ServiceAddressAdmission(NetworkSettings settings, Random? random = null)
    {
        _settings = settings;
        _random = random ?? Random.Shared;
        _ranges = [.. settings.ServiceCidrs.Select(cidr => new AddressRange(cidr))];
        _families = [.. _ranges.Select(r => r.Family)];
    }

    public bool Handles(AdmissionTarget target) =>
        target.Type == BuiltIn.Services && target.Subresource.Length == 0 && target.Operation is Operation.Create or Operation.Update;

    public ValueTask<bool> MutateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object is not { } service || service["spec"] is not JsonObject) return new(false);
        var taken = _taken.GetOrAdd(request.Registry, TakenAddresses.Follow);
        var errors = new FieldErrors();
        Allocate(service, request.OldObject?["spec"] as JsonObject, request.Key, taken, errors);
        if (errors.Any) throw ApiException.Invalid(request.Type, request.Key.Name, errors.All);
        return new(true);
    }

    private void Allocate(JsonObject service, JsonObject? oldSpec, ObjectKey key, TakenAddresses taken, FieldErrors errors)
    {
        var spec = Field.Root(service)["spec"];
        if (spec["type"].Text == "ExternalName") return;
        ServiceFamilies.Settle(service, oldSpec, _families, errors);
        if (errors.Any) return;
        AllocateClusterIPs(spec.Node!.AsObject(), key, taken, errors);
        if (errors.Any) return;
        new ServiceNodePorts(_settings, _random, port => taken.Has(port, key)).Allocate(spec, errors);
    }

    private void AllocateClusterIPs(JsonObject spec, ObjectKey key, TakenAddresses taken, FieldErrors errors)
    {
        var addresses = ServiceFamilies.Texts(spec, "clusterIPs");
        if (addresses is ["None", ..]) return;
        var families = ServiceFamilies.Texts(spec, "ipFamilies");
        var field = Field.Root(new JsonObject { ["spec"] = spec.DeepClone() })["spec"]["clusterIPs"];
        for (var i = 0; i < families.Count; i++)
        {
            var range = _ranges.First(r => r.Family == families[i]);
            if (i < addresses.Count && addresses[i].Length > 0)
            {
                Check(addresses[i], range, key, taken, field, errors);
                continue;
            }
            var address = range.Pick(_random, candidate => taken.Has(candidate, key))
                ?? throw new ApiException(500, "InternalError", "Internal error occurred: failed to allocate a serviceIP: range is full");
            if (i < addresses.Count) addresses[i] = address.ToString();
            else addresses.Add(address.ToString());
        }
        spec["clusterIPs"] = ServiceFamilies.Array(addresses);
        if (addresses.Count > 0) spec["clusterIP"] = addresses[0];
    }

    private static void Check(string text, AddressRange range, ObjectKey key, TakenAddresses taken, Field field, FieldErrors errors)
    {
        // Malformed addresses and families that do not match are validation's to refuse.
        if (!NetworkAddress.TryParse(text, out var parsed) || AddressRange.FamilyOf(parsed.Value) != range.Family) return;
        var address = parsed.Value;
        if (!range.Contains(address))
            errors.Invalid(field, $"failed to allocate IP {text}: the provided IP ({text}) is not in the valid range. The range of valid IPs is {range.Network}");
        else if (taken.Has(address, key)) errors.Invalid(field, $"failed to allocate IP {text}: provided IP is already allocated");
    }
}
