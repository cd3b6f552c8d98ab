using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;

namespace ActorOrch.Resources.Errors;

/// <summary>An answer of the API that is not success: everything a <c>Status</c> of <c>meta/v1</c> says.</summary>
public sealed class ApiException : Exception
{
    public ApiException(int code, string reason, string message) : base(message)
    {
        Code = code;
        Reason = reason;
    }

    /// <summary>The HTTP status.</summary>
    public int Code { get; }

    /// <summary>One word for programs: <c>NotFound</c>, <c>Conflict</c>, <c>Invalid</c>.</summary>
    public string Reason { get; }

    public string? Name { get; init; }
    public string? Group { get; init; }
    public string? Kind { get; init; }
    public string? Uid { get; init; }
    public int? RetryAfterSeconds { get; init; }
    public IReadOnlyList<FieldError> Causes { get; init; } = [];

    /// <summary>Of an expired list: a token with which the client can go on all the same.</summary>
    public string? Continue { get; init; }

    public JsonObject ToStatus()
    {
        var details = new JsonObject();
        if (Name is not null) details["name"] = Name;
        if (!string.IsNullOrEmpty(Group)) details["group"] = Group;
        if (Kind is not null) details["kind"] = Kind;
        if (Uid is not null) details["uid"] = Uid;
        if (RetryAfterSeconds is { } retry) details["retryAfterSeconds"] = retry;
        if (Causes.Count > 0)
            details["causes"] = new JsonArray([.. Causes.Select(ToJson)]);
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = Continue is null ? new JsonObject() : new JsonObject { ["continue"] = Continue },
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
        };
        if (details.Count > 0) status["details"] = details;
        status["code"] = Code;
        return status;
    }

    private static JsonObject ToJson(FieldError cause)
    {
        var json = new JsonObject { ["reason"] = cause.Reason, ["message"] = cause.Message };
        if (cause.Path.Length > 0) json["field"] = cause.Path;
        return json;
    }

    /// <summary>Of a kind that is not served, or no longer.</summary>
    public static ApiException UnknownResource() => new(404, "NotFound", "the server could not find the requested resource");

    public static ApiException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.GroupResource} \"{name}\" not found") { Name = name, Group = type.Group, Kind = type.Plural };

    public static ApiException AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.GroupResource} \"{name}\" already exists") { Name = name, Group = type.Group, Kind = type.Plural };

    public static ApiException Conflict(ResourceType type, string name, string? detail = null) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {type.GroupResource} \"{name}\": "
            + (detail ?? "the object has been modified; please apply your changes to the latest version and try again"))
        { Name = name, Group = type.Group, Kind = type.Plural };

    /// <param name="kind">What the message calls it, where that is not its kind.</param>
    public static ApiException Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors, string? kind = null) =>
        Invalid(kind is null ? type.Document : type.Document with { Kind = kind }, name, errors);

    /// <summary>Of what is no object by itself, as a Scale.</summary>
    public static ApiException Invalid(DocumentKind kind, string name, IReadOnlyList<FieldError> errors)
    {
        var text = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]";
        return new(422, "Invalid", $"{(kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}")} \"{name}\" is invalid: {text}")
        {
            Name = name,
            Group = kind.Group,
            Kind = kind.Kind,
            Causes = errors,
        };
    }

    /// <summary>Of options, whose values no one can read.</summary>
    /// <param name="kind">As in <c>DeleteOptions.meta.k8s.io</c>.</param>
    public static ApiException InvalidParameter(string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var text = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]";
        return new(422, "Invalid", $"{kind} \"{name}\" is invalid: {text}")
        {
            Name = name.Length == 0 ? null : name,
            Kind = kind.Split('.')[0],
            Group = kind.Contains('.', StringComparison.Ordinal) ? kind[(kind.IndexOf('.', StringComparison.Ordinal) + 1)..] : null,
            Causes = errors,
        };
    }

    /// <summary>More than the server takes on at once (413).</summary>
    /// <param name="limit">What is too large, and the limit: <c>limit is 3145728</c>.</param>
    public static ApiException TooLarge(string limit) => new(413, "RequestEntityTooLarge", $"Request entity too large: {limit}");

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException Forbidden(ResourceType type, string name, string detail) =>
        new(403, "Forbidden", $"{type.GroupResource} \"{name}\" is forbidden: {detail}") { Name = name, Group = type.Group, Kind = type.Plural };

    public static ApiException MethodNotAllowed() => new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    /// <summary>History no longer holds the revision (410).</summary>
    public static ApiException Expired(string message) => new(410, "Expired", message);

    /// <summary>The store cannot acknowledge right now; nothing was promised (503).</summary>
    public static ApiException Unavailable(string message, int retryAfterSeconds = 1) =>
        new(503, "ServiceUnavailable", message) { RetryAfterSeconds = retryAfterSeconds };

    /// <summary>What a request was to be passed on to does not answer (503). Whether to try again is for the client to know: clients do so unasked where they are told when.</summary>
    public static ApiException Unreachable(string message) => new(503, "ServiceUnavailable", message);
}
