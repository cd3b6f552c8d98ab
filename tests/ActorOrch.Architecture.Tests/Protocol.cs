using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Controllers;
using ActorOrch.Reconciling;
using ActorOrch.Scheduling.Scheduler;
using Akka.Configuration;
using Akka.Serialization;

namespace ActorOrch.Architecture.Tests;

/// <summary>Everything that crosses between processes or is in a journal, as the process's configuration and its serializers have it.</summary>
internal static class Protocol
{
    private static readonly Config Settings = new[]
    {
        NodeRegion.DefaultConfig, ReconcilerRegions.DefaultConfig, SchedulerHost.DefaultConfig, ControllersHost.DefaultConfig, NodesHost.DefaultConfig,
    }.Aggregate(
        ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(Sources.Top, "config", "reference.hocon"))),
        (all, next) => all.WithFallback(next));

    /// <summary>The serializers that are configured, by their type.</summary>
    public static IReadOnlyList<Type> Serializers { get; } = [.. Section("serializers").Select(s => Named(s.Value)).OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>A serializer's messages: all types that are bound to it and can be made.</summary>
    public static IEnumerable<Type> MessagesOf(Type serializer)
    {
        var names = Section("serializers").Where(s => Named(s.Value) == serializer).Select(s => s.Key).ToHashSet();
        var bound = Section("serialization-bindings").Where(b => names.Contains(b.Value)).Select(b => Named(b.Key)).ToArray();
        return from module in Code.Modules
               from type in Assembly.Load(module.Assembly.Name.FullName).GetTypes()
               where !type.IsAbstract && !type.IsInterface && bound.Any(b => b.IsAssignableFrom(type))
               orderby Name(type)
               select type;
    }

    /// <summary>The text of <c>src/protocol.txt</c>.</summary>
    public static string Describe()
    {
        var text = new StringBuilder("""
            # What crosses between processes or is in a journal: serializer and its id; manifest, message, its fields.
            # A change of these lines is a change of the protocol: what is there keeps its manifest and its form, a new form gets a new manifest,
            # and what an older version wrote goes on being read. Written by ActorOrch.Architecture.Tests where ACTORORCH_WRITE_PROTOCOL is set.

            """);
        foreach (var type in Serializers)
        {
            var serializer = Blank(type);
            text.Append('\n').Append(type.Name).Append(' ').Append(serializer.Identifier).Append('\n');
            var written = MessagesOf(type).Select(m => (Manifest: serializer.Manifest(RuntimeHelpers.GetUninitializedObject(m)), Line: Name(m) + Fields(m))).ToArray();
            var read = Read(type).Except(written.Select(w => w.Manifest)).Select(m => (Manifest: m, Line: "only read"));
            foreach (var (manifest, line) in written.Concat(read).OrderBy(l => l.Manifest, StringComparer.Ordinal).ThenBy(l => l.Line, StringComparer.Ordinal))
                text.Append("  ").Append(manifest).Append(": ").Append(line).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>A serializer of which nothing is used but its names, which depend on no state.</summary>
    public static SerializerWithStringManifest Blank(Type type) => (SerializerWithStringManifest)RuntimeHelpers.GetUninitializedObject(type);

    /// <summary>The manifests that a serializer's <c>FromBinary</c> knows.</summary>
    public static IEnumerable<string> Read(Type serializer)
    {
        var type = Code.Modules.Select(m => m.GetType(serializer.FullName)).Single(t => t is not null);
        return from instruction in type.Methods.Single(m => m.Name == "FromBinary" && m.Parameters[1].ParameterType.Name == "String").Body.Instructions
               where instruction.OpCode.Code == Mono.Cecil.Cil.Code.Ldstr
                   && instruction.Next.Operand is Mono.Cecil.MethodReference { Name: "op_Equality" or "op_Inequality", DeclaringType.FullName: "System.String" }
               select (string)instruction.Operand;
    }

    private static IEnumerable<KeyValuePair<string, string>> Section(string name) =>
        Settings.GetConfig("akka.actor." + name).AsEnumerable().Select(e => KeyValuePair.Create(e.Key.Trim('"'), e.Value.GetString()));

    private static Type Named(string name) => Type.GetType(name, throwOnError: true)!;

    private static string Name(Type type)
    {
        var name = type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
        return type is { IsNested: true, IsGenericParameter: false } ? $"{Name(type.DeclaringType!)}.{name}" : name;
    }

    /// <summary>As the message is made: the parameters of its longest constructor.</summary>
    private static string Fields(Type type)
    {
        var made = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(c => c.GetParameters() is not [var only] || only.ParameterType != type)
            .MaxBy(c => c.GetParameters().Length);
        return $"({string.Join(", ", (made?.GetParameters() ?? []).Select(p => $"{Name(p.ParameterType)} {p.Name}"))})";
    }
}
