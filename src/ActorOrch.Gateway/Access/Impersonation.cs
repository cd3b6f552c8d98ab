using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Access;

/// <summary>Serves a request as another user's, where its <c>Impersonate-…</c> headers ask for it and the caller may.</summary>
internal static class Impersonation
{
    private const string Prefix = "Impersonate-";
    private const string ServiceAccountPrefix = "system:serviceaccount:";
    private const string AuthenticationGroup = "authentication.k8s.io";

    // Far more than any name, group or token's claim has.
    private const int LongestValue = 1024;

    /// <summary>Whether any header asks for it. Costs nothing where all headers are such as every client sends.</summary>
    public static bool IsAsked(IHeaderDictionary headers)
    {
        if (headers.Count == CountOfUsual(headers)) return false;
        foreach (var (name, _) in headers)
            if (IsOfImpersonation(name)) return true;
        return false;
    }

    /// <summary>Whom the request is served as. Throws 400 for headers that contradict themselves, 403 where the caller may not act for one of those named.</summary>
    public static Caller Act(Caller caller, IHeaderDictionary headers)
    {
        var asked = new Asked();
        foreach (var (name, values) in headers)
            if (IsOfImpersonation(name)) asked.Add(name[Prefix.Length..], name, [.. values.Select(v => v ?? "")]);
        if (asked.User.Length == 0) throw ApiException.BadRequest($"requested {asked} without impersonating a user");
        foreach (var request in asked.Requests())
            if (Authorizer.Check(caller, request) is { } refusal) throw refusal;
        return asked.ToCaller();
    }

    private static bool IsOfImpersonation(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    private static int CountOfUsual(IHeaderDictionary headers) =>
        One(headers.Host.Count) + One(headers.Accept.Count) + One(headers.AcceptEncoding.Count) + One(headers.UserAgent.Count) + One(headers.Authorization.Count)
        + One(headers.ContentType.Count) + One(headers.ContentLength is null ? 0 : 1) + One(headers.Connection.Count) + One(headers.TransferEncoding.Count);

    private static int One(int count) => count > 0 ? 1 : 0;

    /// <summary>What the headers say, as far as they have been read.</summary>
    private sealed class Asked
    {
        private readonly List<string> _groups = [];
        private readonly SortedDictionary<string, IReadOnlyList<string>> _extra = new(StringComparer.Ordinal);

        public string User { get; private set; } = "";

        private string Uid { get; set; } = "";

        public void Add(string what, string header, IReadOnlyList<string> values)
        {
            foreach (var value in values)
                if (value.Length > LongestValue) throw ApiException.BadRequest($"{header}: Too long: may not be more than {LongestValue} characters");
            const string extra = "Extra-";
            if (what.Equals("User", StringComparison.OrdinalIgnoreCase)) User = Only(header, values);
            else if (what.Equals("Uid", StringComparison.OrdinalIgnoreCase)) Uid = Only(header, values);
            else if (what.Equals("Group", StringComparison.OrdinalIgnoreCase)) _groups.AddRange(values.Select(v => v.Length > 0 ? v : throw Empty(header)));
            else if (what.StartsWith(extra, StringComparison.OrdinalIgnoreCase) && what.Length > extra.Length)
                _extra[Uri.UnescapeDataString(what[extra.Length..].ToLowerInvariant())] = values;
            else throw ApiException.BadRequest($"\"{header}\" is no header of impersonation");
        }

        /// <summary>What each of them needs the caller to be allowed, in upstream's order.</summary>
        public IEnumerable<RequestInfo> Requests()
        {
            var request = new RequestInfo { IsResource = true, Verb = "impersonate", Version = "v1" };
            yield return ServiceAccount() is { } account
                ? request with { Resource = "serviceaccounts", Namespace = account.Namespace, Name = account.Name }
                : request with { Resource = "users", Name = User };
            foreach (var group in _groups) yield return request with { Resource = "groups", Name = group };
            foreach (var (key, values) in _extra)
                foreach (var value in values)
                    yield return request with { Group = AuthenticationGroup, Resource = "userextras", Subresource = key, Name = value };
            if (Uid.Length > 0) yield return request with { Group = AuthenticationGroup, Resource = "uids", Name = Uid };
        }

        public Caller ToCaller()
        {
            var groups = _groups.ToList();
            if (groups.Count == 0 && ServiceAccount() is { } account) groups.AddRange(["system:serviceaccounts", $"system:serviceaccounts:{account.Namespace}"]);
            // As upstream: who is named explicitly as not authenticated is not made so.
            var own = User == "system:anonymous" ? "system:unauthenticated" : "system:authenticated";
            if (!groups.Contains("system:unauthenticated") && !groups.Contains(own)) groups.Add(own);
            return new(User, groups) { Uid = Uid, Extra = _extra };
        }

        public override string ToString() => $"[{string.Join(' ', Requests().Where(r => r.Name.Length > 0).Select(r => $"{r.Resource}/{r.Name}"))}]";

        private (string Namespace, string Name)? ServiceAccount()
        {
            if (!User.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal)) return null;
            return User[ServiceAccountPrefix.Length..].Split(':') is [var @namespace, var name] && !Names.Dns1123Label(@namespace).Any() && !Names.Dns1123Subdomain(name).Any()
                ? (@namespace, name)
                : null;
        }

        private static string Only(string header, IReadOnlyList<string> values) => values switch
        {
            [{ Length: > 0 } value] => value,
            [_] => throw Empty(header),
            _ => throw ApiException.BadRequest($"{header}: may be given only once"),
        };

        private static ApiException Empty(string header) => ApiException.BadRequest($"{header}: may not be empty");
    }
}
