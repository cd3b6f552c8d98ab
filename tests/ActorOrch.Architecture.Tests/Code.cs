using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ActorOrch.Architecture.Tests;

/// <summary>A call in the compiled code.</summary>
/// <param name="Owner">The outermost type it stands in, without its namespace: of a lambda or an async method, the type that was written.</param>
/// <param name="Target">What is called.</param>
/// <param name="At">The call; what comes before it are its arguments.</param>
internal sealed record Call(string Owner, MethodDefinition In, MethodReference Target, Instruction At)
{
    /// <summary><c>Type.Method(Parameter, …)</c>, names of types without namespaces.</summary>
    public string Signature => $"{TypeName(Target.DeclaringType)}.{Target.Name}({string.Join(", ", Target.Parameters.Select(p => TypeName(p.ParameterType)))})";

    private static string TypeName(TypeReference type) => type.Name.Split('`')[0];
}

/// <summary>All of our own code, as it was compiled.</summary>
internal static class Code
{
    private static readonly Lazy<IReadOnlyList<ModuleDefinition>> Loaded = new(() =>
        [.. Directory.GetFiles(AppContext.BaseDirectory, "*.dll")
            .Where(file => Path.GetFileNameWithoutExtension(file) is var name
                && (name == "actororch" || name.StartsWith("ActorOrch", StringComparison.Ordinal)) && !name.Contains("Test", StringComparison.Ordinal))
            .Order()
            .Select(ModuleDefinition.ReadModule)]);

    private static readonly Lazy<IReadOnlyList<Call>> AllCalls = new(() => [.. Methods().SelectMany(CallsOf)]);

    public static IReadOnlyList<ModuleDefinition> Modules => Loaded.Value;

    public static IReadOnlyList<Call> Calls => AllCalls.Value;

    public static IEnumerable<MethodDefinition> Methods() =>
        Modules.SelectMany(m => m.GetTypes()).SelectMany(t => t.Methods).Where(m => m.HasBody);

    public static string Owner(TypeDefinition type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type.Name;
    }

    /// <summary>Those that stand anywhere but in the types named.</summary>
    public static IEnumerable<string> Outside(this IEnumerable<Call> calls, IReadOnlyDictionary<string, string> allowed) => calls
        .Where(c => !allowed.ContainsKey(c.Owner))
        .Select(c => $"{c.In.DeclaringType.FullName}::{c.In.Name} calls {c.Signature}")
        .Distinct()
        .Order();

    /// <summary>Fails with all that was found, a line each.</summary>
    public static void AssertNone(this IEnumerable<string> found)
    {
        var lines = found.ToArray();
        Assert.True(lines.Length == 0, string.Join('\n', lines));
    }

    private static IEnumerable<Call> CallsOf(MethodDefinition method)
    {
        var owner = Owner(method.DeclaringType);
        foreach (var instruction in method.Body.Instructions)
            if (instruction.OpCode.Code is Mono.Cecil.Cil.Code.Call or Mono.Cecil.Cil.Code.Callvirt or Mono.Cecil.Cil.Code.Newobj
                && instruction.Operand is MethodReference target)
                yield return new(owner, method, target, instruction);
    }
}
