using System.Globalization;
using ActorOrch.Agent.Files;
using CsCheck;

namespace ActorOrch.Agent.Tests.Files;

public sealed class TreeSizeTests : IDisposable
{
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void It_counts_as_du_does_what_is_below() => Gen.Select(Gen.Int[0, 3].Array[0, 6], Gen.Int[0, 20_000]).Array[0, 12].Sample(files =>
    {
        TempTree.Shell($"rm -rf '{_tree.Root}' && mkdir '{_tree.Root}'");
        for (var i = 0; i < files.Length; i++) _tree.Write($"{string.Concat(files[i].Item1.Select(d => $"d{d}/"))}f{i}", new('x', files[i].Item2));
        Assert.Equal(Du() - Own(), Size());
    }, iter: 20, threads: 1);

    [Fact]
    public void Links_count_as_links_names_of_one_file_once_and_holes_nothing()
    {
        _tree.Write("a/file", new('x', 100_000));
        TempTree.Shell($"cd '{_tree.Root}' && ln a/file other && ln -s '{_tree.Victim}' link && ln -s / root && truncate -s 1G sparse && mkfifo pipe");
        Assert.Equal(Du() - Own(), Size());
        Assert.InRange(Size(), 100_000, 200_000);
    }

    [Fact]
    public void A_tree_deeper_than_there_are_descriptors_is_counted_to_its_end()
    {
        TempTree.Shell($"cd '{_tree.Root}' && for i in $(seq 1500); do mkdir dddddddd && cd -P dddddddd || exit 1; done && head -c 300000 /dev/zero > bottom");
        Assert.InRange(Size(), 300_000, 30_000_000);
    }

    [Fact]
    public void It_ends_as_soon_as_there_is_more_than_asked_about()
    {
        for (var i = 0; i < 50; i++) _tree.Write($"d{i}/file", new('x', 10_000));
        Assert.InRange(Size(enough: 50_000), 50_001, 150_000);
    }

    private long Size(long enough = long.MaxValue)
    {
        using var top = _tree.Open();
        return TreeSize.Of(top, enough, CancellationToken.None);
    }

    private long Du() => long.Parse(TempTree.Shell($"du -s --block-size=1 '{_tree.Root}'").Split('\t')[0], CultureInfo.InvariantCulture);

    /// <summary>The directory itself was not made by a pod.</summary>
    private long Own() => long.Parse(TempTree.Shell($"echo $(( $(stat -c %b '{_tree.Root}') * 512 ))"), CultureInfo.InvariantCulture);
}
