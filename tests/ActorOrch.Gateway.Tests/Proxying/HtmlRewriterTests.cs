using System.Buffers;
using System.Text;
using ActorOrch.Gateway.Proxying;
using CsCheck;

namespace ActorOrch.Gateway.Tests.Proxying;

public class HtmlRewriterTests
{
    private static readonly string[] Pieces =
        ["<", ">", "a", "/", " ", "=", "\"", "'", "href", "<a href=\"/x\">", "<!--", "-->", "<script>", "</script>", "src='/y'", "é"];

    [Theory]
    [InlineData("""<a href="/x">t</a>""", """<a href="!/x">t</a>""")]
    [InlineData("""<A HREF='/x' id=1>""", """<A HREF='!/x' id=1>""")]
    [InlineData("""<a href=/x>t""", """<a href=!/x>t""")]
    [InlineData("""<img alt='a > b' src = "/x"/>""", """<img alt='a > b' src = "!/x"/>""")]
    [InlineData("""<a title=' href="/no"' href="/x">""", """<a title=' href="/no"' href="!/x">""")]
    [InlineData("""<form action="/x" method=post><input disabled formaction="/y">""", """<form action="!/x" method=post><input disabled formaction="!/y">""")]
    [InlineData("""<script src="/x">if (a < b) f('<a href="/no">')</script><a href="/y">""", """<script src="!/x">if (a < b) f('<a href="/no">')</script><a href="!/y">""")]
    [InlineData("""<!-- <a href="/no"> --><a href="/y">""", """<!-- <a href="/no"> --><a href="!/y">""")]
    [InlineData("""1 < 2 <!doctype html></a href="/no"> < a href="/no">""", """1 < 2 <!doctype html></a href="/no"> < a href="/no">""")]
    [InlineData("""<a href="/unfinished""", """<a href="/unfinished""")]
    [InlineData("<", "<")]
    [InlineData("Grüße 日本 <a href='/é'>", "Grüße 日本 <a href='!/é'>")]
    public void The_values_of_links_are_rewritten_and_nothing_else(string html, string expected)
    {
        Assert.Equal(expected, Rewrite(html, [html.Length]));
        Assert.Equal(expected, Rewrite(html, Enumerable.Repeat(1, Encoding.UTF8.GetByteCount(html))));
    }

    [Fact]
    public void How_the_document_is_cut_into_pieces_makes_no_difference() =>
        Gen.Select(
            Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 40],
            Gen.Int[1, 7].Array[1, 60])
        .Sample((parts, cuts) =>
        {
            var html = string.Concat(parts);
            Assert.Equal(Rewrite(html, [int.MaxValue]), Rewrite(html, cuts));
        });

    [Fact]
    public void Without_a_link_to_change_the_bytes_pass_as_they_came() =>
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.Equal(bytes, Run(bytes, [3], link => link)));

    private static string Rewrite(string html, IEnumerable<int> cuts) => Encoding.UTF8.GetString(Run(Encoding.UTF8.GetBytes(html), cuts, link => "!" + link));

    // The last cut is that of all that follow.
    private static byte[] Run(byte[] document, IEnumerable<int> cuts, Func<string, string> rewrite)
    {
        var output = new ArrayBufferWriter<byte>();
        var rewriter = new HtmlRewriter(rewrite);
        var size = 0;
        using var next = cuts.GetEnumerator();
        for (var at = 0; at < document.Length; at += size)
        {
            if (next.MoveNext()) size = next.Current;
            size = Math.Min(size, document.Length - at);
            rewriter.Write(document.AsSpan(at, size), output);
            if (size == 0) break;
        }
        rewriter.Complete(output);
        return output.WrittenSpan.ToArray();
    }
}
