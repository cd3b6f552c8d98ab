using System.Buffers.Binary;
using System.Formats.Tar;
using System.Runtime.InteropServices;

namespace ActorOrch.Agent.Runtimes.Docker;

/// <summary>
/// The image of the sandbox holder, made on the spot so that no registry is needed: one static program of about 250 bytes.
/// The program rests for ever, and as the first of the processes that a pod shares it leaves no dead children; where its standard input is open, it first enters each network namespace whose path it reads.
/// </summary>
internal static class SandboxImage
{
    public const string Program = "sandbox";

    private const int HeaderBytes = 64;
    private const int SegmentBytes = 56;
    private const ulong LoadAddress = 0x400000;

    /// <summary>
    /// x86-64: <c>sigaction(SIGCHLD, SIG_IGN); while ((n = read(0, path)) &gt; 0) { path[n] = 0; fd = open(path, O_CLOEXEC); e = fd &lt; 0 ? fd : setns(fd, CLONE_NEWNET);
    /// close(fd); write(1, (char)-e); } for (;;) pause();</c>
    /// </summary>
    private static readonly byte[] Amd64 = Convert.FromHexString(
        "31c05050506a014889e631d241ba08000000bf11000000b80d0000000f05" +
        "4881ec0010000031c031ff4889e6baff0f00000f0585c07e4fc6040400b8" +
        "020000004889e7be000008000f0585c0781d89c389c7be00000040b83401" +
        "00000f0589c589dfb8030000000f0589e8f7d8880424b801000000bf0100" +
        "00004889e6ba010000000f05eb9fb8220000000f05ebf7");

    /// <summary>
    /// AArch64: <c>sigaction(SIGCHLD, SIG_IGN); for (;;) ppoll(NULL, 0, NULL, NULL);</c> (the action on the stack, mov x8, #134; svc #0;
    /// mov x0..x3, #0; mov x8, #73; svc #0; b .-0x18).
    /// </summary>
    private static readonly byte[] Arm64 = Convert.FromHexString(
        "ff8300d1" + "200080d2" + "e07f00a9" + "ff7f01a9" + "200280d2" + "e1030091" + "020080d2" + "030180d2" + "c81080d2" + "010000d4" +
        "000080d2" + "010080d2" + "020080d2" + "030080d2" + "280980d2" + "010000d4" + "faffff17");

    /// <summary>A tar with the program at its root.</summary>
    public static MemoryStream RootFilesystem()
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, Program)
            {
                Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
                DataStream = new MemoryStream(Executable(RuntimeInformation.ProcessArchitecture)),
            });
        }
        tar.Position = 0;
        return tar;
    }

    /// <summary>An ELF file (System V ABI, "Object Files") of one segment: headers and code, read and execute.</summary>
    internal static byte[] Executable(Architecture architecture)
    {
        var (machine, code) = architecture switch
        {
            Architecture.X64 => ((ushort)62, Amd64),
            Architecture.Arm64 => ((ushort)183, Arm64),
            _ => throw new RuntimeUnavailableException($"there is no sandbox program for {architecture}"),
        };
        var file = new byte[HeaderBytes + SegmentBytes + code.Length];
        var header = file.AsSpan(0, HeaderBytes);
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[18..], machine);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], LoadAddress + HeaderBytes + SegmentBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[52..], HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], SegmentBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], 1);
        var segment = file.AsSpan(HeaderBytes, SegmentBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(segment, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], 5);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[16..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[24..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], (ulong)file.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[40..], (ulong)file.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[48..], 0x1000);
        code.CopyTo(file, HeaderBytes + SegmentBytes);
        return file;
    }
}
