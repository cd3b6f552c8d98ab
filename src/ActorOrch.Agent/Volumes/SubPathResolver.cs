using System.Text;
using ActorOrch.Agent.Files;

namespace ActorOrch.Agent.Volumes;

/// <summary>
/// Finds what a <c>subPath</c> stands for within a volume that a pod may write. It goes down one name at a time, each in the directory that the
/// step before has opened, reads links itself instead of letting the kernel follow them, and goes up only to what it came through: whatever
/// is exchanged meanwhile, it ends at something that was in the volume. A link that leaves the volume is an error, as upstream.
/// </summary>
internal sealed class SubPathResolver : IDisposable
{
    /// <summary>As the kernel's own limit.</summary>
    private const int MostLinks = 40;

    /// <summary>Descriptors that one subPath may hold.</summary>
    private const int Deepest = 255;

    private readonly string[] _rootPaths;
    private readonly string _said;
    private readonly UnixFileMode _mode;
    private readonly uint _owner;
    private readonly uint _group;
    private readonly List<Descriptor> _way = [];
    private readonly Stack<(string Name, bool FromLink)> _todo = new();

    private SubPathResolver(Descriptor root, string rootPath, string said)
    {
        _said = said;
        _way.Add(root);
        var real = Encoding.UTF8.GetString(root.RealPath());
        _rootPaths = [.. new[] { rootPath, real }.Select(p => p == "/" ? "" : Path.TrimEndingDirectorySeparator(p)).Distinct(StringComparer.Ordinal)];
        // Where fsGroup holds for the volume, it holds for what is made in it.
        var status = root.Status;
        _mode = status.Mode & ((UnixFileMode)0b111_111_111 | UnixFileMode.SetGroup);
        (_owner, _group) = (status.Owner, status.Group);
    }

    /// <summary>Opens it, making the directories that are missing with the mode and the owners of the volume. Throws <see cref="SubPathException"/>.</summary>
    /// <param name="root">The volume. Taken over.</param>
    /// <param name="rootPath">What links within the volume may call it, on this machine.</param>
    /// <param name="said">What messages call the path: what it was expanded with may be secret.</param>
    public static Descriptor Open(Descriptor root, string rootPath, string subPath, string said)
    {
        using var resolver = new SubPathResolver(root, rootPath, said);
        return resolver.Open(subPath);
    }

    public void Dispose()
    {
        foreach (var step in _way) step.Dispose();
    }

    private Descriptor Open(string subPath)
    {
        Push(subPath, fromLink: false);
        var links = 0;
        while (_todo.TryPop(out var next))
        {
            if (next.Name is "" or ".") continue;
            if (next.Name == "..")
            {
                if (_way.Count == 1) throw Leaves();
                _way[^1].Dispose();
                _way.RemoveAt(_way.Count - 1);
                continue;
            }
            if (!_way[^1].Status.IsDirectory) throw new SubPathException($"\"{_said}\" leads through something that is not a directory");
            var found = _way[^1].Find(next.Name) ?? Make(next);
            if (found.Status.Kind != FileKind.Link)
            {
                _way.Add(found);
                if (_way.Count > Deepest) throw new SubPathException($"\"{_said}\" is too deep");
                continue;
            }
            using (found)
            {
                if (++links > MostLinks) throw new SubPathException($"\"{_said}\" leads through too many links");
                Follow(Encoding.UTF8.GetString(found.ReadLink()));
            }
        }
        var end = _way[^1];
        _way.RemoveAt(_way.Count - 1);
        return end;
    }

    private Descriptor Make((string Name, bool FromLink) missing)
    {
        if (missing.FromLink) throw new SubPathException($"\"{_said}\" leads through a link to something that is not there");
        var made = _way[^1].EnsureDirectory(missing.Name, _mode);
        var status = made.Status;
        if (!Environment.IsPrivilegedProcess || (status.Owner, status.Group) == (_owner, _group)) return made;
        // A change of owner may take a bit of the mode away.
        made.Own(_owner, _group);
        made.SetMode(_mode);
        return made;
    }

    private void Follow(string target)
    {
        if (target.StartsWith('/'))
        {
            // The machine's own processes may have made links within a hostPath that name it in full.
            var root = _rootPaths.FirstOrDefault(p => target == p || target.StartsWith(p + "/", StringComparison.Ordinal)) ?? throw Leaves();
            target = target[root.Length..];
            foreach (var step in _way.Skip(1)) step.Dispose();
            _way.RemoveRange(1, _way.Count - 1);
        }
        Push(target, fromLink: true);
    }

    private void Push(string path, bool fromLink)
    {
        var names = path.Split('/');
        for (var i = names.Length - 1; i >= 0; i--) _todo.Push((names[i], fromLink));
    }

    private SubPathException Leaves() => new($"\"{_said}\" leads out of the volume");
}
