using System.Text;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Records;
using ActorOrch.Resources.Objects;
using CsCheck;

namespace ActorOrch.Registry.Tests.Persistence.Records;

public sealed class RecordEnvelopeTests : IDisposable
{
    private static readonly RecordPlace Secrets = new("collection/secrets", 41);
    private readonly TemporaryDirectory _directory = new();
    private readonly SecretsKey _key;

    public RecordEnvelopeTests() => _key = SecretsKey.Create(KeyFile);

    private string KeyFile => Path.Combine(_directory.Path, "secrets.key");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_put_in_comes_out_and_says_where_it_belongs() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.String[0, 20], Gen.Long[0, long.MaxValue], Gen.Bool).Sample((bytes, id, number, encrypted) =>
        {
            var place = new RecordPlace(id, number);
            var written = Write(place, encrypted ? _key : null, bytes);
            var read = RecordEnvelope.Open(written, () => _key, out var found);
            return read.SequenceEqual(bytes) && found == new RecordPlace(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(id)), number);
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_bit_of_it_can_be_another_and_no_byte_be_missing(bool encrypted)
    {
        var written = Write(Secrets, encrypted ? _key : null, Encoding.UTF8.GetBytes("""{"metadata":{"name":"x"},"data":{"a":"b"}}"""));
        for (var bit = 0; bit < written.Length * 8; bit++)
        {
            var damaged = written.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.ThrowsAny<FormatException>(() => RecordEnvelope.Open(damaged, () => _key, out _).Length);
        }
        for (var length = 0; length < written.Length; length++)
            Assert.ThrowsAny<FormatException>(() => RecordEnvelope.Open(written.AsSpan(0, length), () => _key, out _).Length);
    }

    [Fact]
    public void Nothing_of_a_secret_is_seen_and_no_two_writings_are_alike()
    {
        var secret = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("correct horse battery staple ", 20)));

        var (one, two) = (Write(Secrets, _key, secret), Write(Secrets, _key, secret));

        Assert.Equal(-1, one.AsSpan().IndexOf("horse"u8));
        Assert.NotEqual(one, two);
        Assert.True(one.Length < secret.Length + 120);
    }

    [Fact]
    public void Without_the_key_or_with_another_it_is_not_read_and_the_message_names_row_and_key()
    {
        var written = Write(Secrets, _key, [1, 2, 3]);
        var other = SecretsKey.Create(Path.Combine(_directory.Path, "other.key"));

        foreach (var key in (SecretsKey?[])[null, other])
        {
            var refused = Assert.Throws<DamagedRecordException>(() => RecordEnvelope.Open(written, () => key, out _).Length);
            Assert.Contains("the row 41 of collection/secrets", refused.Message, StringComparison.Ordinal);
            Assert.Contains(_key.Id, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_row_that_was_moved_is_noticed()
    {
        Secrets.Require("collection/secrets", 41);
        RecordPlace.Unknown.Require("anything", 7);
        Assert.Throws<DamagedRecordException>(() => Secrets.Require("collection/secrets", 42));
        Assert.Throws<DamagedRecordException>(() => Secrets.Require("collection/configmaps", 41));
    }

    [Fact]
    public void The_form_of_an_encrypted_record_and_of_the_key_never_changes()
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Persistence", "Golden", "Encrypted");
        var key = SecretsKey.Read(Path.Combine(golden, "secrets.key"))!;

        var read = RecordFormats.ReadCommit(new(RecordEnvelope.Open(Convert.FromHexString(File.ReadAllText(Path.Combine(golden, "commit-2.txt")).Trim()), () => key, out var place)));

        Assert.Equal("24d9abacaa9d123b", key.Id);
        Assert.Equal(Secrets, place);
        Assert.Equal(300, read.FirstRevision);
        Assert.Equal(new ObjectKey("default", "größe"), Assert.Single(read.Changes).Key);
    }

    [Fact]
    public void The_key_is_its_owners_alone_and_is_made_once()
    {
        Assert.Equal(SmallFile.OwnerOnly, File.GetUnixFileMode(KeyFile));
        Assert.Equal(_key.Id, SecretsKey.Create(KeyFile).Id);
        var text = File.ReadAllText(KeyFile);
        for (var i = 0; i < text.Length - 1; i++)
        {
            var damaged = text.ToCharArray();
            damaged[i] = damaged[i] == 'x' ? 'y' : 'x';
            File.WriteAllText(KeyFile, new(damaged));
            Assert.Throws<DamagedFileException>(() => SecretsKey.Read(KeyFile));
        }
    }

    private static byte[] Write(RecordPlace place, SecretsKey? key, byte[] bytes) => RecordEnvelope.Write(place, key, bytes.Length, bytes, static (writer, record) => record.CopyTo(writer.Take(record.Length)));
}
