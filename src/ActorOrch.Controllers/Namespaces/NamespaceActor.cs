using System.Text.Json.Nodes;
using ActorOrch.Controllers.ServiceAccounts;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;
using Akka.Event;

namespace ActorOrch.Controllers.Namespaces;

/// <summary>Gives a namespace what each has from the start, and empties one that is terminating.</summary>
public sealed class NamespaceActor : ReconcilerActor
{
    internal const string TypeName = "namespace";
    private const string Finalizer = "kubernetes";

    private readonly string _certificatePem;

    public NamespaceActor(ObjectKey key, ReconcilerServices services, string certificatePem) : base(TypeName, key, services) =>
        _certificatePem = certificatePem;

    /// <param name="certificatePem">The cluster's CA, for <c>kube-root-ca.crt</c>.</param>
    public static ReconcilerDefinition Definition(IRegistry registry, string certificatePem) => new()
    {
        TypeName = TypeName,
        Primary = BuiltIn.Namespaces,
        Props = (key, services) => ReconcilerDefinition.PropsOf<NamespaceActor>(key, services, certificatePem),
        Watches = [Watch.Own(BuiltIn.Namespaces)],
        WatchOf = type => type.Namespaced ? new Watch(type, change => NamespacesThatCare(registry, change)) { All = HoldsDefaults(type) ? null : () => Going(registry) } : null,
    };

    protected override async Task<ReconcileResult> ReconcileAsync(Reconciliation run)
    {
        if (run.Find(BuiltIn.Namespaces) is not { } found)
        {
            if (!SystemNamespaces.All.Contains(Key.Name)) return ReconcileResult.Gone;
            await CreateAsync(run, BuiltIn.Namespaces, "", SystemNamespaces.Document(Key.Name));
            return ReconcileResult.Settled;
        }
        if (found.Meta.DeletionTimestamp is null) await FurnishAsync(run);
        else await EmptyAsync(run, found);
        return ReconcileResult.Settled;
    }

    private async Task FurnishAsync(Reconciliation run)
    {
        if (run.Registry[BuiltIn.ServiceAccounts].Latest.Get(new(Key.Name, NamespaceDefaults.Account)) is null)
            await CreateAsync(run, BuiltIn.ServiceAccounts, Key.Name, NamespaceDefaults.AccountDocument());
        var certificate = new ObjectKey(Key.Name, NamespaceDefaults.RootCertificate);
        if (run.Registry[BuiltIn.ConfigMaps].Latest.Get(certificate) is not { } known)
            await CreateAsync(run, BuiltIn.ConfigMaps, Key.Name, NamespaceDefaults.CertificateDocument(_certificatePem));
        else if (NamespaceDefaults.Restore(known.ToJson(), _certificatePem))
            await run.Api.ModifyAsync(
                BuiltIn.ConfigMaps, certificate, document => NamespaceDefaults.Restore(document, _certificatePem), WriteOptions.Default, run.Cancel);
    }

    private static async Task CreateAsync(Reconciliation run, ResourceType type, string @namespace, JsonObject document)
    {
        try
        {
            await run.Api.CreateAsync(type, @namespace, document, WriteOptions.Default, run.Cancel);
        }
        catch (ApiException refused) when (refused.Reason == "AlreadyExists" || refused.IsNamespaceTerminating())
        {
            // Somebody else was faster, or it is not needed any more.
            return;
        }
    }

    private async Task EmptyAsync(Reconciliation run, StoredObject found)
    {
        // What this process does not see yet must not survive its namespace.
        await run.Registry.CatchUpAsync(run.Cancel);
        var content = Content(run);
        if (content.Delete.Count > 0) Log.Debug("NamespaceActor {0} deletes {1} objects", Key, content.Delete.Count);
        var failures = await Task.WhenAll(content.Delete.Select(obj => DeleteAsync(run, obj)));
        var failure = failures.FirstOrDefault(f => f is not null);
        content = Content(run);
        await WriteConditionsAsync(run, found, content, failure?.Message);
        if (failure is not null) throw failure;
        if (content.IsEmpty) await FinalizeAsync(run, found);
    }

    private NamespaceContent Content(Reconciliation run) =>
        NamespaceContent.Of(run.Registry.Within(Key.Name), obj => run.Registry.TypeOf(obj)?.Rules.DeletionStage ?? DeletionStage.AfterPods);

    private static async Task<ApiException?> DeleteAsync(Reconciliation run, StoredObject obj)
    {
        try
        {
            var request = new DeleteRequest { PreconditionUid = obj.Uid, Propagation = Propagation.Background };
            if (run.Registry.TypeOf(obj) is not { } type) return null;
            await run.Api.DeleteAsync(type, obj.Key, request, WriteOptions.Default, run.Cancel);
            return null;
        }
        catch (ApiException gone) when (gone.Code is 404 or 409)
        {
            return null;
        }
        catch (ApiException failure)
        {
            return failure;
        }
    }

    private static Task WriteConditionsAsync(Reconciliation run, StoredObject found, NamespaceContent content, string? failure) =>
        run.Api.ModifyAsync(BuiltIn.Namespaces, found.Key, document =>
        {
            if (document["metadata"]!["uid"]?.GetValue<string>() != found.Uid) return false;
            if (document["status"] is not JsonObject status) document["status"] = status = new() { ["phase"] = "Terminating" };
            var own = NamespaceConditions.For(content, failure, status["conditions"] as JsonArray, run.Now);
            var conditions = StatusConditions.WithOthers(new() { ["conditions"] = own }, status, NamespaceConditions.Own)["conditions"];
            if (JsonNode.DeepEquals(status["conditions"], conditions)) return false;
            status["conditions"] = conditions?.DeepClone();
            return true;
        }, new() { Subresource = "status" }, run.Cancel);

    private static Task FinalizeAsync(Reconciliation run, StoredObject found) =>
        run.Api.ModifyAsync(BuiltIn.Namespaces, found.Key, document =>
        {
            if (document["metadata"]!["uid"]?.GetValue<string>() != found.Uid || document["spec"]?["finalizers"] is not JsonArray finalizers) return false;
            var kept = finalizers.Where(f => f?.GetValue<string>() != Finalizer).ToArray();
            if (kept.Length == finalizers.Count) return false;
            finalizers.Clear();
            foreach (var name in kept) finalizers.Add(name);
            return true;
        }, new() { Subresource = "finalize" }, run.Cancel);

    /// <summary>An active namespace is woken by its defaults, one that is terminating by everything in it.</summary>
    private static IEnumerable<ObjectKey> NamespacesThatCare(IRegistry registry, Change change)
    {
        var isDefault = (change.Object.Resource == BuiltIn.ServiceAccounts.Id && change.Key.Name == NamespaceDefaults.Account)
            || (change.Object.Resource == BuiltIn.ConfigMaps.Id && change.Key.Name == NamespaceDefaults.RootCertificate);
        if (!isDefault && (change.Kind == ChangeKind.Modified || !IsGoing(registry, change.Key.Namespace))) yield break;
        yield return ObjectKey.ClusterScoped(change.Key.Namespace);
    }

    private static bool HoldsDefaults(ResourceType type) => type.Id == BuiltIn.ServiceAccounts.Id || type.Id == BuiltIn.ConfigMaps.Id;

    private static IEnumerable<ObjectKey> Going(IRegistry registry) =>
        registry[BuiltIn.Namespaces].Latest.Objects.Values.Where(n => n.Meta.DeletionTimestamp is not null).Select(n => n.Key);

    private static bool IsGoing(IRegistry registry, string @namespace) =>
        registry[BuiltIn.Namespaces].Latest.Get(ObjectKey.ClusterScoped(@namespace))?.Meta.DeletionTimestamp is not null;
}
