namespace ActorOrch.Registry.Persistence.Records;

/// <summary>Where a record belongs: a row that is found under another id or number was moved there.</summary>
/// <param name="PersistenceId">Of the actor; empty in records that do not say.</param>
internal readonly record struct RecordPlace(string PersistenceId, long SequenceNumber)
{
    public static readonly RecordPlace Unknown = new("", 0);

    /// <summary>Whether it says where it belongs.</summary>
    public bool IsKnown => PersistenceId is { Length: > 0 };

    /// <summary>Throws <see cref="DamagedRecordException"/> where a record that says where it belongs is found elsewhere.</summary>
    public void Require(string persistenceId, long sequenceNumber)
    {
        if (IsKnown && this != new RecordPlace(persistenceId, sequenceNumber))
            throw new DamagedRecordException($"the row {sequenceNumber} of {persistenceId} is the row {SequenceNumber} of {PersistenceId}");
    }

    public override string ToString() => IsKnown ? $"the row {SequenceNumber} of {PersistenceId}" : "a row that does not say where it belongs";
}

/// <summary>A record that says where it belongs.</summary>
internal interface IPlacedRecord
{
    RecordPlace Place { get; }
}

/// <summary>What is stored is not what was written. The message names the row, for an administrator.</summary>
internal sealed class DamagedRecordException(string message, Exception? inner = null) : FormatException(message, inner);
