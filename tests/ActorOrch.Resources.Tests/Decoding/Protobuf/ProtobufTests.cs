using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Schemas;
using CsCheck;
using Google.Protobuf;
using k8s.Models;

namespace ActorOrch.Resources.Tests.Decoding.Protobuf;

public class ProtobufTests
{
    private const string ContentType = "application/vnd.kubernetes.protobuf";

    [Fact]
    public void What_kubectl_sends_is_the_document_that_it_prints()
    {
        foreach (var (type, base64, json) in RecordedBodies.All)
        {
            var sent = ObjectDecoder.Decode(Convert.FromBase64String(base64), ContentType, type).Object;
            var printed = ObjectDecoder.Decode(Encoding.UTF8.GetBytes(json), "application/json", type).Object;

            Assert.True(JsonNode.DeepEquals(printed, sent), $"{type.Kind}: {sent.ToJsonString()}");
        }
    }

    [Fact]
    public void Options_may_name_any_group_and_keep_a_zero()
    {
        var options = Message(o =>
        {
            o.WriteTag(1, WireFormat.WireType.Varint);
            o.WriteInt64(0);
            o.WriteTag(4, WireFormat.WireType.LengthDelimited);
            o.WriteString("Foreground");
        });

        var decoded = ObjectDecoder.DecodeOptions(Envelope("apps/v1", "DeleteOptions", options), ContentType, Schema.Of(typeof(V1DeleteOptions)), "DeleteOptions");

        Assert.Equal(0, (long)decoded.Object["gracePeriodSeconds"]!);
        Assert.Equal("Foreground", (string?)decoded.Object["propagationPolicy"]);
    }

    [Fact]
    public void Another_kind_is_refused_before_its_message_is_read()
    {
        var refused = Assert.Throws<ApiException>(() => ObjectDecoder.Decode(Envelope("v1", "Service", [0xff]), ContentType, BuiltIn.Deployments));

        Assert.Equal("Service in version \"v1\" cannot be handled as a Deployment: converting (v1.Service) to (apps.Deployment): unknown conversion", refused.Message);
    }

    [Fact]
    public void Bytes_that_are_no_protobuf_are_refused()
    {
        var refused = Assert.Throws<ApiException>(() => ObjectDecoder.Decode("{}"u8.ToArray(), ContentType, BuiltIn.Pods));

        Assert.Equal(400, refused.Code);
        Assert.Equal(
            "the object provided is unrecognized (must be of type Pod): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] ({})",
            refused.Message);
    }

    [Fact]
    public void Mangled_bytes_are_a_document_or_a_refusal() =>
        Gen.Select(Gen.Int[0, RecordedBodies.All.Count - 1], Gen.Int[0, 400], Gen.Int[0, 6], Gen.Byte, Gen.Int[1, 4]).Sample((which, at, length, with, how) =>
        {
            var (type, base64, _) = RecordedBodies.All[which];
            try
            {
                var decoded = ObjectDecoder.Decode(Mangle(Convert.FromBase64String(base64), at, length, with, how), ContentType, type).Object;
                // What was taken reads the same as JSON.
                Assert.True(JsonNode.DeepEquals(decoded, ObjectDecoder.Decode(Encoding.UTF8.GetBytes(decoded.ToJsonString()), "application/json", type).Object));
            }
            catch (ApiException refused)
            {
                Assert.InRange(refused.Code, 400, 499);
            }
        }, iter: 20_000);

    private static byte[] Mangle(byte[] bytes, int at, int length, byte with, int how)
    {
        at %= bytes.Length;
        length = Math.Min(length, bytes.Length - at);
        return how switch
        {
            1 => [.. bytes[..at], .. bytes[(at + length)..]],
            2 => [.. bytes[..at], with, .. bytes[Math.Min(at + 1, bytes.Length)..]],
            3 => [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]],
            _ => bytes[..at],
        };
    }

    private static byte[] Envelope(string apiVersion, string kind, byte[] raw) =>
    [
        .. "k8s\0"u8,
        .. Message(o =>
        {
            o.WriteTag(1, WireFormat.WireType.LengthDelimited);
            o.WriteBytes(ByteString.CopyFrom(Message(meta =>
            {
                meta.WriteTag(1, WireFormat.WireType.LengthDelimited);
                meta.WriteString(apiVersion);
                meta.WriteTag(2, WireFormat.WireType.LengthDelimited);
                meta.WriteString(kind);
            })));
            o.WriteTag(2, WireFormat.WireType.LengthDelimited);
            o.WriteBytes(ByteString.CopyFrom(raw));
        }),
    ];

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes, leaveOpen: true);
        write(output);
        output.Flush();
        return bytes.ToArray();
    }
}
