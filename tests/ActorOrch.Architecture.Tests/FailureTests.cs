using Mono.Cecil;

namespace ActorOrch.Architecture.Tests;

/// <summary>No failure may end the process, stop an actor's work for good, or be lost: whoever sets work off hears how it failed.</summary>
public sealed class FailureTests
{
    [Fact]
    public void Whatever_is_piped_to_an_actor_has_a_failure_arm() => Code.Calls
        .Where(c => IsPipe(c) && c.At.Previous.OpCode.Code == Mono.Cecil.Cil.Code.Ldnull)
        .Outside(new Dictionary<string, string>())
        .AssertNone();

    [Fact]
    public void Actors_handle_what_their_failure_arms_send()
    {
        var unhandled = new List<string>();
        foreach (var pipe in Code.Calls.Where(IsPipe))
            foreach (var sent in SentBy(FailureArm(pipe)))
                if (!Handles(pipe.Owner, pipe.In.Module, sent)) unhandled.Add($"{pipe.Owner} does not handle {sent.Name}");
        unhandled.Distinct().AssertNone();
    }

    [Fact]
    public void Nothing_that_is_set_off_is_left_unobserved() => Code.Calls
        .Where(c => c.At.Next?.OpCode.Code == Mono.Cecil.Cil.Code.Pop && IsTask(c.Target.ReturnType) && !Observes(c))
        .Outside(new Dictionary<string, string>())
        .AssertNone();

    [Fact]
    public void No_async_method_returns_nothing() => Code.Calls
        .Where(c => c.Target.DeclaringType.FullName == "System.Runtime.CompilerServices.AsyncVoidMethodBuilder" && c.Target.Name == "Create")
        .Outside(new Dictionary<string, string>())
        .AssertNone();

    /// <summary>Statuses are written by whoever may, and need not be whole: what reads one asks whether a field is there (<c>TryGetProperty</c>).</summary>
    [Fact]
    public void No_field_of_a_document_is_taken_for_granted() => Code.Calls
        .Where(c => c.Target.DeclaringType.FullName == "System.Text.Json.JsonElement" && c.Target.Name == "GetProperty")
        .Outside(new Dictionary<string, string>())
        .AssertNone();

    private static bool IsPipe(Call call) => call.Target.DeclaringType.Name == "PipeToSupport" && call.Target.Name == "PipeTo";

    private static bool IsTask(TypeReference type) => type.FullName.StartsWith("System.Threading.Tasks.Task", StringComparison.Ordinal)
        || type.FullName.StartsWith("System.Threading.Tasks.ValueTask", StringComparison.Ordinal);

    /// <summary>A pipe tells its actor, and a continuation is itself what looks at the end of another.</summary>
    private static bool Observes(Call call) => IsPipe(call) || call.Target.Name == "ContinueWith";

    private static MethodDefinition? FailureArm(Call pipe)
    {
        for (var at = pipe.At.Previous; at is not null; at = at.Previous)
            if (at.OpCode.Code == Mono.Cecil.Cil.Code.Ldftn) return (at.Operand as MethodReference)?.Resolve();
        return null;
    }

    private static IEnumerable<TypeDefinition> SentBy(MethodDefinition? arm) =>
        arm is not { HasBody: true } ? [] : arm.Body.Instructions
            .Where(i => i.OpCode.Code == Mono.Cecil.Cil.Code.Newobj)
            .Select(i => ((MethodReference)i.Operand).DeclaringType)
            .Where(t => Code.Modules.Any(m => m == t.Module) && !t.FullName.StartsWith("System.", StringComparison.Ordinal))
            .Select(t => t.Resolve())
            .Where(t => t is not null && t.FullName.StartsWith("ActorOrch.", StringComparison.Ordinal) && t.Interfaces.All(i => i.InterfaceType.Name != "IAsyncStateMachine"));

    /// <summary>A test for the type, or a registration of it, in the actor that was written or in a class beside it that it hands messages to.</summary>
    private static bool Handles(string owner, ModuleDefinition module, TypeDefinition sent) => Code.Methods()
        .Where(m => m.Module == module && (Code.Owner(m.DeclaringType) == owner || Code.Owner(sent) == Code.Owner(m.DeclaringType)))
        .SelectMany(m => m.Body.Instructions)
        .Any(i => i.Operand switch
        {
            TypeReference type when i.OpCode.Code == Mono.Cecil.Cil.Code.Isinst => type.FullName == sent.FullName,
            GenericInstanceMethod method => method.Name is "Receive" or "Command" or "ReceiveAsync" && method.GenericArguments.Any(a => a.FullName == sent.FullName),
            _ => false,
        });
}
