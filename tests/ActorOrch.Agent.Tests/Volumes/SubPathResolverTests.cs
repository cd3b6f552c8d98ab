using ActorOrch.Agent.Files;
using ActorOrch.Agent.Tests.Files;
using ActorOrch.Agent.Volumes;
using CsCheck;

namespace ActorOrch.Agent.Tests.Volumes;

public sealed class SubPathResolverTests : IDisposable
{
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a/b", "a/b")]
    [InlineData("a//./b/", "a/b")]
    [InlineData("a/b/file", "a/b/file")]
    [InlineData("link", "a/b")]
    [InlineData("link/file", "a/b/file")]
    [InlineData("a/up", "a/b")]
    [InlineData("file-link", "a/b/file")]
    [InlineData("chain", "a/b")]
    [InlineData("absolute", "a/b")]
    [InlineData("absolute/file", "a/b/file")]
    [InlineData("whole", "")]
    [InlineData("link/new/er", "a/b/new/er")]
    [InlineData("fresh/one", "fresh/one")]
    public void What_stays_in_the_volume_is_found(string subPath, string expected)
    {
        Fill();

        Assert.Equal(Path.TrimEndingDirectorySeparator(_tree.At(expected)), Resolve(subPath));
    }

    [Theory]
    [InlineData("700", "1000:2000")]
    [InlineData("2770", "0:2000")]
    [InlineData("755", "0:0")]
    [InlineData("6777", "1000:1000")]
    public void Directories_that_are_made_are_as_their_volume(string mode, string owners)
    {
        TempTree.Shell($"chown {owners} '{_tree.Root}' && chmod {mode} '{_tree.Root}' && umask");
        Resolve("new/er");
        // Set-user-id means nothing on a directory, and is not handed on.
        var expected = $"{Convert.ToString(Convert.ToInt32(mode, 8) & 0b010_111_111_111, 8)} {owners}\n";
        Assert.Equal(expected + expected, TempTree.Shell($"stat -c '%a %u:%g' '{_tree.At("new")}' '{_tree.At("new/er")}'"));
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out/etc")]
    [InlineData("out/new")]
    [InlineData("a/out")]
    [InlineData("up")]
    [InlineData("a/far")]
    [InlineData("out-file")]
    [InlineData("chain-out")]
    [InlineData("sibling")]
    [InlineData("proc-root")]
    public void A_link_that_leaves_the_volume_is_refused(string subPath)
    {
        Fill();

        var refused = Assert.Throws<SubPathException>(() => Resolve(subPath));

        Assert.Equal($"\"{subPath}\" leads out of the volume", refused.Message);
        _tree.AssertVictimIsWhole();
    }

    [Theory]
    [InlineData("out-file")]
    [InlineData("loop")]
    [InlineData("dangling")]
    [InlineData("a/b/file/below")]
    public void What_a_variable_stands_for_is_never_told(string expanded)
    {
        Fill();

        var refused = Assert.Throws<SubPathException>(() => SubPathResolver.Open(_tree.Open(), _tree.Root, expanded, "$(PW)").Dispose());

        Assert.StartsWith("\"$(PW)\" leads ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(expanded, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("loop", "leads through too many links")]
    [InlineData("dangling", "leads through a link to something that is not there")]
    [InlineData("dangling/new", "leads through a link to something that is not there")]
    [InlineData("a/b/file/below", "leads through something that is not a directory")]
    [InlineData("file-link/below", "leads through something that is not a directory")]
    public void What_leads_nowhere_is_told(string subPath, string why)
    {
        Fill();

        Assert.Equal($"\"{subPath}\" {why}", Assert.Throws<SubPathException>(() => Resolve(subPath)).Message);
    }

    [Fact]
    public void A_path_may_not_hold_more_descriptors_than_a_pod_is_worth() =>
        Assert.Equal("is too deep", Assert.Throws<SubPathException>(() => Resolve(string.Join('/', Enumerable.Repeat("d", 300)))).Message[^"is too deep".Length..]);

    [Fact]
    public void Links_of_the_kernels_own_are_read_and_not_followed()
    {
        using var proc = Descriptor.OpenPath("/proc/self");
        Assert.Throws<SubPathException>(() => SubPathResolver.Open(Descriptor.OpenPath("/proc/self"), "/proc/self", "root/etc", "root/etc").Dispose());
        Assert.Throws<SubPathException>(() => SubPathResolver.Open(Descriptor.OpenPath("/proc/self"), "/proc/self", "cwd", "cwd").Dispose());
    }

    [Fact]
    public void What_is_made_has_the_volumes_mode_and_group()
    {
        TempTree.Shell($"chgrp 4711 {_tree.Root} && chmod 2775 {_tree.Root}");

        Resolve("new/er");

        foreach (var path in (string[])["new", "new/er"]) Assert.Equal("2775 4711\n", TempTree.Shell($"stat -c '%a %g' {_tree.At(path)}"));
    }

    /// <summary>Whatever tree of links a pod makes: what is found has its real path in the volume.</summary>
    [Fact]
    public void No_tree_of_links_leads_out()
    {
        var name = Gen.OneOf("a", "b", "c", "a/b", "b/c", "a/c/b");
        var target = Gen.OneOf("a", "b", "c", "..", ".", "", "../..", "/", "/etc", "../victim", "../root", "../root/a").Array[1, 4].Select(parts => string.Join('/', parts));
        Gen.Select(Gen.Select(name, target).Array[1, 6], name).Sample((links, subPath) =>
        {
            using var tree = new TempTree();
            foreach (var (at, to) in links) Plant(tree, at.Split('/'), to);
            try
            {
                using var found = SubPathResolver.Open(tree.Open(), tree.Root, subPath, subPath);
                var real = System.Text.Encoding.UTF8.GetString(found.RealPath());
                Assert.True(real == tree.Root || real.StartsWith(tree.Root + "/", StringComparison.Ordinal), real);
            }
            catch (SubPathException)
            {
                // Refused.
            }
            tree.AssertVictimIsWhole();
        }, iter: 300, threads: 1);
    }

    /// <summary>Makes the link where no earlier one stands in its way.</summary>
    private static void Plant(TempTree tree, string[] names, string target)
    {
        if (target.Length == 0) return;
        var at = tree.Open();
        try
        {
            foreach (var name in names[..^1])
            {
                using var parent = at;
                at = parent.EnsureDirectory(name, (UnixFileMode)0b111_111_111);
            }
            at.Link(names[^1], FileName.Of([.. System.Text.Encoding.UTF8.GetBytes(target), 0]));
        }
        catch (UnixException)
        {
            // Something stands there.
        }
        finally
        {
            at.Dispose();
        }
    }

    /// <summary>A process in the pod exchanges a directory and a link to the machine's root as fast as it can.</summary>
    [Fact]
    public async Task An_exchange_in_between_never_leads_out()
    {
        Directory.CreateDirectory(_tree.At("x/deep"));
        File.CreateSymbolicLink(_tree.At("y"), _tree.Victim);
        using var stop = new CancellationTokenSource();
        var attacker = Task.Run(() => Exchange(_tree.At("x"), _tree.At("y"), stop.Token));
        using var victim = Descriptor.OpenPath(_tree.Victim);
        var outside = victim.Status;
        var (found, refused) = (0, 0);
        for (var i = 0; i < 20_000 || found == 0 || refused == 0; i++)
        {
            try
            {
                using var end = SubPathResolver.Open(_tree.Open(), _tree.Root, (i & 1) == 0 ? "x" : "x/deep", "x");
                Assert.NotEqual((outside.Device, outside.Inode), (end.Status.Device, end.Status.Inode));
                found++;
            }
            catch (SubPathException)
            {
                refused++;
            }
        }
        await stop.CancelAsync();
        await attacker;

        _tree.AssertVictimIsWhole();
    }

    /// <summary>Exchanges two names atomically, over and over.</summary>
    internal static void Exchange(string one, string other, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested) Exchanging.Swap(one, other);
    }

    private string Resolve(string subPath)
    {
        using var found = SubPathResolver.Open(_tree.Open(), _tree.Root, subPath, subPath);
        return System.Text.Encoding.UTF8.GetString(found.RealPath());
    }

    private void Fill()
    {
        _tree.Write("a/b/file");
        foreach (var (path, target) in ((string, string)[])[
            ("link", "a/b"), ("a/up", "../a/b"), ("file-link", "a/b/file"), ("chain", "chain2"), ("chain2", "./link/../b"), ("absolute", _tree.At("a/b")), ("whole", "a/.."),
            ("out", "/"), ("a/out", "/etc"), ("up", ".."), ("a/far", "../../../../../../.."), ("out-file", "/etc/passwd"), ("chain-out", "a/out"),
            ("sibling", "../victim"), ("proc-root", "/proc/self/root"), ("loop", "loop"), ("dangling", "nowhere")])
            _tree.Link(path, target);
    }
}
