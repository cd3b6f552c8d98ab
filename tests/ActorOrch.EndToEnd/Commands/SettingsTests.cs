using ActorOrch.Hosting;
using ActorOrch.Registry.Clustering;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorOrch.EndToEnd.Commands;

/// <summary>Every setting that <c>config/</c> names, with values at the ends and beyond: read, or refused in one line that names it, before anything is started.</summary>
public sealed class SettingsTests
{
    private static readonly string[] Odd =
    [
        "[]", "{}", "[{}]", "[[]]", "[\"\\u0000\"]", "[\"\"]", "\"\"", "\" \"", "null", "-1", "0", "1", "0s", "1ms", "-5s", "infinite", "\"NaN\"", "1.5", "1.5 MiB", "0 B",
        "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "99999999999999999999d", "999999999d", "9999999 TiB", "9223372036854775807 EiB", "1e400",
        "\"\\u0000\"", "\"a\\nb\"", "\"text\"", "\"ünïcödé\"", $"\"{new string('x', 100_000)}\"",
    ];

    private static Config Defaults => ActorOrchConfig.Load(new() { Overrides = "actororch {}", Environment = new Dictionary<string, string>() });

    public static TheoryData<string> Settings => [.. Leaves(Defaults.GetValue("actororch"), "actororch")];

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_setting_is_read_or_refused_by_its_name(string setting)
    {
        var directory = Directory.CreateTempSubdirectory("actororch-settings-");
        var file = new FileInfo(Path.Combine(directory.FullName, "odd.hocon"));
        var refused = 0;
        foreach (var value in Odd)
        {
            File.WriteAllText(file.FullName, $"{setting} = {value}");
            try
            {
                _ = HostConfig.Load(file, directory.FullName);
            }
            catch (StartupException e)
            {
                refused++;
                Assert.True(e.Message.Contains(setting) && e.Message.Length < 1000 && !e.Message.Any(char.IsControl), $"{setting} = {value[..Math.Min(50, value.Length)]}: {e.Message}");
            }
        }
        directory.Delete(recursive: true);
        // No setting takes a list, a section and a text.
        Assert.True(refused > 2, $"{setting}: {refused}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("actororch {}")]
    public void Nothing_given_is_as_good(string? text)
    {
        var directory = Directory.CreateTempSubdirectory("actororch-settings-");
        var file = Path.Combine(directory.FullName, "odd.hocon");
        if (text is not null) File.WriteAllText(file, text);
        Assert.Equal(110, HostConfig.Load(text is null ? null : new(file), directory.FullName).Node.MaxPods);
        directory.Delete(recursive: true);
    }

    /// <summary>As a shell has it: <c>--config &lt;(…)</c>.</summary>
    [Fact]
    public async Task A_pipe_is_a_file_of_settings_too()
    {
        var directory = Directory.CreateTempSubdirectory("actororch-settings-");
        var pipe = Path.Combine(directory.FullName, "pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", pipe)) await made.WaitForExitAsync();
        // Opening it waits for the one who reads.
        var written = Task.Run(() => File.WriteAllText(pipe, "actororch.node.max-pods = 42"));

        var config = HostConfig.Load(new(pipe), directory.FullName);
        await written;

        Assert.Equal(42, config.Node.MaxPods);
        directory.Delete(recursive: true);
    }

    [Fact]
    public void Every_setting_has_a_rule_and_its_default_keeps_it()
    {
        var defaults = Defaults;
        string[] paths = [.. Leaves(defaults.GetValue("actororch"), "actororch").Where(path => !path.Contains(".worker-rules.", StringComparison.Ordinal))];
        Assert.Empty(paths.Except(SettingRules.All.Keys));
        Assert.Equal(["actororch.cluster.tls.directory"], SettingRules.All.Keys.Except(paths));
        Assert.All(paths, path => Assert.Null(SettingRules.All[path].Wrong(path, defaults.GetValue(path))));
    }

    /// <summary>Whoever looks for what a setting may be finds it where the setting is.</summary>
    [Fact]
    public void The_ends_of_every_setting_stand_beside_its_default()
    {
        var said = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "config"), "*.hocon"))
        {
            var sections = new Stack<string>();
            foreach (var line in File.ReadLines(file).Select(l => l.Trim()))
                if (line.EndsWith(" {", StringComparison.Ordinal)) sections.Push(line[..^2]);
                else if (line == "}") sections.Pop();
                else if (line.IndexOf(" = ", StringComparison.Ordinal) is var at and > 0 && !line.StartsWith('#'))
                    said[string.Join('.', sections.Reverse().Append(line[..at]))] = line.Contains("# ", StringComparison.Ordinal) ? line[(line.LastIndexOf("# ", StringComparison.Ordinal) + 2)..] : "";
        }
        Assert.All(SettingRules.All.Where(rule => rule.Value.Ends is not null), rule => Assert.Equal(rule.Value.Ends, said.GetValueOrDefault(rule.Key)));
    }

    [Theory]
    [InlineData("actororch.registry.history.age", "60s", "59s")]
    [InlineData("actororch.registry.history.age", "36500d", "36501d")]
    [InlineData("actororch.events.age", "1000", "999")]
    [InlineData("actororch.registry.follow.retry", "1h", "infinite")]
    [InlineData("actororch.nodes.lease-interval", "0", "-1")]
    [InlineData("actororch.registry.commit.bytes", "4096", "4095")]
    [InlineData("actororch.registry.commit.bytes", "64 MiB", "16777217 TiB")]
    [InlineData("actororch.registry.shards", "1000", "1001")]
    public void The_ends_are_taken_and_what_is_beyond_is_not(string setting, string taken, string refused)
    {
        var rule = SettingRules.All[setting];
        Assert.Null(rule.Wrong(setting, Value(taken)));
        Assert.Equal($"{setting}: \"{refused}\" cannot be used: it must be {rule.Kind}", rule.Wrong(setting, Value(refused)));
    }

    private static HoconValue Value(string text) => ConfigurationFactory.ParseString($"x = {text}").GetValue("x");

    private static IEnumerable<string> Leaves(HoconValue value, string path) =>
        value.IsObject() ? value.GetObject().Items.SelectMany(item => Leaves(item.Value, $"{path}.{item.Key}")) : [path];
}
