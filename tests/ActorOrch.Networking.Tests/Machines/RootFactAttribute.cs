using ActorOrch.Networking.Kernel;

namespace ActorOrch.Networking.Tests.Machines;

/// <summary>A test that programs a kernel: it needs root, nftables and network namespaces.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (Environment.UserName != "root") Skip = "needs root";
        else if (!LibNftables.IsPresent || !File.Exists("/usr/sbin/nft")) Skip = "needs the package 'nftables'";
    }
}
