namespace ActorOrch.Registry.Persistence.Keeping;

/// <summary>A file that the store rests on was deleted, moved, replaced or changed under the running process: nothing is written until it is as it was.</summary>
/// <param name="file">Its name, without its directory.</param>
/// <param name="wrong">The end of a sentence that begins with the name.</param>
public sealed class StoreLostException(string file, string wrong) : IOException($"the store's file {file} {wrong}");
