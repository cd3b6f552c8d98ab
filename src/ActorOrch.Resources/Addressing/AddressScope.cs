namespace ActorOrch.Resources.Addressing;

/// <summary>Whom an address reaches. All but <see cref="Unicast"/> mean something else on every machine, or no machine at all.</summary>
public enum AddressScope
{
    /// <summary>One machine or pod, the same from everywhere.</summary>
    Unicast,

    /// <summary><c>0.0.0.0/8</c>, <c>::</c>: who connects to it reaches himself.</summary>
    Unspecified,

    /// <summary><c>127.0.0.0/8</c>, <c>::1</c>.</summary>
    Loopback,

    /// <summary><c>169.254.0.0/16</c>, <c>fe80::/10</c>; clouds answer there with a machine's credentials.</summary>
    LinkLocal,

    /// <summary>An address outside of the link-local ranges at which a cloud answers with a machine's credentials.</summary>
    Metadata,

    /// <summary><c>224.0.0.0/24</c>, <c>ff02::/16</c>.</summary>
    LinkLocalMulticast,

    /// <summary>The rest of <c>224.0.0.0/4</c> and <c>ff00::/8</c>.</summary>
    Multicast,

    /// <summary><c>240.0.0.0/4</c>, the broadcast address among them.</summary>
    Reserved,
}
