using ActorOrch.Agent.Images;
using CsCheck;

namespace ActorOrch.Agent.Tests.Images;

public sealed class ImageReferenceTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("busybox")]
    [InlineData("busybox:1.35")]
    [InlineData("library/busybox")]
    [InlineData("localhost/a")]
    [InlineData("localhost:5000/a/b_c/d__e/f---g:TAG_1.2-3")]
    [InlineData("Registry.Example:5000/app")]
    [InlineData("UPPER/app")]
    [InlineData("[::1]:5000/app:1")]
    [InlineData("10.0.0.1/app")]
    [InlineData("docker.io/a")]
    [InlineData("index.docker.io/a")]
    [InlineData("a@sha256:" + Hex)]
    [InlineData("a:1@sha256:" + Hex)]
    [InlineData("sha256:" + Hex)]
    public void What_a_registry_can_know_is_taken(string image) => Assert.Null(ImageReference.Fault(image));

    [Theory]
    [InlineData("https://Registry.example/App:1", "invalid reference format: repository name (/Registry.example/App) must be lowercase")]
    [InlineData("https://registry.example/app:1", "invalid reference format")]
    [InlineData("App", "invalid reference format: repository name (library/App) must be lowercase")]
    [InlineData("a/App", "invalid reference format: repository name (a/App) must be lowercase")]
    [InlineData("busybox:", "invalid reference format")]
    [InlineData(":1", "invalid reference format")]
    [InlineData("", "invalid reference format")]
    [InlineData("a b", "invalid reference format")]
    [InlineData("a\n", "invalid reference format")]
    [InlineData("a//b", "invalid reference format")]
    [InlineData("a/", "invalid reference format")]
    [InlineData("/a", "invalid reference format")]
    [InlineData("-a", "invalid reference format")]
    [InlineData("a-", "invalid reference format")]
    [InlineData("a..b", "invalid reference format")]
    [InlineData("a___b", "invalid reference format")]
    [InlineData("a:.tag", "invalid reference format")]
    [InlineData("-host.example/a", "invalid reference format")]
    [InlineData("host.example:port/a", "invalid reference format")]
    [InlineData("a@sha256", "invalid reference format")]
    [InlineData("a@sha256:abc", "invalid reference format")]
    [InlineData("a@sha256:" + Hex + "00", "invalid checksum digest length")]
    [InlineData("a@sha256:E" + "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "invalid checksum digest format")]
    [InlineData("a@md5:" + Hex, "unsupported digest algorithm")]
    [InlineData(Hex, "invalid repository name (" + Hex + "), cannot specify 64-byte hexadecimal strings")]
    public void What_none_can_know_is_refused_in_upstreams_words(string image, string fault) => Assert.Equal(fault, ImageReference.Fault(image));

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_tag_has_a_longest_length(int length, bool taken) => Assert.Equal(taken, ImageReference.Fault("a:" + new string('t', length)) is null);

    [Fact]
    public void A_name_has_a_longest_length()
    {
        Assert.Null(ImageReference.Fault("example.com/" + new string('a', 243)));
        Assert.Equal("repository name must not be more than 255 characters", ImageReference.Fault("example.com/" + new string('a', 244)));
    }

    private static readonly Gen<string> GenWord = Gen.OneOf("a", "b2", "a-b", "a.b", "a_b", "a__b", "a--b", "0");
    private static readonly Gen<string> GenName =
        Gen.Select(Gen.OneOf("", "localhost/", "h.example/", "h:1/", "H.Example:65000/", "[fe80::1]/"), GenWord.Array[1, 4], (host, words) => host + string.Join('/', words));
    private static readonly Gen<string> GenImage =
        Gen.Select(GenName, Gen.OneOf("", ":1", ":_", ":A.b-C"), Gen.OneOf("", "@sha256:" + Hex), (name, tag, digest) => name + tag + digest);

    [Fact]
    public void All_that_the_grammar_makes_is_taken() => GenImage.Sample(image => Assert.True(ImageReference.Fault(image) is null, $"{image}: {ImageReference.Fault(image)}"));

    [Fact]
    public void With_a_character_that_no_reference_has_none_is_taken() =>
        Gen.Select(GenImage, Gen.OneOf(' ', '\n', '\t', '\0', '%', '$', '?', '#', '\\', '"', 'é', '\u212a', '\u0660'), Gen.Int[0, 1000]).Sample((image, odd, at) =>
            Assert.NotNull(ImageReference.Fault(image.Insert(at % (image.Length + 1), $"{odd}"))));

    [Fact]
    public void Any_text_is_answered_in_time_that_its_length_explains()
    {
        Gen.String.Sample(text => ImageReference.Fault(text));
        foreach (var piece in (string[])["a", "-", "a-", ".", "a.", "/", "a/", "_", "a__", ":", "@", "[", "1.", "A"])
        {
            var image = string.Concat(Enumerable.Repeat(piece, 200_000)) + "!";
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            Assert.NotNull(ImageReference.Fault(image));
            Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 5);
        }
    }
}
