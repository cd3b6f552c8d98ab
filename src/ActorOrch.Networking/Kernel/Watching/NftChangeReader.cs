using System.Buffers.Binary;
using System.Text;

namespace ActorOrch.Networking.Kernel.Watching;

/// <summary>
/// Makes out of what the kernel tells about rules (linux/netfilter/nf_tables.h) who has changed ours. It tells each change by itself, and behind
/// those that were made together who has made them. Not for concurrent use.
/// </summary>
/// <param name="table">The name of our tables.</param>
internal sealed class NftChangeReader(string table)
{
    /// <summary>The group of the messages: NFNLGRP_NFTABLES.</summary>
    public const int Group = 7;

    private const int Subsystem = 10;
    private const int HeaderBytes = 4;
    private const int NewChain = 3, DeleteChain = 5, DeleteRule = 8, NewGeneration = 15;
    private const byte IPv4 = 2, IPv6 = 10;

    // The name of the table is the first attribute of everything that stands in one.
    private const ushort TableName = 1, ChainOfRule = 2, NameOfChain = 3;
    private const ushort ProcessId = 2, ProcessName = 3;

    private readonly byte[] _table = Encoding.ASCII.GetBytes(table);
    private bool _ours;
    private bool _passage;

    /// <summary>Takes what was read at once.</summary>
    /// <param name="ours">Called for each change of our tables, when all of it is known.</param>
    /// <param name="passage">Called where the engine's chain for rules of others is new, or has lost one.</param>
    public void Read(ReadOnlySpan<byte> datagram, Action<NftAuthor> ours, Action passage)
    {
        var messages = new NetlinkMessages(datagram);
        while (messages.Next())
        {
            if (messages.Type >> 8 != Subsystem) continue;
            if ((messages.Type & 0xff) == NewGeneration) End(messages, ours, passage);
            else Note(messages.Type & 0xff, messages.Payload);
        }
    }

    private void Note(int type, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeaderBytes || payload[0] is not (IPv4 or IPv6)) return;
        var name = NetlinkMessages.Text(NetlinkMessages.Attribute(payload, HeaderBytes, TableName));
        if (name.SequenceEqual(_table)) _ours = true;
        else if (name.SequenceEqual("filter"u8)) _passage |= IsLossOfPassage(type, payload);
    }

    private static bool IsLossOfPassage(int type, ReadOnlySpan<byte> payload) => type switch
    {
        NewChain or DeleteChain => Names(payload, NameOfChain),
        DeleteRule => Names(payload, ChainOfRule),
        _ => false,
    };

    private static bool Names(ReadOnlySpan<byte> payload, ushort attribute) => NetlinkMessages.Text(NetlinkMessages.Attribute(payload, HeaderBytes, attribute)).SequenceEqual("DOCKER-USER"u8);

    private void End(NetlinkMessages generation, Action<NftAuthor> ours, Action passage)
    {
        if (_ours) ours(AuthorOf(generation));
        if (_passage) passage();
        _ours = _passage = false;
    }

    private static NftAuthor AuthorOf(NetlinkMessages generation)
    {
        var process = NetlinkMessages.Attribute(generation.Payload, HeaderBytes, ProcessId);
        var name = NetlinkMessages.Text(NetlinkMessages.Attribute(generation.Payload, HeaderBytes, ProcessName));
        return new(generation.Port, process.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(process) : 0, Encoding.Latin1.GetString(name));
    }
}
