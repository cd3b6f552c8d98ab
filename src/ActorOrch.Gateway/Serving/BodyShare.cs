namespace ActorOrch.Gateway.Serving;

/// <summary>What the long bodies of one connection may take of what there is for all: a quarter. Past it, they wait for each other.</summary>
internal sealed class BodyShare(Room all, TimeProvider time)
{
    private const int Connections = 4;
    private const int MostWaiting = 256;

    /// <summary>Bytes of bodies that are being read.</summary>
    public Budget Bodies { get; } = new(all.Bodies.Capacity / Connections, MostWaiting, time);

    /// <summary>Bytes that bodies become.</summary>
    public Budget Documents { get; } = new(all.Documents.Capacity / Connections, MostWaiting, time);

    /// <summary>Takes so much of the share, and of the user's, until disposed. Throws 429 where it is not to be had.</summary>
    public static async ValueTask<Taken> TakeAsync(Budget share, Budget user, long amount, CancellationToken cancel)
    {
        // What is larger than the share alone fills it.
        var ofShare = Math.Min(amount, share.Capacity);
        await RequestLimits.TakeAsync(share, ofShare, cancel).ConfigureAwait(false);
        try
        {
            await RequestLimits.TakeAsync(user, amount, cancel).ConfigureAwait(false);
        }
        catch
        {
            share.Give(ofShare);
            throw;
        }
        return new(share, ofShare, user, amount);
    }

    /// <summary>Gives back what was taken.</summary>
    public sealed class Taken(Budget share, long ofShare, Budget user, long amount) : IDisposable
    {
        public void Dispose()
        {
            user.Give(amount);
            share.Give(ofShare);
        }
    }
}
