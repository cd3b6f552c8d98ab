using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence.Records;
using CsCheck;

namespace ActorOrch.Registry.Tests.Files;

public sealed class SmallFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string File1 => Path.Combine(_directory.Path, "one");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_written_is_read_and_is_its_owners_alone() => Gen.Byte.Array[1, 4096].Sample(bytes =>
    {
        SmallFile.Write(File1, bytes);
        return SmallFile.Read(File1)!.SequenceEqual(bytes) && File.GetUnixFileMode(File1) == SmallFile.OwnerOnly && !File.Exists(SmallFile.NextOf(File1));
    }, iter: 50, threads: 1);

    [Fact]
    public void A_file_that_was_open_to_all_is_its_owners_alone_once_it_is_written()
    {
        File.WriteAllText(File1, "before");
        File.SetUnixFileMode(File1, (UnixFileMode)0b110_110_110);
        File.WriteAllText(SmallFile.NextOf(File1), "left over");
        File.SetUnixFileMode(SmallFile.NextOf(File1), (UnixFileMode)0b110_110_110);

        SmallFile.Write(File1, "after");

        Assert.Equal("after", SmallFile.ReadText(File1));
        Assert.Equal(SmallFile.OwnerOnly, File.GetUnixFileMode(File1));
    }

    /// <summary>A setting may name a file in a directory of the machine's.</summary>
    [Fact]
    public void A_directory_that_is_there_is_as_open_as_before_and_one_that_is_made_is_closed()
    {
        const UnixFileMode open = (UnixFileMode)0b111_101_101;
        File.SetUnixFileMode(_directory.Path, open);
        Assert.True(SmallFile.TryCreate(File1, "one"));
        SecretsKey.Create(Path.Combine(_directory.Path, "secrets.key"));
        new KeyDirectory(_directory.Path, TimeProvider.System).OpenOrMakeAuthority();
        Assert.Equal(open, File.GetUnixFileMode(_directory.Path));
        Assert.True(SmallFile.TryCreate(Path.Combine(_directory.Path, "new", "one"), "one"));
        Assert.Equal(SmallFile.OwnerDirectory, File.GetUnixFileMode(Path.Combine(_directory.Path, "new")));
    }

    [Fact]
    public void A_file_that_another_has_made_is_left_as_it_is()
    {
        Assert.True(SmallFile.TryCreatePrivate(File1));
        Assert.Equal(SmallFile.OwnerOnly, File.GetUnixFileMode(File1));
        File.WriteAllText(File1, "its");
        Assert.False(SmallFile.TryCreatePrivate(File1));
        Assert.Equal("its", File.ReadAllText(File1));
        Assert.ThrowsAny<IOException>(() => SmallFile.TryCreatePrivate(Path.Combine(_directory.Path, "none", "one")));
        File.WriteAllText(SmallFile.NextOf(File1), "another");
        Assert.Throws<IOException>(() => SmallFile.FinishNew(File1));
        Assert.Equal("its", File.ReadAllText(File1));
    }

    [Fact]
    public void What_is_missing_is_null_and_what_is_empty_too_large_or_no_file_is_refused()
    {
        Assert.Null(SmallFile.Read(File1));
        File.WriteAllText(File1, "");
        Assert.Contains("is empty", Assert.Throws<DamagedFileException>(() => SmallFile.Read(File1)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(File1, new byte[(1 << 20) + 1]);
        Assert.Throws<DamagedFileException>(() => SmallFile.Read(File1));
        File.Delete(File1);
        Directory.CreateDirectory(File1);
        Assert.Contains(File1, Assert.Throws<DamagedFileException>(() => SmallFile.Read(File1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_fails_leaves_what_was_there()
    {
        SmallFile.Write(File1, "before");
        Directory.CreateDirectory(SmallFile.NextOf(File1));

        Assert.ThrowsAny<Exception>(() => SmallFile.Write(File1, "after"));

        Assert.Equal("before", SmallFile.ReadText(File1));
    }

    [Fact]
    public void A_directory_that_others_could_enter_is_closed_to_them()
    {
        var inner = Path.Combine(_directory.Path, "inner");
        Directory.CreateDirectory(inner);
        File.SetUnixFileMode(inner, (UnixFileMode)0b111_101_101);

        SmallFile.MakeDirectory(inner);

        Assert.Equal(SmallFile.OwnerDirectory, File.GetUnixFileMode(inner));
    }
}
