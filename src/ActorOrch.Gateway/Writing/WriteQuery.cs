using System.Text;
using System.Text.Json;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Writing;

/// <summary>The query parameters of writes: <c>dryRun</c>, <c>fieldValidation</c>, <c>fieldManager</c>, <c>force</c>.</summary>
internal static class WriteQuery
{
    /// <param name="kind">The options' kind, as errors name it: <c>CreateOptions</c>.</param>
    public static WriteOptions Read(ApiRequest request, string kind) => Read(request, kind, []);

    /// <summary>Of a patch.</summary>
    /// <param name="force">Whether an apply takes what others own.</param>
    public static WriteOptions ReadPatch(ApiRequest request, out bool force)
    {
        var errors = new List<FieldError>();
        var wanted = ListQuery.ParseFlag(request.Query("force"));
        force = wanted == true;
        if (!PatchMediaTypes.IsApply(request))
        {
            if (wanted is not null) errors.Add(new("FieldValueForbidden", "force", "Forbidden: may not be specified for non-apply patch"));
        }
        else if (request.Query("fieldManager").Length == 0)
        {
            errors.Add(new("FieldValueRequired", "fieldManager", "Required value: is required for apply patch"));
        }
        return Read(request, "PatchOptions", errors);
    }

    private static WriteOptions Read(ApiRequest request, string kind, List<FieldError> errors)
    {
        var subresource = request.Info.Subresource;
        if (!request.Http.Request.QueryString.HasValue && errors.Count == 0)
            return new() { Caller = request.Caller, Subresource = subresource, FieldManager = ManagerName.Of(request), Warnings = new List<string>() };
        var dryRun = DeleteOptions.ReadDryRun(request.Http.Request.Query["dryRun"], errors);
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
            FieldManager = ManagerName.Of(request),
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
        if (Encoding.UTF8.GetByteCount(manager) > ManagerName.Longest)
            errors.Add(new("FieldValueTooLong", "fieldManager", $"Too long: may not be more than {ManagerName.Longest} bytes"));
        if (manager.EnumerateRunes().Any(rune => !ManagerName.IsPrintable(rune)))
            errors.Add(new("FieldValueInvalid", "fieldManager", $"Invalid value: {JsonSerializer.Serialize(manager)}: should only contain printable characters"));
    }
}
