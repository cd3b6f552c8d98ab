using System.Net;
using System.Numerics;
using ActorOrch.Agent.Runtimes;

namespace ActorOrch.Agent.Pods;

/// <summary>Gives each pod of the node its addresses; kept for the life of the pod. Not thread-safe: the agent's own.</summary>
public sealed class PodAddresses
{
    private readonly Dictionary<string, (string? Address4, string? Address6)> _byPod = [];
    private readonly Range? _range4;
    private readonly Range? _range6;

    public PodAddresses(PodNetworkSpec network)
    {
        _range4 = network.Subnet4 is { } subnet4 ? new Range(IPNetwork.Parse(subnet4)) : null;
        _range6 = network.Subnet6 is { } subnet6 ? new Range(IPNetwork.Parse(subnet6)) : null;
    }

    /// <summary>Takes over what a running pod already has.</summary>
    public void Adopt(string podUid, string? address4, string? address6)
    {
        _range4?.Take(address4);
        _range6?.Take(address6);
        _byPod[podUid] = (address4, address6);
    }

    /// <summary>Never gives these away: somebody else has them.</summary>
    public void Exclude(IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            _range4?.Take(address);
            _range6?.Take(address);
        }
    }

    /// <summary>The pod's addresses, new where it has none. Throws <see cref="InvalidOperationException"/> when the range is used up.</summary>
    public (string? Address4, string? Address6) Of(string podUid)
    {
        if (_byPod.TryGetValue(podUid, out var known)) return known;
        return _byPod[podUid] = (_range4?.Next(), _range6?.Next());
    }

    public void Release(string podUid)
    {
        if (!_byPod.Remove(podUid, out var addresses)) return;
        _range4?.Free(addresses.Address4);
        _range6?.Free(addresses.Address6);
    }

    /// <summary>Addresses are given in turn, so that one that was just freed is not used again at once.</summary>
    private sealed class Range(IPNetwork network)
    {
        /// <summary>The network's own address and its gateway.</summary>
        private const int Reserved = 2;

        private readonly HashSet<string> _taken = [];
        private readonly BigInteger _size = Size(network);
        private BigInteger _next = Reserved;

        private static BigInteger Size(IPNetwork network)
        {
            var v4 = network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
            // The last address of an IPv4 network is its broadcast.
            return v4 ? BigInteger.Pow(2, 32 - network.PrefixLength) - 1 : BigInteger.Pow(2, Math.Min(32, 128 - network.PrefixLength));
        }

        public string Next()
        {
            for (var tried = BigInteger.Zero; tried < _size; tried++)
            {
                if (_next >= _size) _next = Reserved;
                var address = At(_next++);
                if (_taken.Add(address)) return address;
            }
            throw new InvalidOperationException($"no address is left in {network}");
        }

        public void Take(string? address)
        {
            if (address is null || !IPAddress.TryParse(address, out var parsed) || !network.Contains(parsed)) return;
            _taken.Add(address);
            var offset = Number(parsed) - Number(network.BaseAddress);
            if (offset >= _next) _next = offset + 1;
        }

        public void Free(string? address)
        {
            if (address is not null) _taken.Remove(address);
        }

        private string At(BigInteger offset)
        {
            var bytes = network.BaseAddress.GetAddressBytes();
            var value = Number(network.BaseAddress) + offset;
            for (var i = bytes.Length - 1; i >= 0; i--)
            {
                bytes[i] = (byte)(value & 0xff);
                value >>= 8;
            }
            return new IPAddress(bytes).ToString();
        }

        private static BigInteger Number(IPAddress address) => new(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);
    }
}
