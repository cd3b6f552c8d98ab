using System.Globalization;
using System.Net;
using ActorOrch.Hosting;
using ActorOrch.Registry.Timing;
using k8s;
using k8s.Models;
using Spectre.Console;

namespace ActorOrch.Quickstart;

/// <summary>The sample of <c>config/samples/web.yaml</c>, applied and used as any client would.</summary>
internal sealed class Sample(string kubeconfigPath)
{
    public const string Image = "busybox:stable";
    private const string Name = "web";
    private const string Namespace = "default";
    private const int Fetches = 6;
    private static readonly TimeSpan RulesWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly Kubernetes _client = new(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfigPath));

    /// <summary>Creates what the manifest holds, or brings what is there up to it.</summary>
    public async Task ApplyAsync(CancellationToken cancel)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "config", "samples", "web.yaml");
        foreach (var document in KubernetesYaml.LoadAllFromString(await File.ReadAllTextAsync(path, cancel)))
        {
            var verb = await ApplyAsync(document, cancel);
            var obj = (IKubernetesObject<V1ObjectMeta>)document;
            Console.WriteLine($"{obj.Kind.ToLower(CultureInfo.InvariantCulture)}/{obj.Metadata.Name} {verb}");
        }
    }

    /// <summary>Follows the rollout until all replicas are available: a moving bar on a terminal, a line a change elsewhere.</summary>
    public Task ShowRolloutAsync(CancellationToken cancel)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive) return FollowRolloutAsync((_, _, text) => Console.WriteLine(text), cancel);
        return AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new SpinnerColumn())
            .StartAsync(progress =>
            {
                var bar = progress.AddTask($"deployment/{Name}: waiting");
                return FollowRolloutAsync(
                    (ready, wanted, text) =>
                    {
                        bar.MaxValue = wanted;
                        bar.Value = ready;
                        bar.Description = text;
                    },
                    cancel);
            });
    }

    private async Task FollowRolloutAsync(Action<int, int, string> show, CancellationToken cancel)
    {
        var last = "";
        await foreach (var (_, deployment) in _client.AppsV1.WatchListNamespacedDeploymentAsync(Namespace, fieldSelector: $"metadata.name={Name}", cancellationToken: cancel))
        {
            var wanted = deployment.Spec.Replicas ?? 1;
            var updated = deployment.Status?.UpdatedReplicas ?? 0;
            var available = deployment.Status?.AvailableReplicas ?? 0;
            var text = $"deployment/{Name}: {updated} of {wanted} updated, {available} available";
            if (text != last) show(Math.Min(available, updated), wanted, text);
            last = text;
            var current = deployment.Status?.ObservedGeneration >= deployment.Metadata.Generation;
            if (current && updated == wanted && available == wanted && deployment.Status?.Replicas == wanted) return;
        }
    }

    /// <summary>Asks for the page through the Service a few times and prints what came back.</summary>
    public async Task FetchAsync(CancellationToken cancel)
    {
        var service = await _client.CoreV1.ReadNamespacedServiceAsync(Name, Namespace, cancellationToken: cancel);
        var address = IPAddress.Parse(service.Spec.ClusterIP);
        var url = new UriBuilder("http", address.ToString(), service.Spec.Ports[0].Port).Uri;
        Console.WriteLine($"\nThrough the Service, {url}:");
        for (var i = 0; i < Fetches; i++)
        {
            Console.WriteLine("  " + (await GetAsync(url, cancel)).Trim());
        }
    }

    /// <summary>A Deployment may be available a moment before the Service's rules know its pods: until then the kernel refuses, and no event tells a client.</summary>
    private static async Task<string> GetAsync(Uri url, CancellationToken cancel)
    {
        var time = TimeProvider.System;
        using var patience = new Patience(RulesWithin, cancel, time);
        while (true)
        {
            try
            {
                // A connection of its own each time, so that each may land on another server.
                using var http = new HttpClient();
                return await http.GetStringAsync(url, cancel);
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
            {
                if (patience.IsOver) throw new StartupException($"the Service {Name} does not answer at {url}: {refused.Message}", refused);
                await time.WaitAsync(BetweenTries, cancel);
            }
        }
    }

    private async Task<string> ApplyAsync(object document, CancellationToken cancel)
    {
        // As kubectl's own, so that either may go on where the other ended, on whichever side it applies.
        const string manager = "kubectl";
        var patch = new V1Patch(LastApplied.Manifest(document, Namespace).ToJsonString(), V1Patch.PatchType.ApplyPatch);
        var answer = document switch
        {
            V1ConfigMap map => (await _client.CoreV1.PatchNamespacedConfigMapWithHttpMessagesAsync(patch, map.Metadata.Name, Namespace, fieldManager: manager, force: true, cancellationToken: cancel)).Response,
            V1Deployment deployment => (await _client.AppsV1.PatchNamespacedDeploymentWithHttpMessagesAsync(patch, deployment.Metadata.Name, Namespace, fieldManager: manager, force: true, cancellationToken: cancel)).Response,
            V1Service service => (await _client.CoreV1.PatchNamespacedServiceWithHttpMessagesAsync(patch, service.Metadata.Name, Namespace, fieldManager: manager, force: true, cancellationToken: cancel)).Response,
            _ => throw new StartupException($"the sample holds a {document.GetType().Name}, which the quick start does not know how to apply"),
        };
        return answer.StatusCode == HttpStatusCode.Created ? "created" : "configured";
    }
}
