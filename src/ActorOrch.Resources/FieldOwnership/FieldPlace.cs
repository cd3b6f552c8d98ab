using System.Text;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>
/// Where in a document a walk is, by the steps that led there. Written out only when there is something to say of it: a name may be as long
/// as a body, and have thousands of fields below it.
/// </summary>
internal sealed class FieldPlace(FieldPlace? around, string step)
{
    /// <summary>The document itself.</summary>
    public static readonly FieldPlace Root = new(null, "");

    private readonly FieldPlace? _around = around;
    private readonly string _step = step;

    /// <summary>As conflicts name it: <c>.spec.containers[name="c"].image</c>.</summary>
    /// <param name="longest">What may be cut off behind so many characters.</param>
    public string Text(int longest)
    {
        var steps = new Stack<string>();
        for (var place = this; place._around is not null; place = place._around) steps.Push(place._step);
        var text = new StringBuilder();
        while (text.Length <= longest && steps.TryPop(out var next)) text.Append(PathElement.Describe(next));
        return text.ToString();
    }
}
