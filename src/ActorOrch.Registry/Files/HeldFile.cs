using System.Globalization;
using System.Text;

namespace ActorOrch.Registry.Files;

/// <summary>Who holds a <see cref="HeldFile"/>: what it said of itself. Empty where it has not come to that yet.</summary>
public sealed record FileHolder(int? ProcessId, string What)
{
    /// <summary>As in "another actororch (pid 4711)".</summary>
    public override string ToString() =>
        ProcessId is { } id ? string.Create(CultureInfo.InvariantCulture, $"another actororch (pid {id})") : "another actororch";
}

/// <summary>
/// A file that one process holds for as long as it lives, and in which it says who it is. The kernel releases it with the process, however that
/// ends: what a dead one left written in it counts for nothing.
/// </summary>
public sealed class HeldFile : IDisposable
{
    /// <summary>EWOULDBLOCK, which the class library gives as it is.</summary>
    public const int Held = 11;

    private const int NoSpace = 28, NoQuota = 122;

    private readonly FileStream _file;

    private HeldFile(FileStream file) => _file = file;

    /// <summary>
    /// Null, and who has it, where another has. The directory has to be there. Throws <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    /// <param name="what">What is done by the process that holds it: for the message of one that comes later.</param>
    public static HeldFile? TryTake(string path, string what, out FileHolder? holder)
    {
        holder = null;
        FileStream file;
        try
        {
            file = new(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = SmallFile.OwnerOnly,
                BufferSize = 0,
            });
        }
        catch (IOException e) when (e.HResult == Held)
        {
            holder = ReadHolder(path);
            return null;
        }
        try
        {
            var own = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n{what}\n"));
            file.Write(own);
            file.SetLength(own.Length);
        }
        catch (IOException e) when (e.HResult is NoSpace or NoQuota)
        {
            // It is held, which is what counts: who needs room finds out what there is, and who makes room must not be kept from it.
        }
        catch
        {
            file.Dispose();
            throw;
        }
        return new(file);
    }

    public void Dispose() => _file.Dispose();

    private static FileHolder ReadHolder(string path)
    {
        using var file = new FileStream(SmallFile.OpenUnlocked(path), FileAccess.Read);
        using var reader = new StreamReader(file);
        var id = int.TryParse(reader.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        return new(id, reader.ReadLine() ?? "");
    }
}
