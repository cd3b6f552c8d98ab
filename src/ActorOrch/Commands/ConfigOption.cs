using System.CommandLine;

namespace ActorOrch.Commands;

/// <summary>The option <c>--config</c>: a file that is there.</summary>
internal static class ConfigOption
{
    public static Option<FileInfo?> Create(string description)
    {
        var option = new Option<FileInfo?>("--config") { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { Length: > 0 } path }] && !File.Exists(path)) result.AddError($"--config: there is no file {Path.GetFullPath(path)}");
        });
        return option;
    }
}
