using System.Globalization;
using System.Net;
using Akka.Configuration;

namespace ActorOrch.Hosting;

/// <summary>Reads the settings of a section. What cannot be used is named, with its value and with what would do: <see cref="ConfigurationException"/>.</summary>
internal sealed class SettingReader(Config config, string section)
{
    private readonly Config _section = config.GetConfig(section) ?? throw new ConfigurationException($"{section} is missing: config/reference.hocon has not been loaded");

    public string Text(string name) => _section.GetString(name) ?? "";

    public int Integer(string name, int least, int most)
    {
        var text = Text(name);
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, text, string.Create(CultureInfo.InvariantCulture, $"it must be a whole number between {least} and {most}"));
    }

    public IReadOnlyList<string> Texts(string name)
    {
        // An empty list is none to the parser.
        if (_section.GetValue(name) is not { } value || value.IsObject() || value.IsString()) throw new ConfigurationException($"{section}.{name} must be a list: [\"…\", \"…\"]");
        return [.. value.GetStringList()];
    }

    public IPAddress Address(string name) => ParseAddress(name, Text(name));

    /// <summary>At most one of each family.</summary>
    public IReadOnlyList<IPAddress> Addresses(string name)
    {
        var addresses = Texts(name).Select(text => ParseAddress(name, text)).ToList();
        RequireOneOfEach(name, addresses.Select(a => (a.ToString(), a.AddressFamily)));
        return addresses;
    }

    /// <summary>At least one, and at most one of each family.</summary>
    public IReadOnlyList<IPNetwork> Networks(string name)
    {
        var texts = Texts(name);
        if (texts.Count == 0) throw Wrong(name, "[]", "it must name at least one address range");
        var networks = texts.Select(text => ParseNetwork(name, text)).ToList();
        RequireOneOfEach(name, networks.Select(n => (n.ToString(), n.BaseAddress.AddressFamily)));
        return networks;
    }

    /// <param name="value">What stands there.</param>
    public ConfigurationException Wrong(string name, string value, string why) => new($"{section}.{name}: \"{value}\" cannot be used: {why}");

    private IPAddress ParseAddress(string name, string text) =>
        IPAddress.TryParse(text, out var address) ? address : throw Wrong(name, text, "it must be an IP address, as 192.0.2.1 or 2001:db8::1");

    private IPNetwork ParseNetwork(string name, string text)
    {
        var slash = text.LastIndexOf('/');
        if (slash < 0 || !IPAddress.TryParse(text[..slash], out var address) || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > address.GetAddressBytes().Length * 8)
            throw Wrong(name, text, "it must be an address range, as 10.244.0.0/16 or fd00:10:244::/48");
        var network = new IPNetwork(Masked(address, length), length);
        return network.BaseAddress.Equals(address) ? network : throw Wrong(name, text, $"the address has bits beyond its prefix: it would be {network}");
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new(bytes);
    }

    private void RequireOneOfEach(string name, IEnumerable<(string Text, System.Net.Sockets.AddressFamily Family)> values)
    {
        var seen = new HashSet<System.Net.Sockets.AddressFamily>();
        foreach (var (text, family) in values)
            if (!seen.Add(family)) throw Wrong(name, text, "there is another of its family already: one IPv4 and one IPv6 are what it takes");
    }
}
