using System.Globalization;
using ActorOrch.Agent.Images;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Resources.Timing;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Containers;

/// <summary>Makes sure that a container's image is there, by its pull policy.</summary>
internal sealed class ImagePuller(PodEnvironment environment)
{
    /// <summary>The image, or the problem to show where there is none.</summary>
    public async ValueTask<(ImageInfo? Image, Waiting? Problem)> EnsureAsync(V1Pod pod, V1Container container, string fieldPath, CancellationToken cancel)
    {
        var image = container.Image;
        if (ImageReference.Fault(image) is { } fault)
            return Refused("InvalidImageName", "InspectFailed", $"Failed to apply default image tag \"{image}\": couldn't parse image name \"{image}\": {fault}");
        var policy = container.ImagePullPolicy ?? "IfNotPresent";
        ImageInfo? found = null;
        try
        {
            if (policy != "Always") found = await environment.Runtime.FindImageAsync(image, cancel).ConfigureAwait(false);
        }
        catch (ImageInspectException failure)
        {
            return Refused("ImageInspectError", "InspectFailed", $"Failed to inspect image \"{image}\": {failure.Message}");
        }
        if (found is { } present)
        {
            environment.Events.Record(pod, fieldPath, "Normal", "Pulled", $"Container image \"{image}\" already present on machine");
            return (present, null);
        }
        if (policy == "Never")
            return Refused("ErrImageNeverPull", "ErrImageNeverPull", $"Container image \"{image}\" is not present with pull policy of Never");
        return await PullAsync(pod, image, fieldPath, cancel).ConfigureAwait(false);

        (ImageInfo?, Waiting?) Refused(string reason, string eventReason, string message)
        {
            environment.Events.Record(pod, fieldPath, "Warning", eventReason, message);
            environment.Events.Record(pod, fieldPath, "Warning", "Failed", $"Error: {reason}");
            return (null, new(reason, message));
        }
    }

    private async ValueTask<(ImageInfo? Image, Waiting? Problem)> PullAsync(V1Pod pod, string image, string fieldPath, CancellationToken cancel)
    {
        environment.Events.Record(pod, fieldPath, "Normal", "Pulling", $"Pulling image \"{image}\"");
        var began = environment.Time.GetTimestamp();
        try
        {
            var pulled = await environment.Runtime.PullImageAsync(image, cancel).ConfigureAwait(false);
            var took = GoDuration.Text(Durations.OfSeconds(Math.Round(environment.Time.GetElapsedTime(began).TotalSeconds, 3)));
            environment.Events.Record(pod, fieldPath, "Normal", "Pulled", string.Create(CultureInfo.InvariantCulture,
                $"Successfully pulled image \"{image}\" in {took} ({took} including waiting). Image size: {pulled.SizeBytes} bytes."));
            return (pulled, null);
        }
        catch (ImagePullException failure)
        {
            environment.Events.Record(pod, fieldPath, "Warning", "Failed", $"Failed to pull image \"{image}\": {failure.Message}");
            environment.Events.Record(pod, fieldPath, "Warning", "Failed", "Error: ErrImagePull");
            return (null, new(ErrImagePull, failure.Message));
        }
    }

    public const string ErrImagePull = "ErrImagePull";
    public const string ImagePullBackOff = "ImagePullBackOff";
}
