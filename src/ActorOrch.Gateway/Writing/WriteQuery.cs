using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorOrch.Registry;
using ActorOrch.Resources;

namespace ActorOrch.Gateway;

/// <summary>The query parameters of writes: <c>dryRun</c>, <c>fieldValidation</c>, <c>fieldManager</c>.</summary>
internal static class WriteQuery
{
    private const int LongestManager = 128;

    /// <param name="kind">The options' kind, as errors name it: <c>CreateOptions</c>.</param>
    public static WriteOptions Read(ApiRequest request, string kind)
    {
        var subresource = request.Info.Subresource;
        if (!request.Http.Request.QueryString.HasValue)
            return new() { Caller = request.Caller, Subresource = subresource, Warnings = new List<string>() };
        var errors = new List<FieldError>();
        var dryRun = ReadDryRun(request.Http.Request.Query["dryRun"], errors);
        var validation = request.Query("fieldValidation");
        if (validation is not ("" or "Ignore" or "Warn" or "Strict"))
            errors.Add(new("FieldValueNotSupported", "fieldValidation",
                $"Unsupported value: \"{validation}\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""));
        CheckManager(request.Query("fieldManager"), errors);
        if (errors.Count > 0) throw Failures.InvalidParameter($"{kind}.meta.k8s.io", "", errors);
        return new()
        {
            Caller = request.Caller,
            Subresource = subresource,
            DryRun = dryRun,
            FieldValidation = validation switch
            {
                "Ignore" => FieldValidation.Ignore,
                "Strict" => FieldValidation.Strict,
                _ => FieldValidation.Warn,
            },
            Warnings = new List<string>(),
        };
    }

    private static void CheckManager(string manager, List<FieldError> errors)
    {
        if (Encoding.UTF8.GetByteCount(manager) > LongestManager)
            errors.Add(new("FieldValueTooLong", "fieldManager", $"Too long: may not be more than {LongestManager} bytes"));
        if (manager.EnumerateRunes().Any(rune => !IsPrintable(rune)))
            errors.Add(new("FieldValueInvalid", "fieldManager", $"Invalid value: {JsonSerializer.Serialize(manager)}: should only contain printable characters"));
    }

    // As Go has it: letters, marks, numbers, punctuation, symbols, and of all spaces the plain one. What was no UTF-8 has become U+FFFD, a symbol.
    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || !(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>Reads a list of dry-run stages; there is only one.</summary>
    public static bool ReadDryRun(IEnumerable<string?> stages, List<FieldError> errors)
    {
        var dry = false;
        foreach (var stage in stages)
        {
            if (stage is "All") dry = true;
            else if (!string.IsNullOrEmpty(stage))
                errors.Add(new("FieldValueNotSupported", "dryRun", $"Unsupported value: \"{stage}\": supported values: \"All\""));
        }
        return dry;
    }
}
