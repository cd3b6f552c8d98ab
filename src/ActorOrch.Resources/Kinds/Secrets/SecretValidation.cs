using System.Text.Json;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.ConfigMaps;

namespace ActorOrch.Resources.Kinds.Secrets;

/// <summary>Checks <c>core/v1 Secret</c>: its keys and size, and what its type asks for.</summary>
internal static class SecretValidation
{
    private const string Redacted = "<secret contents redacted>";

    public static void Validate(Field obj, FieldErrors errors)
    {
        var data = obj["data"];
        var bytes = 0L;
        foreach (var (key, value) in data.Entries)
        {
            ConfigKeys.Check(value, key, errors);
            bytes += ConfigMapValidation.DecodedBytes(value.Text);
        }
        if (bytes > ConfigMapValidation.MostBytes) errors.TooLong(data, ConfigMapValidation.MostBytes);
        CheckType(obj, data, errors);
    }

    public static void ValidateUpdate(Field obj, Field old, FieldErrors errors)
    {
        Immutable.Check(obj["type"], old["type"], errors);
        ConfigMapValidation.CheckImmutable(obj, old, ["data"], errors);
    }

    private static void CheckType(Field obj, Field data, FieldErrors errors)
    {
        switch (obj["type"].Text)
        {
            case "kubernetes.io/service-account-token":
                var account = obj["metadata"]["annotations"].Key("kubernetes.io/service-account.name");
                if (account.Text.Length == 0) errors.Required(account);
                break;
            case "kubernetes.io/dockercfg":
                CheckJson(data.Key(".dockercfg"), errors);
                break;
            case "kubernetes.io/dockerconfigjson":
                CheckJson(data.Key(".dockerconfigjson"), errors);
                break;
            case "kubernetes.io/basic-auth":
                if (data.Key("username").Exists || data.Key("password").Exists) break;
                errors.Required(data.Key("username"));
                errors.Required(data.Key("password"));
                break;
            case "kubernetes.io/ssh-auth":
                if (data.Key("ssh-privatekey").Text.Length == 0) errors.Required(data.Key("ssh-privatekey"));
                break;
            case "kubernetes.io/tls":
                foreach (var name in (string[])["tls.crt", "tls.key"])
                    if (!data.Key(name).Exists) errors.Required(data.Key(name));
                break;
        }
    }

    private static void CheckJson(Field value, FieldErrors errors)
    {
        if (!value.Exists)
        {
            errors.Required(value);
            return;
        }
        try
        {
            using var parsed = JsonDocument.Parse(Convert.FromBase64String(value.Text));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            errors.Invalid(value, Redacted, e is JsonException ? "invalid character" : "illegal base64 data");
        }
    }
}
