namespace ActorOrch.Resources.Schemas;

/// <summary>The shapes a value takes on the wire.</summary>
public enum SchemaKind
{
    /// <summary>Named fields (a struct).</summary>
    Object,

    /// <summary>Free keys, values of one schema.</summary>
    Map,

    /// <summary>Elements of one schema.</summary>
    List,

    String,
    Boolean,
    Int32,
    Int64,
    Double,

    /// <summary>Base64 in a string.</summary>
    Bytes,

    /// <summary><c>meta/v1 Time</c>: RFC 3339 with seconds.</summary>
    Time,

    /// <summary><c>meta/v1 MicroTime</c>: RFC 3339 with microseconds.</summary>
    MicroTime,

    Quantity,
    IntOrString,

    /// <summary>Any JSON (<c>RawExtension</c>, <c>FieldsV1</c>, schemas' examples).</summary>
    Any,
}
