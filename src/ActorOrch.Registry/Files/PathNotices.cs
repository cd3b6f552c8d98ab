using System.Runtime.InteropServices;
using System.Text;

namespace ActorOrch.Registry.Files;

/// <summary>
/// Knows at once whether something was made, removed, renamed or rewritten under some paths: inotify(7), which queues what it has to say before
/// the call that changes a directory returns. To ask costs one call of the kernel, however many paths there are.
/// </summary>
internal sealed unsafe partial class PathNotices : IDisposable
{
    private const int NonBlocking = 0x800, CloseOnExec = 0x80000;
    private const uint Modify = 0x2, MovedFrom = 0x40, MovedTo = 0x80, Create = 0x100, Delete = 0x200, DeleteSelf = 0x400, MoveSelf = 0x800;
    private const short Readable = 1;

    private readonly SafeFileDescriptor _queue;

    private PathNotices(SafeFileDescriptor queue) => _queue = queue;

    /// <summary>Null where the kernel has no more of them: it bounds how many a user may have.</summary>
    public static PathNotices? TryOpen()
    {
        var queue = inotify_init1(NonBlocking | CloseOnExec);
        return queue < 0 ? null : new(new(queue));
    }

    /// <summary>From now on names in a directory count. False where it cannot be watched.</summary>
    public bool TryWatchNames(string directory) => TryWatch(directory, MovedFrom | MovedTo | Create | Delete | DeleteSelf | MoveSelf);

    /// <summary>From now on what is in a file counts. False where it cannot be watched.</summary>
    public bool TryWatchContent(string file) => TryWatch(file, Modify | DeleteSelf | MoveSelf);

    /// <summary>Whether something has happened since <see cref="Clear"/>. True, too, where the kernel does not answer.</summary>
    public bool Any
    {
        get
        {
            if (!_queue.TryUse(out var queue)) return true;
            try
            {
                var wanted = new PollRequest { Descriptor = queue, Events = Readable };
                return poll(&wanted, 1, 0) != 0;
            }
            finally
            {
                _queue.EndUse();
            }
        }
    }

    /// <summary>Takes what there is to say. What happens meanwhile may be taken, or stay.</summary>
    public void Clear()
    {
        if (!_queue.TryUse(out var queue)) return;
        try
        {
            var buffer = stackalloc byte[4096];
            while (read(queue, buffer, 4096) > 0)
            {
            }
        }
        finally
        {
            _queue.EndUse();
        }
    }

    public void Dispose() => _queue.Dispose();

    private bool TryWatch(string path, uint what)
    {
        if (!_queue.TryUse(out var queue)) return false;
        try
        {
            fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0')) return inotify_add_watch(queue, name, what) >= 0;
        }
        finally
        {
            _queue.EndUse();
        }
    }

    /// <summary><c>struct pollfd</c>.</summary>
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>Is closed after the last use has ended: a number that was closed may be another file's.</summary>
    private sealed class SafeFileDescriptor : SafeHandle
    {
        public SafeFileDescriptor(int descriptor)
            : base(-1, ownsHandle: true) => SetHandle(descriptor);

        public override bool IsInvalid => handle == -1;

        public bool TryUse(out int descriptor)
        {
            descriptor = (int)handle;
            var isUsed = false;
            try
            {
                DangerousAddRef(ref isUsed);
            }
            catch (ObjectDisposedException)
            {
                // Told by the answer.
            }
            return isUsed;
        }

        public void EndUse() => DangerousRelease();

        protected override bool ReleaseHandle() => close((int)handle) == 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_add_watch(int queue, byte* path, uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollRequest* requests, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int file, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int file);
}
