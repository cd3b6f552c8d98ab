using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Answers;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Streaming.RemoteCommands;

/// <summary>The outcome of a command or an attachment, as it is told on the error stream.</summary>
internal static class RemoteCommandStatus
{
    public static JsonObject Success() => new() { ["metadata"] = new JsonObject(), ["status"] = "Success" };

    /// <summary>Success for 0.</summary>
    public static JsonObject Exited(IReadOnlyList<string> command, int exitCode) => exitCode == 0 ? Success() : new()
    {
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = string.Create(CultureInfo.InvariantCulture,
            $"command terminated with non-zero exit code: error executing command [{string.Join(' ', command)}], exit code {exitCode}"),
        ["reason"] = "NonZeroExitCode",
        ["details"] = new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = exitCode.ToString(CultureInfo.InvariantCulture) }),
        },
    };

    /// <summary>It could not be run at all.</summary>
    /// <param name="doing">E.g. <c>error executing command in container</c>.</param>
    public static JsonObject Failed(string doing, string message) => new ApiException(500, "InternalError", $"Internal error occurred: {doing}: {message}").ToStatus();

    /// <param name="structured">Else nothing for a success and a failure's text.</param>
    public static byte[] Encode(JsonObject status, bool structured)
    {
        if (structured) return JsonSerializer.SerializeToUtf8Bytes(status, JsonWriting.Options);
        return (string?)status["status"] == "Success" ? [] : Encoding.UTF8.GetBytes((string?)status["message"] ?? "");
    }
}
