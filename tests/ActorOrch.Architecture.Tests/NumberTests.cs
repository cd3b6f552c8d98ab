namespace ActorOrch.Architecture.Tests;

/// <summary>Sums of numbers from objects end at the type's ends (<c>ActorOrch.Resources/Numbers</c>): LINQ's throw there.</summary>
public sealed class NumberTests
{
    private static readonly Dictionary<string, string> MaySum = new()
    {
        ["Rollout"] = "sums of Int32 as Int64",
        ["ProportionalScaling"] = "sums of Int32 as Int64",
        ["EndpointsColumns"] = "lengths of lists that are held",
        ["WarningHeaders"] = "lengths of texts that are held",
        ["DnsValidation"] = "lengths of texts that are held",
        ["JournalReader"] = "sizes of records that are held",
        ["DataCommands"] = "sizes of files that are there",
    };

    private static readonly Dictionary<string, string> MayParse = new()
    {
        ["GoTime"] = "as many digits as were counted before",
        ["FieldNumbers"] = "a resource of ours",
        ["FileStatus"] = "what the kernel writes",
        ["MountTable"] = "what the kernel writes",
        ["Mounting"] = "what the kernel writes",
        ["SimulatedBehaviour"] = "a simulated container that cannot be made says so",
    };

    [Fact]
    public void Numbers_are_summed_in_one_place() => Code.Calls
        .Where(c => c.Target.DeclaringType.FullName == "System.Linq.Enumerable" && c.Target.Name == "Sum")
        .Outside(MaySum)
        .AssertNone();

    [Fact]
    public void Numbers_are_parsed_by_methods_that_do_not_throw() => Code.Calls
        .Where(c => c.Target.Name == "Parse" && c.Target.DeclaringType.FullName is "System.Int32" or "System.Int64" or "System.UInt32" or "System.UInt64" or "System.Decimal")
        .Outside(MayParse)
        .AssertNone();
}
