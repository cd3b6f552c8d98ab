using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Streaming.RemoteCommands;

/// <summary><c>v1 PodExecOptions</c> and <c>PodAttachOptions</c>: which streams of the process are asked for.</summary>
internal sealed record RemoteCommandOptions(bool Stdin, bool Stdout, bool Stderr, bool Tty)
{
    /// <summary>Throws 400 where no stream is asked for.</summary>
    public static RemoteCommandOptions Read(ApiRequest request)
    {
        var tty = Flag(request, "tty");
        // A terminal has one output: upstream leaves stderr out as well.
        var options = new RemoteCommandOptions(Flag(request, "stdin"), Flag(request, "stdout"), Flag(request, "stderr") && !tty, tty);
        return options is { Stdin: false, Stdout: false, Stderr: false }
            ? throw ApiException.BadRequest("you must specify at least 1 of stdin, stdout, stderr")
            : options;
    }

    private static bool Flag(ApiRequest request, string name) => ListQuery.ParseFlag(request.Query(name)) == true;
}
