using ActorOrch.Gateway.Access;
using ActorOrch.Registry.Api;

namespace ActorOrch.Gateway.Serving;

/// <summary>
/// The limits of each user, so that one with any number of connections cannot use up what the others need. An administrator has at most half of
/// everything. Whoever is none has at most a quarter, and all of them together at most half: an administrator always gets in.
/// <para>
/// A user's place follows from a hash of its name that differs from process to process: nothing is kept for each user, nothing has to be
/// looked for or thrown away, and no one can choose a name that shares with a certain other. That two of one kind share at all is as
/// unlikely as one in <see cref="Places"/>.
/// </para>
/// </summary>
internal sealed class UserRooms(Room whole)
{
    private const int Places = 1024;
    private const int Half = 2;

    private readonly Room _others = whole.Share(Half);
    private readonly Room?[] _ofAdministrators = new Room?[Places];
    private readonly Room?[] _ofOthers = new Room?[Places];
    private Room? _ofNobody;

    /// <param name="caller">Whom the request itself proves, not whom it acts for: a name that anyone may pick would be no bound. Null: all who prove nothing are one user.</param>
    public Room Of(Caller? caller) => caller is null ? Known(ref _ofNobody, _others)
        : Authorizer.IsAdministrator(caller) ? Known(ref _ofAdministrators[PlaceOf(caller)], whole)
        : Known(ref _ofOthers[PlaceOf(caller)], _others);

    private static uint PlaceOf(Caller caller) => (uint)string.GetHashCode(caller.Name, StringComparison.Ordinal) % Places;

    private static Room Known(ref Room? place, Room of) => Volatile.Read(ref place) ?? Interlocked.CompareExchange(ref place, of.Share(Half), null) ?? place!;
}
