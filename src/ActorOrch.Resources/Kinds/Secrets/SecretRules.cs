using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds.Secrets;

/// <summary><c>core/v1 Secret</c>. <c>stringData</c> is a convenience of writers: it is merged into <c>data</c> and never stored.</summary>
internal sealed class SecretRules : KindRules
{
    private static readonly Dictionary<string, Func<StoredObject, string>> Selectors = new() { ["type"] = JsonText.Reader("type") };

    public override IReadOnlyDictionary<string, Func<StoredObject, string>> FieldSelectors => Selectors;

    public override void Default(JsonObject obj)
    {
        if (obj.Find("stringData") is { } texts)
        {
            if (texts.Count > 0)
            {
                var data = obj.Child("data");
                foreach (var (key, text) in texts) data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text?.GetValue<string>() ?? ""));
            }
            obj.Remove("stringData");
        }
        obj.Default("type", "Opaque");
    }

    public override void Validate(Field obj, FieldErrors errors) => SecretValidation.Validate(obj, errors);

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors) => SecretValidation.ValidateUpdate(obj, old, errors);
}
