using System.Net.Sockets;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Docker;
using ActorOrch.Networking.Kernel;

namespace ActorOrch.Hosting;

/// <summary>What the Docker runtime needs of the machine, found out before anything is made: an engine that answers, and the network for this process alone.</summary>
internal static class MachineNetwork
{
    /// <summary>
    /// Held until the process has ended; null where it programs nothing into the kernel: with simulated containers, on a control plane alone, and
    /// without the rights for it. Throws <see cref="StartupException"/>.
    /// </summary>
    public static async Task<NetworkClaim?> ClaimAsync(UpOptions options, HostConfig config, CancellationToken cancel)
    {
        if (options.Runtime == RuntimeNames.Simulated || !config.IsWorker) return null;
        var engine = NodeRuntime.Engine;
        await using (var docker = new DockerRuntime(new() { NodeName = config.Node.Name, Endpoint = engine }))
        {
            try
            {
                await docker.PingAsync(cancel);
            }
            catch (RuntimeUnavailableException e)
            {
                throw Unreachable(engine, e);
            }
        }
        if (!Environment.IsPrivilegedProcess) return null;
        try
        {
            return NetworkClaim.Take(config.Network.TableName, config.Network.BridgeName, config.NetworkUse(options.DataDirectory.FullName));
        }
        catch (NetworkClaimedException e)
        {
            throw new StartupException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the machine's network cannot be claimed in {NetworkClaim.DefaultDirectory}: {e.Message}", e);
        }
    }

    /// <summary>Why the engine does not answer, and what to do about it.</summary>
    public static StartupException Unreachable(Uri engine, Exception cause) => IsDenied(cause)
        ? new($"Docker's engine at {engine.OriginalString} does not let this user in: permission denied. Run it as root, or with --runtime simulated, which needs no engine.", cause)
        : new($"Docker's engine does not answer at {engine.OriginalString}: {cause.Message} Start it (systemctl start docker, or dockerd), or let 'actororch quickstart' install and start it.", cause);

    private static bool IsDenied(Exception? cause) => cause switch
    {
        null => false,
        SocketException { SocketErrorCode: SocketError.AccessDenied } => true,
        AggregateException many => many.InnerExceptions.Any(IsDenied),
        _ => IsDenied(cause.InnerException),
    };
}
