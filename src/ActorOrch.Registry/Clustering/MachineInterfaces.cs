using System.Net.NetworkInformation;

namespace ActorOrch.Registry.Clustering;

/// <summary>The machine's network interfaces.</summary>
public static class MachineInterfaces
{
    private const int MostAttempts = 10;

    /// <summary>Pods' interfaces come and go while the list is read, and the runtime then fails on a half-made one: it is read again.</summary>
    public static NetworkInterface[] All() => Read(NetworkInterface.GetAllNetworkInterfaces);

    internal static T Read<T>(Func<T> read)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return read();
            }
            catch (Exception changing) when (changing is ArgumentException or NetworkInformationException && attempt < MostAttempts)
            {
                // Nothing to wait for: the next reading sees what has come of it.
            }
        }
    }
}
